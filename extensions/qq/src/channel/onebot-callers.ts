import type { OpenTarget } from "./onebot-route.ts";

/** Who posts events, by network address: what reading them may take, and what those are owed who were turned away. */
export interface Callers {
  /** Lets a request in; `undefined` when its address has too many at once. */
  enter(address: string): Entry | undefined;
  /** A signature that came from the address was right: it is no stranger any more. */
  signed(address: string): void;
  /** A request for one of them was turned away unread: they miss an event. Of a stranger that counts once it has signed. */
  owe(address: string, targets: readonly OpenTarget[]): void;
}

/** A request that was let in. */
export interface Entry {
  /** Whether so many more bytes of it may be held, until `leave`. */
  hold(bytes: number): boolean;
  leave(): void;
}

/** Most at once: requests of one address, and bytes that are held of their bodies. */
export interface CallerLimits {
  readonly known: { readonly requests: number };
  /** `bytes` of one address, `allBytes` of all strangers together: what is left is for those who are known. */
  readonly stranger: { readonly requests: number; readonly bytes: number; readonly allBytes: number };
  readonly allBytes: number;
}

/** Addresses that are remembered as known, and as owed something. */
const MOST_ADDRESSES = 256;

interface Usage {
  requests: number;
  bytes: number;
}

export function createCallers(limits: CallerLimits): Callers {
  const known = new Map<string, true>();
  const owed = new Map<string, ReadonlySet<OpenTarget>>();
  const usages = new Map<string, Usage>();
  let allBytes = 0;
  let strangerBytes = 0;

  return {
    enter(address) {
      const isKnown = known.has(address);
      const usage = usages.get(address) ?? { requests: 0, bytes: 0 };
      if (usage.requests >= (isKnown ? limits.known : limits.stranger).requests) return undefined;
      usages.set(address, usage);
      usage.requests++;
      let held = 0;
      const count = (bytes: number): void => {
        held += bytes;
        usage.bytes += bytes;
        allBytes += bytes;
        if (!isKnown) strangerBytes += bytes;
      };
      const isRoom = (bytes: number): boolean => {
        if (allBytes + bytes > limits.allBytes) return false;
        const { bytes: own, allBytes: strangers } = limits.stranger;
        return isKnown || (usage.bytes + bytes <= own && strangerBytes + bytes <= strangers);
      };
      return {
        hold(bytes) {
          const fits = isRoom(bytes);
          if (fits) count(bytes);
          return fits;
        },
        leave() {
          count(-held);
          usage.requests--;
          if (usage.requests === 0) usages.delete(address);
        },
      };
    },
    signed(address) {
      remember(known, address, true);
      const targets = owed.get(address);
      owed.delete(address);
      pay(targets ?? []);
    },
    owe(address, targets) {
      if (known.has(address)) pay(targets);
      else remember(owed, address, new Set([...(owed.get(address) ?? []), ...targets]));
    },
  };
}

/** Sets it anew as the newest, and forgets the oldest beyond what is remembered. */
function remember<T>(kept: Map<string, T>, address: string, value: T): void {
  kept.delete(address);
  kept.set(address, value);
  const [oldest] = kept.keys();
  if (oldest !== undefined && kept.size > MOST_ADDRESSES) kept.delete(oldest);
}

function pay(targets: Iterable<OpenTarget>): void {
  for (const { detached, line } of targets) detached(() => line.missed());
}
