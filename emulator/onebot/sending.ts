import type { ChatMessage } from "../control.ts";
import { pick, type Bot, type Group } from "../state.ts";
import { tellGroup } from "../telling.ts";
import type { Bubble } from "../transcript.ts";
import type { World } from "../world.ts";
import { ActionError, type AccountContext, type SendFault } from "./actions.ts";
import { register } from "./chats.ts";
import { refused, SendResult, unanswered, unconfirmed } from "./kernel.ts";
import { personUin } from "./numbers.ts";
import type { Piece } from "./pieces.ts";
import { obstacleTo, type SendTarget } from "./sending-target.ts";
import { showPieces } from "./show.ts";
import { foldId } from "./software.ts";

/** What an account has sent, and the number that its NapCat answers with. */
export interface SentMessage {
  readonly messageId: number;
  readonly bubble: Bubble;
}

/**
 * Sends what is built already. Takes the time that QQ takes, meets the fault that waits for a send, and reports the
 * account's own message once QQ has confirmed it. `timeout`: ms, as the caller wishes it. Throws `ActionError`.
 */
export async function sendPieces(
  context: AccountContext,
  target: SendTarget,
  pieces: readonly Piece[],
  timeout?: number,
): Promise<SentMessage> {
  if (pieces.every((piece) => piece.kind === "text" && piece.text === "")) {
    throw new ActionError("消息体无法解析, 请检查是否发送了不支持的消息类型");
  }
  const fault = context.takeSendFault();
  const waitMs = sendTimeout(context, pieces, timeout);
  if (fault) await meetFault(context, target, pieces, fault, waitMs);
  const obstacle = obstacleTo(context, target);
  if (obstacle !== undefined) {
    const [result, words] = SendResult[obstacle];
    throw refused("sendMsg", result, words);
  }
  await pause(context, Math.min(context.nextDelay(), waitMs));
  const bubble = deliver(context, target, pieces);
  const { shortId } = register(context, bubble);
  context.reportSelf({ bubble });
  return { messageId: context.settings.software === "go-cqhttp" ? foldId(shortId) : shortId, bubble };
}

/** How long NapCat waits for QQ to confirm, ms (onebot-napcat.md 7.2). */
function sendTimeout({ settings }: AccountContext, pieces: readonly Piece[], wish: number | undefined): number {
  const bytes = pieces.reduce((sum, piece) => sum + (piece.kind === "media" ? piece.media.contents.size : 0), 0);
  const computed = settings.baseTimeoutMs + (bytes / 1024 / settings.uploadSpeedKBps) * 1000;
  return Math.min(wish ?? computed, settings.maxTimeoutMs);
}

async function meetFault(
  context: AccountContext,
  target: SendTarget,
  pieces: readonly Piece[],
  fault: SendFault,
  waitMs: number,
): Promise<never> {
  switch (fault.kind) {
    case "reject":
      throw refused("sendMsg", fault.result, fault.message);
    case "hang":
      await pause(context, waitMs);
      throw unanswered("sendMsg");
    case "timeout":
      // It arrives before NapCat gives up waiting, so that a history that is asked at once has it.
      if (fault.delivered) register(context, deliver(context, target, pieces));
      await pause(context, waitMs);
      throw unconfirmed("sendMsg");
  }
}

const pause = ({ clock }: AccountContext, ms: number): Promise<void> | undefined =>
  ms > 0 ? new Promise((resolve) => void clock.after(ms, resolve)) : undefined;

/** Puts the message into the chat, where people, other accounts and official bots see it. */
function deliver({ world, account }: AccountContext, { chat, via }: SendTarget, pieces: readonly Piece[]): Bubble {
  const { clock, ids } = world.context;
  const { files, ...shown } = showPieces(world, pieces);
  const reply = pieces.find((piece) => piece.kind === "reply");
  const quoted = reply && world.transcript.find(chat, reply.message)?.message;
  const message: ChatMessage = {
    id: ids().message(),
    at: clock.now(),
    from: { kind: "bot", id: account.uin, name: account.name },
    ...shown,
    ...(quoted && { quote: { id: quoted.id, name: quoted.from.name, text: quoted.text } }),
  };
  const index = ids().index();
  const bubble: Bubble = { chat, message, index, files, pieces, ...(via !== undefined && { via }) };
  world.transcript.add(bubble);
  if (chat.kind === "group") tellOfficialBots(world, pick(world.state.groups, chat.group, "group"), bubble, pieces);
  return bubble;
}

/** To an official bot a personal account is a person like any other. */
function tellOfficialBots(
  world: World,
  group: Group,
  { chat, message, index = "" }: Bubble,
  pieces: readonly Piece[],
): void {
  const { id, at, text, from } = message;
  const mentioned = [...group.bots]
    .map((appId): Bot => pick(world.state.bots, appId, "bot"))
    .filter(({ appId }) => pieces.some((piece) => piece.kind === "at" && piece.uin === personUin(appId)));
  tellGroup(world, group, { id, index, at, text, person: { id: from.id, name: from.name }, mentioned }, chat);
}
