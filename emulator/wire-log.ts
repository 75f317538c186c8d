import type { Bus } from "./bus.ts";
import type { Clock } from "./clock.ts";
import type { WireEntry } from "./control.ts";

const KEPT = 2000;
const SECRET_KEYS = new Set(["clientsecret", "access_token", "token", "authorization", "bot_encrypt_secret"]);

/** What went over the wires, newest last, the last 2000 entries. Secrets and tokens are masked on the way in. */
export interface WireLog {
  add(entry: Omit<WireEntry, "n" | "at">): void;
  /** Entries whose number is above `n`. */
  since(n: number): WireEntry[];
}

export function createWireLog(clock: Clock, bus: Bus): WireLog {
  const entries: WireEntry[] = [];
  let count = 0;
  return {
    add(entry) {
      const { body, ...rest } = entry;
      count += 1;
      const kept: WireEntry = { n: count, at: clock.now(), ...rest, ...(body !== undefined && { body: mask(body) }) };
      entries.push(kept);
      if (entries.length > KEPT) entries.shift();
      bus.publish({ event: "wire", data: kept });
    },
    since: (n) => entries.filter((entry) => entry.n > n),
  };
}

/** A copy with the values of secret-bearing keys hidden. `QQBot ` stays, so that a missing scheme can be seen. */
function mask(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(mask);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, SECRET_KEYS.has(key.toLowerCase()) ? hide(inner) : mask(inner)]),
  );
}

const hide = (value: unknown): string =>
  typeof value === "string" && value.startsWith("QQBot ") ? "QQBot ***" : "***";
