import type { Interaction, InboundMessage } from "../../message/inbound.ts";
import { formatTarget } from "../../message/target.ts";
import { REPLY_LIMITS } from "../../protocol/official/limits.ts";
import type { RunningAccount } from "../running.ts";

/** What the press of a button says, as a message of who pressed it; `undefined` when the button says nothing. */
export function pressedMessage(press: Interaction, { buttons }: RunningAccount): InboundMessage | undefined {
  const { id, chat, sender, at, data } = press;
  const action = data === undefined ? undefined : buttons.find(data)?.action;
  if (action?.kind !== "say") return undefined;
  return { id, chat, sender, text: action.text, at, mentionsBot: true, attachments: [] };
}

/** A press may be replied to as a message may (QQ, "Send a message", `event_id`); in guilds it may not. */
export function openPressReplies({ chat, eventId, at }: Interaction, { replies }: RunningAccount): void {
  if (chat.kind !== "c2c" && chat.kind !== "group") return;
  replies.open({ eventId, target: formatTarget(chat), receivedAt: at, limit: REPLY_LIMITS[chat.kind] });
}
