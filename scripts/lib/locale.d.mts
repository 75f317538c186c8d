/** Types of locale.mjs. */
export function isChinese(env: Readonly<Record<string, string | undefined>>, system?: string): boolean;
export function say(english: string, simplified: string): string;
