import type { Decoded } from "../../message/inbound.ts";
import { parseJson } from "../../message/json.ts";
import { decodeOfficial } from "../../message/decode-official.ts";
import { decodeOneBot } from "../../message/decode-onebot.ts";
import { MessageEvent } from "../../protocol/onebot/events.ts";
import type { RawEvent } from "../../transport/transport.ts";
import { isPersonal, type RunningAccount } from "../running.ts";

/** Reads a stored event as the account's line writes it. `receivedAt`: ms since the epoch. */
export async function decodeEvent(event: RawEvent, receivedAt: number, running: RunningAccount): Promise<Decoded> {
  if (isPersonal(running)) return decodeOneBot(event.text, receivedAt);
  return decodeOfficial(event.text, receivedAt, await selfIdFor(event, running));
}

/** Only in guild channels does it take the bot's own id to know who is meant. Asked once, and again where it failed. */
async function selfIdFor(event: RawEvent, { line, signal }: RunningAccount): Promise<string | undefined> {
  return event.lane.startsWith("channel:") ? line.selfId?.(signal) : undefined;
}

/** Of an event of a personal account: the account's own number. */
export function selfIdIn({ text }: RawEvent): string | undefined {
  return MessageEvent.safeParse(parseJson(text)).data?.self_id;
}
