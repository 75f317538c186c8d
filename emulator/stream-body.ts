import { isFields, readText } from "./fields.ts";
import { demand } from "./refusal.ts";

/** One piece of a C2C stream, read from its body. */
export interface Chunk {
  readonly mode: "append" | "replace";
  /** The last piece of its stream. */
  readonly isLast: boolean;
  /** Which piece it is, from 0. */
  readonly piece: number;
  readonly kind: "text" | "markdown";
  /** What is new, or the whole text so far, by `mode`. */
  readonly text: string;
  readonly msgId: string | undefined;
  readonly eventId: string | undefined;
  /** 1 when the body has none. */
  readonly msgSeq: number;
  /** Absent in the first piece. */
  readonly streamId: string | undefined;
  readonly isWakeup: boolean;
}

const GENERATING = 1;
const FINISHED = 10;

/** Reads the body of `stream_messages` (qq-official.md 7.1) and refuses what is malformed. */
export function readChunk(body: unknown): Chunk {
  demand(isFields(body), 12002);
  const mode = readText(body, "input_mode") ?? "append";
  demand(mode === "append" || mode === "replace", 50035, "input_mode");
  const state = body["input_state"];
  demand(state === GENERATING || state === FINISHED, 50035, "input_state");
  const piece = body["index"];
  demand(typeof piece === "number" && Number.isInteger(piece) && piece >= 0, 50035, "index");
  const kind = readText(body, "content_type");
  demand(kind === "text" || kind === "markdown", 50035, "content_type");
  const msgSeq = body["msg_seq"] ?? 1;
  demand(Number.isInteger(msgSeq) && Number(msgSeq) >= 0 && Number(msgSeq) < 2 ** 32, 50035, "msg_seq");
  const msgId = readText(body, "msg_id");
  return {
    mode,
    isLast: state === FINISHED,
    piece,
    kind,
    text: readText(body, "content_raw") ?? "",
    msgId,
    // msg_id wins when both are there: Tencent's own client sends both.
    eventId: msgId === undefined ? readText(body, "event_id") : undefined,
    msgSeq: Number(msgSeq),
    streamId: readText(body, "stream_msg_id"),
    isWakeup: body["is_wakeup"] === true,
  };
}
