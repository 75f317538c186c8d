import type { DatabaseSync } from "node:sqlite";
import { transaction } from "./database.ts";

/**
 * Where a part of an answer stands: not sent yet; on its way without a number that QQ could know it by; sent; or kept
 * until the chat allows replies again.
 */
export type PartState = "open" | "trying" | "done" | "parked";

/** One message of an answer that was cut. */
export interface AnswerPart {
  /** Names the answer, the same at every try. */
  readonly answer: string;
  readonly index: number;
  /** Chat, as `formatTarget` writes it. */
  readonly target: string;
  /** Empty once it is done. */
  readonly text: string;
  readonly state: PartState;
}

/** How long an answer is remembered: as long as the host may replay it. 7 days, ms. */
const ANSWER_TTL_MS = 7 * 24 * 3_600_000;

/** The answers of one account, cut once and kept until each part has gone out: over retries, a crash and a full budget. */
export interface Parked {
  /** Keeps an answer's parts before the first is sent. One that is known already keeps its parts as they stand. */
  begin(answer: string, target: string, texts: readonly string[], now: number): readonly AnswerPart[];
  knows(answer: string): boolean;
  /** Whether an answer in this chat has begun since, ms since the epoch. */
  beganSince(target: string, since: number): boolean;
  mark(part: AnswerPart, state: PartState): void;
  /** What waits for this chat to allow replies again, oldest first. */
  waiting(target: string): readonly AnswerPart[];
  prune(now: number): void;
}

export function openParked(database: DatabaseSync, account: string): Parked {
  const insert = database.prepare(
    "INSERT INTO answer_parts (account, answer, part, target, text, state, began_at) VALUES (?, ?, ?, ?, ?, 'open', ?)",
  );
  const ofAnswer = database.prepare("SELECT * FROM answer_parts WHERE account = ? AND answer = ? ORDER BY part");
  const update = database.prepare(
    "UPDATE answer_parts SET state = ?, text = ? WHERE account = ? AND answer = ? AND part = ?",
  );
  const waiting = database.prepare(
    "SELECT * FROM answer_parts WHERE account = ? AND target = ? AND state = 'parked' ORDER BY began_at, answer, part",
  );
  const began = database.prepare(
    "SELECT 1 FROM answer_parts WHERE account = ? AND target = ? AND began_at >= ? LIMIT 1",
  );
  const read = (answer: string): AnswerPart[] => ofAnswer.all(account, answer).map(toPart);
  return {
    begin: (answer, target, texts, now) =>
      transaction(database, () => {
        const known = read(answer);
        if (known.length > 0) return known;
        for (const [index, text] of texts.entries()) insert.run(account, answer, index, target, text, now);
        return read(answer);
      }),
    knows: (answer) => read(answer).length > 0,
    beganSince: (target, since) => began.get(account, target, since) !== undefined,
    mark: ({ answer, index, text }, state) => {
      update.run(state, state === "done" ? "" : text, account, answer, index);
    },
    waiting: (target) => waiting.all(account, target).map(toPart),
    prune: (now) => {
      database.prepare("DELETE FROM answer_parts WHERE account = ? AND began_at < ?").run(account, now - ANSWER_TTL_MS);
    },
  };
}

function toPart(row: Record<string, unknown>): AnswerPart {
  return {
    answer: String(row["answer"]),
    index: Number(row["part"]),
    target: String(row["target"]),
    text: String(row["text"]),
    // The column holds what `mark` and `begin` have written.
    state: String(row["state"]) as PartState,
  };
}
