import type { ChatMessage } from "./control.ts";
import { beijingTime } from "./ids.ts";
import type { AnchorClaim, Target } from "./passive.ts";
import { demand } from "./refusal.ts";
import { chatOf, demandContent, demandPlace, findTarget, type Sent } from "./sending.ts";
import type { Bot } from "./state.ts";
import { readChunk, type Chunk } from "./stream-body.ts";
import type { World } from "./world.ts";

/** A C2C message that comes in pieces (qq-official.md 7.1). */
export interface Stream {
  readonly id: string;
  /** Index that quotes go by. */
  readonly index: string;
  readonly target: Target;
  /** What the first piece was tied to; the whole stream is one reply to it. */
  readonly claim: AnchorClaim;
  /** The text so far. */
  text: string;
  /** `index` of the last piece. */
  piece: number;
  lastAt: number;
  isFinished: boolean;
}

/** Answer of a piece. `remain_msg_len`: UTF-16 units that the stream still takes. */
export interface StreamAnswer extends Sent {
  readonly remain_msg_len: number;
}

/**
 * A bot sends a piece of a stream to a person. As with any send, a refused piece leaves no trace: the next one has the
 * same index. Throws `Refusal`.
 */
export function sendChunk(world: World, bot: Bot, toOpenid: string, body: unknown): StreamAnswer {
  const target = findTarget(world, bot, "c2c", toOpenid);
  const chunk = readChunk(body);
  demandPlace(world, target);
  const { streamId } = chunk;
  if (streamId === undefined) return begin(world, bot, target, chunk);
  // A stream that has begun unseen goes on so: its bot was told that all is well.
  const isUnseen = world.context.swallows(bot.appId) && !world.streams.has(streamId);
  return isUnseen ? answerUnseen(world, chunk) : goOn(world, bot, findStream(world, target, streamId, chunk), chunk);
}

/** The open stream that a later piece names. */
function findStream(world: World, target: Target, id: string, chunk: Chunk): Stream {
  const stream = world.streams.get(id);
  const isTheirs = stream?.target.bot === target.bot && stream.target.peer === target.peer;
  demand(stream !== undefined && isTheirs, 40034024, "stream_msg_id");
  const isRecalled = world.transcript.find(chatOf(target), id)?.message.recalled === true;
  demand(!stream.isFinished && !isRecalled, 40034024, "(流式消息已结束)");
  const { msgId, eventId, msgSeq } = stream.claim;
  demand(chunk.msgId === undefined || chunk.msgId === msgId, 40034024, "msg_id");
  demand(chunk.eventId === undefined || chunk.eventId === eventId, 40034025, "event_id");
  demand(chunk.msgSeq === msgSeq, 50035, "msg_seq");
  return stream;
}

/** A piece that replaces must hold all that was delivered, and a piece that appends is only what is new. */
function joinText(stream: Stream, { mode, text }: Chunk): string {
  if (mode === "append") return stream.text + text;
  demand(text.startsWith(stream.text), 40007);
  return text;
}

function demandText(world: World, bot: Bot, { kind }: Chunk, text: string): void {
  demand(text.trim() !== "", 304061);
  demand(text.length <= world.context.rules.maxText, 40054007, `(${text.length})`);
  demandContent(world, bot, "c2c", { kind, text });
}

function begin(world: World, bot: Bot, target: Target, chunk: Chunk): StreamAnswer {
  const now = world.context.clock.now();
  demand(chunk.piece === 0, 50035, "index");
  demandText(world, bot, chunk, chunk.text);
  const { msgId, eventId, msgSeq, isWakeup } = chunk;
  const claim: AnchorClaim = { msgId, eventId, msgSeq, anyAge: isWakeup };
  const bookReply = world.passive.check(claim, target, now);
  demand(bookReply !== undefined, 40034024, "(流式消息需要 msg_id 或 event_id)");
  const bookWakeup = isWakeup ? world.wakeups.check(target, now) : undefined;
  if (world.context.swallows(bot.appId)) return answerUnseen(world, chunk);
  bookReply();
  bookWakeup?.();
  const ids = world.context.ids();
  const { text, isLast: isFinished } = chunk;
  const stream = { id: ids.uuid(), index: ids.index(), target, claim, text, piece: 0, lastAt: now, isFinished };
  world.streams.set(stream.id, stream);
  show(world, bot, stream, chunk.kind);
  return answer(world, stream);
}

function show(world: World, bot: Bot, stream: Stream, kind: Chunk["kind"]): void {
  const repliesTo = stream.claim.msgId ?? stream.claim.eventId;
  const message: ChatMessage = {
    id: stream.id,
    at: stream.lastAt,
    from: { kind: "bot", id: bot.appId, name: bot.name },
    ...shownText(stream),
    ...(kind === "markdown" && { markdown: true }),
    ...(repliesTo !== undefined && { repliesTo }),
  };
  world.transcript.add({ chat: chatOf(stream.target), message, index: stream.index });
}

/** A later piece must be the next one and not come too soon. */
function goOn(world: World, bot: Bot, stream: Stream, chunk: Chunk): StreamAnswer {
  const { clock, rules } = world.context;
  const now = clock.now();
  demand(chunk.piece === stream.piece + 1, 50035, `index (${stream.piece + 1})`);
  demand(now - stream.lastAt >= rules.streamSpacingMs, 50002);
  const text = joinText(stream, chunk);
  demandText(world, bot, chunk, text);
  world.passive.demandWindow(stream.claim, stream.target, now);
  Object.assign(stream, { text, piece: chunk.piece, lastAt: now, isFinished: chunk.isLast });
  const chat = chatOf(stream.target);
  const bubble = world.transcript.find(chat, stream.id);
  if (bubble && !world.context.swallows(bot.appId)) {
    world.transcript.replace(chat, { ...bubble.message, ...shownText(stream) });
  }
  return answer(world, stream);
}

const shownText = ({
  text,
  isFinished,
}: Stream): Pick<ChatMessage, "text"> & { stream: "finished" | "generating" } => ({
  text,
  stream: isFinished ? "finished" : "generating",
});

function answer({ context }: World, { id, index, text }: Stream): StreamAnswer {
  return {
    id,
    timestamp: beijingTime(context.clock.now()),
    ext_info: { ref_idx: index },
    remain_msg_len: context.rules.maxText - text.length,
  };
}

/** The platform says yes, and nobody sees anything (11). */
function answerUnseen({ context }: World, { streamId, text }: Chunk): StreamAnswer {
  return {
    id: streamId ?? context.ids().uuid(),
    timestamp: beijingTime(context.clock.now()),
    ext_info: { ref_idx: context.ids().index() },
    remain_msg_len: context.rules.maxText - text.length,
  };
}
