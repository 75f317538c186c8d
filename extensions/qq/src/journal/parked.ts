import type { DatabaseSync } from "node:sqlite";
import type { Keyboard, OutboundMessage, PassiveAnchor } from "../message/outbound.ts";
import { transaction } from "./database.ts";
import type { OpenTurn } from "./turns.ts";

/**
 * Where a part of an answer stands: not sent yet; on its way without a number that QQ could know it by; part of the
 * file that the last reply carries; sent; or kept until the chat allows replies again.
 */
export type PartState = "open" | "trying" | "in-file" | "done" | "parked";

/** A file that an answer shows: where it lies, and what the agent asked for. */
export interface AnswerMedia {
  /** Path or address, as the host gave it. */
  readonly source: string;
  /** A voice bubble rather than a file with sound. */
  readonly asVoice?: boolean;
  /** A file rather than a picture in the chat. */
  readonly asFile?: boolean;
}

/** What a message of an answer is beside its text. */
export interface PartExtra {
  readonly media?: AnswerMedia;
  readonly keyboard?: Keyboard;
  /** Id of the message that it quotes. */
  readonly quotes?: string;
  /** The text is plain: nothing in it stands for a format. */
  readonly plain?: boolean;
  /** A message that grew while the agent wrote, and that this part completes. */
  readonly stream?: StreamEnd;
}

/** The last step of a growing message, before it is made. */
export interface StreamEnd {
  readonly id: string;
  readonly anchor: PassiveAnchor;
  readonly index: number;
  /** How much of the part's text is shown already, UTF-16 units. */
  readonly shown: number;
}

/** A send that has begun where QQ cannot tell a repetition: what to look for in the chat when its outcome is unknown. */
export interface Attempt {
  /** When it began, ms since the epoch. */
  readonly since: number;
  /** As it was sent, but that nothing of a file's bytes is in it. */
  readonly message: OutboundMessage;
  /** The part had been kept until the chat allowed it: nobody but the chat's next message asks for it again. */
  readonly kept?: true;
}

/** One message of an answer that was cut. */
export interface AnswerPart {
  /** Names the answer, the same at every try; `direct:...` for what does not pass the host's durable queue. */
  readonly answer: string;
  readonly index: number;
  /** Chat, as `formatTarget` writes it. */
  readonly target: string;
  /** Markdown; of a file, its caption. Empty once it is done. */
  readonly text: string;
  readonly extra?: PartExtra;
  readonly state: PartState;
  /** On a personal account: its latest send, of a part that is `trying`. */
  readonly attempt?: Attempt;
}

/** An answer before it is cut. */
export interface NewAnswer {
  readonly id: string;
  /** Chat, as `formatTarget` writes it. */
  readonly target: string;
  /**
   * Key of the turn that it ends. The host's durable queue keeps it with the answer of a turn; of a turn that the host
   * has recovered itself the answer comes without.
   */
  readonly turn?: string;
}

export type NewPart = Pick<AnswerPart, "text" | "extra">;

/** How long an answer is remembered: as long as the host may replay it. 7 days, ms. */
const ANSWER_TTL_MS = 7 * 24 * 3_600_000;

/** The answers of one account, cut once and kept until each part has gone out: over retries, a crash and a full budget. */
export interface Parked {
  /** Keeps an answer's parts before the first is sent. One that is known already keeps its parts as they stand. */
  begin(answer: NewAnswer, parts: readonly NewPart[], now: number): readonly AnswerPart[];
  /** The parts of an answer, none when nobody knows of it. */
  read(answer: string): readonly AnswerPart[];
  /**
   * Whether an answer of the host's durable queue has begun to a turn since, ms since the epoch: one that is known to be
   * its own, or one in its chat that is not known to be another's.
   */
  beganSince(turn: Pick<OpenTurn, "key" | "target">, since: number): boolean;
  mark(part: AnswerPart, state: PartState): void;
  /** Notes a send before it is made; the part is `trying` from then on. */
  tryNow(part: AnswerPart, attempt: Attempt): void;
  /** Puts other words in the place of a part that has not gone out. */
  replace(part: AnswerPart, by: NewPart): AnswerPart;
  /** Its file lies elsewhere now. */
  moveFile(part: AnswerPart, media: AnswerMedia): void;
  /** What waits for this chat to allow replies again, oldest first. */
  waiting(target: string): readonly AnswerPart[];
  /** The chats, as `formatTarget` writes them, for which something waits. */
  waitingChats(): readonly string[];
  prune(now: number): void;
}

export function openParked(database: DatabaseSync, account: string): Parked {
  const insert = database.prepare(
    "INSERT INTO answer_parts (account, answer, part, target, text, extra, state, began_at, turn) VALUES (?, ?, ?, ?, ?, ?, 'open', ?, ?)",
  );
  const ofAnswer = database.prepare("SELECT * FROM answer_parts WHERE account = ? AND answer = ? ORDER BY part");
  const update = database.prepare(
    "UPDATE answer_parts SET state = ?, text = ? WHERE account = ? AND answer = ? AND part = ?",
  );
  const attempt = database.prepare(
    "UPDATE answer_parts SET state = 'trying', attempt = ? WHERE account = ? AND answer = ? AND part = ?",
  );
  const move = database.prepare("UPDATE answer_parts SET extra = ? WHERE account = ? AND answer = ? AND part = ?");
  const rewrite = database.prepare(
    "UPDATE answer_parts SET state = 'open', text = ?, extra = ? WHERE account = ? AND answer = ? AND part = ?",
  );
  const waits = "(state = 'parked' OR state = 'trying' AND json_extract(attempt, '$.kept'))";
  const waiting = database.prepare(
    `SELECT * FROM answer_parts WHERE account = ? AND target = ? AND ${waits} ORDER BY began_at, answer, part`,
  );
  const waitingChats = database.prepare(
    `SELECT target FROM answer_parts WHERE account = ? AND ${waits} GROUP BY target ORDER BY min(began_at)`,
  );
  const began = database.prepare(
    "SELECT 1 FROM answer_parts WHERE account = ? AND target = ? AND began_at >= ? AND answer NOT LIKE 'direct:%' AND coalesce(turn, ?) = ? LIMIT 1",
  );
  const read = (answer: string): AnswerPart[] => ofAnswer.all(account, answer).map(toPart);
  return {
    begin: ({ id: answer, target, turn = null }, parts, now) =>
      transaction(database, () => {
        const known = read(answer);
        if (known.length > 0) return known;
        for (const [index, { text, extra }] of parts.entries()) {
          insert.run(account, answer, index, target, text, stored(extra), now, turn);
        }
        return read(answer);
      }),
    read,
    beganSince: ({ key, target }, since) => began.get(account, target, since, key, key) !== undefined,
    mark: ({ answer, index, text }, state) => {
      update.run(state, state === "done" ? "" : text, account, answer, index);
    },
    tryNow: ({ answer, index }, made) => {
      attempt.run(JSON.stringify(made), account, answer, index);
    },
    moveFile: ({ answer, index, extra }, media) => {
      move.run(JSON.stringify({ ...extra, media }), account, answer, index);
    },
    replace: ({ answer, index, target }, by) => {
      rewrite.run(by.text, stored(by.extra), account, answer, index);
      return { answer, index, target, ...by, state: "open" };
    },
    waiting: (target) => waiting.all(account, target).map(toPart),
    waitingChats: () => waitingChats.all(account).map(({ target }) => String(target)),
    prune: (now) => {
      database.prepare("DELETE FROM answer_parts WHERE account = ? AND began_at < ?").run(account, now - ANSWER_TTL_MS);
    },
  };
}

function stored(extra: PartExtra | undefined): string | null {
  return extra ? JSON.stringify(extra) : null;
}

function toPart(row: Record<string, unknown>): AnswerPart {
  return {
    answer: String(row["answer"]),
    index: Number(row["part"]),
    target: String(row["target"]),
    text: String(row["text"]),
    // The column holds what `begin` has written.
    ...(typeof row["extra"] === "string" && { extra: JSON.parse(row["extra"]) as PartExtra }),
    // The column holds what `tryNow` has written.
    ...(typeof row["attempt"] === "string" && { attempt: JSON.parse(row["attempt"]) as Attempt }),
    // The column holds what `mark` and `begin` have written.
    state: String(row["state"]) as PartState,
  };
}
