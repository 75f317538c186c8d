/** Types of lock.mjs. */
export function withLock<T>(directory: string, work: () => Promise<T>, onWait?: () => void): Promise<T>;
