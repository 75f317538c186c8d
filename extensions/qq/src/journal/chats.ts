import type { DatabaseSync } from "node:sqlite";
import type { NoMessageReason } from "../errors.ts";

const DAY = 24 * 3_600_000;
/** How long a chat that refused a proactive message is not asked again, ms: its owner may change their mind. */
const REFUSAL_TTL_MS = DAY;
/** How long a personal account's chat is known in which nothing happens, ms: strangers write once and never again. */
const CHAT_TTL_MS = 180 * DAY;
/** Proactive messages a chat takes per day (QQ, "Proactive messages", 2026). Days are Beijing's. */
const PROACTIVE_PER_DAY = 1000;
/** Days after a person's last message in which one wake-up push each is taken (QQ, "Wake-up", 2026). */
const WAKE_UP_PERIODS: readonly (readonly [from: number, to: number])[] = [
  [0, 1],
  [1, 3],
  [3, 7],
  [7, 30],
];

/** Who a guild DM is with: what opens it again. */
export interface DmSource {
  readonly userId: string;
  readonly guildId: string;
}

/** What is known of the chats of one account; `target` is what `formatTarget` writes, times are ms since the epoch. */
export interface Chats {
  /** Somebody has written there: the chat is open, and wake-up pushes count anew. */
  heard(target: string, at: number, source?: DmSource): void;
  /** The bot was added (`true`) or removed; a friend came or went, at `at`. What was written before that opens nothing. */
  setOpen(target: string, open: boolean, at?: number): void;
  /** The person, or the group's admin, has switched messages that answer nothing. */
  setProactive(target: string, on: boolean): void;
  isClosed(target: string): boolean;
  /** The account may not speak there until `until`; 0: it may again. Only of personal accounts. */
  setMuted(target: string, until: number): void;
  /** Until when it may not speak there, ms since the epoch; `undefined` when it may. */
  mutedUntil(target: string, now: number): number | undefined;
  /** Whether anybody has ever written there. */
  hasWritten(target: string): boolean;
  /** Whether anybody has ever written to the account. */
  anybodyWrote(): boolean;
  /** Why a message that answers nothing would be refused; `undefined` when it may go. `perDay`: the account's own limit. */
  proactiveBar(target: string, now: number, perDay?: number): NoMessageReason | undefined;
  /** The chat has just refused one, or taken one. */
  noteProactive(target: string, taken: boolean, now: number): void;
  /** Whether a wake-up push may go; taking it uses up the period. */
  takeWakeUp(target: string, now: number): boolean;
  source(target: string): DmSource | undefined;
  /** Forgets chats in which nothing has happened for half a year. Only of personal accounts: of official bots they hold what lasts. */
  prune(now: number): void;
}

export function openChats(database: DatabaseSync, account: string): Chats {
  const select = database.prepare("SELECT * FROM chats WHERE account = ? AND target = ?");
  const row = (target: string): Record<string, unknown> | undefined => select.get(account, target);
  const upsert = (columns: string, values: string, update: string) =>
    database.prepare(
      `INSERT INTO chats (account, target, ${columns}) VALUES (?, ?, ${values}) ON CONFLICT DO UPDATE SET ${update}`,
    );
  const hear = upsert(
    "heard_at, source",
    "?, ?",
    "heard_at = max(coalesce(heard_at, 0), excluded.heard_at), closed = CASE WHEN closed >= excluded.heard_at THEN closed ELSE 0 END, woken = NULL, source = coalesce(excluded.source, source)",
  );
  const open = upsert("closed", "?", "closed = excluded.closed");
  const proactive = upsert("proactive_off", "?", "proactive_off = excluded.proactive_off, refused_at = NULL");
  const refuse = upsert("refused_at", "?", "refused_at = excluded.refused_at");
  const count = upsert(
    "proactive_day, proactive_count",
    "?, 1",
    `refused_at = NULL, proactive_count = CASE WHEN proactive_day = excluded.proactive_day THEN proactive_count + 1 ELSE 1 END,
     proactive_day = excluded.proactive_day`,
  );
  const mute = upsert("muted_until", "?", "muted_until = excluded.muted_until");
  const prune = database.prepare(
    "DELETE FROM chats WHERE account = ? AND max(coalesce(heard_at, 0), closed, muted_until) < ?",
  );
  const anybody = database.prepare("SELECT 1 FROM chats WHERE account = ? AND heard_at IS NOT NULL LIMIT 1");
  const wake = database.prepare("UPDATE chats SET woken = ? WHERE account = ? AND target = ?");
  return {
    heard: (target, at, source) => void hear.run(account, target, at, source ? JSON.stringify(source) : null),
    // Closed since when, so that a message that has waited behind a turn does not open it again.
    setOpen: (target, isOpen, at = 1) => void open.run(account, target, isOpen ? 0 : at),
    setProactive: (target, on) => void proactive.run(account, target, on ? 0 : 1),
    hasWritten: (target) => typeof row(target)?.["heard_at"] === "number",
    anybodyWrote: () => anybody.get(account) !== undefined,
    isClosed: (target) => Number(row(target)?.["closed"] ?? 0) > 0,
    setMuted: (target, until) => void mute.run(account, target, until),
    mutedUntil: (target, now) => {
      const until = Number(row(target)?.["muted_until"] ?? 0);
      return until > now ? until : undefined;
    },
    proactiveBar: (target, now, perDay = PROACTIVE_PER_DAY) => {
      const known = row(target);
      if (perDay < 1) return "used-up";
      if (!known) return undefined;
      if (Number(known["closed"]) > 0) return "closed";
      if (known["proactive_off"] === 1) return "switched-off";
      if (Number(known["refused_at"] ?? -Infinity) > now - REFUSAL_TTL_MS) return "refused-lately";
      const today = known["proactive_day"] === dayOf(now) ? Number(known["proactive_count"]) : 0;
      return today < Math.min(perDay, PROACTIVE_PER_DAY) ? undefined : "used-up";
    },
    noteProactive: (target, taken, now) => {
      if (taken) count.run(account, target, dayOf(now));
      else refuse.run(account, target, now);
    },
    takeWakeUp: (target, now) => {
      const known = row(target);
      const period = periodOf(now - Number(known?.["heard_at"] ?? Number.NaN));
      const used = typeof known?.["woken"] === "string" ? known["woken"] : "";
      if (period === undefined || known?.["proactive_off"] === 1 || used.includes(period)) return false;
      wake.run(used + period, account, target);
      return true;
    },
    source: (target) => readSource(row(target)?.["source"]),
    prune: (now) => void prune.run(account, now - CHAT_TTL_MS),
  };
}

/** Targets of the chats that can be written to, the one that was heard last first. */
export function listChats(database: DatabaseSync, account: string): readonly string[] {
  const rows = database.prepare(
    "SELECT target FROM chats WHERE account = ? AND closed = 0 ORDER BY coalesce(heard_at, 0) DESC, target",
  );
  return rows.all(account).map(({ target }) => String(target));
}

/** The number of the day in Beijing, where QQ's counters are assumed to begin anew at midnight. */
function dayOf(now: number): string {
  return String(Math.floor((now + 8 * 3_600_000) / DAY));
}

function periodOf(sinceMs: number): string | undefined {
  const index = WAKE_UP_PERIODS.findIndex(([from, to]) => sinceMs >= from * DAY && sinceMs < to * DAY);
  return index < 0 ? undefined : String(index);
}

function readSource(text: unknown): DmSource | undefined {
  // The column holds what `heard` has written.
  return typeof text === "string" ? (JSON.parse(text) as DmSource) : undefined;
}
