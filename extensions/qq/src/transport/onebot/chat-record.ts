import { QQTransportError } from "../../errors.ts";
import { sendTimeoutMs } from "../../protocol/onebot/limits.ts";
import type { OutNode } from "../../protocol/onebot/segments.ts";
import { wireId } from "../../protocol/onebot/values.ts";
import { within } from "./call-options.ts";
import type { OneBotCalls } from "./calls.ts";
import type { Delivery } from "./delivery.ts";
import { ANSWER_MARGIN_MS } from "./out-message.ts";
import type { PersonalTarget } from "./personal-target.ts";

/** Whose bubbles they are. */
interface Author {
  readonly id: string;
  readonly name: string;
}

/** How much of the first line stands in the list of chats, code points. */
const PROMPT_POINTS = 30;
/** NapCat without its packet backend sends every bubble to the account's own chat first (onebot-napcat.md, 6.2), ms each. */
const BUBBLE_MS = 2000;

/** Texts as one chat record (合并转发), a bubble each. It is not sent twice: the caller sends plain messages instead. */
export function recordDelivery(
  calls: OneBotCalls,
  author: Author | undefined,
  target: PersonalTarget,
  texts: readonly string[],
  signal: AbortSignal | undefined,
): Delivery {
  if (!author) throw new QQTransportError("the account has not said yet who it is");
  const { id, name } = author;
  const messages = texts.map((text): OutNode => ({
    type: "node",
    data: { user_id: wireId(id), nickname: name, content: [{ type: "text", data: { text } }] },
  }));
  const prompt = promptOf(texts);
  const params = { messages, ...(prompt !== "" && { prompt }) };
  const timeoutMs = sendTimeoutMs(0) + texts.length * BUBBLE_MS + ANSWER_MARGIN_MS;
  const options = within(timeoutMs, signal);
  return {
    target,
    action: target.kind === "group" ? "send_group_forward_msg" : "send_private_forward_msg",
    content: { text: "", media: [{ type: "forward", size: 0 }] },
    once: true,
    async send() {
      const sent =
        target.kind === "group"
          ? await calls.call("send_group_forward_msg", { group_id: wireId(target.groupId), ...params }, options)
          : await calls.call("send_private_forward_msg", { user_id: wireId(target.userId), ...params }, options);
      return sent.message_id;
    },
  };
}

function promptOf([first = ""]: readonly string[]): string {
  const line = first.trim().split("\n", 1)[0] ?? "";
  return Array.from(line).slice(0, PROMPT_POINTS).join("");
}
