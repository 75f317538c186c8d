import { isAbsent, isFields, readText, type Fields } from "./fields.ts";
import { readKeyboard, type Keyboard } from "./keyboard.ts";
import type { Scene } from "./passive.ts";
import { Refusal, demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";

/** What a bot wants shown. */
export type BotContent =
  | { readonly kind: "text" | "markdown"; readonly text: string }
  /** A file that was uploaded before, with what is written beside it; mostly "". */
  | { readonly kind: "media"; readonly fileInfo: string; readonly text: string }
  | { readonly kind: "typing"; readonly seconds: number };

/** A send, read from its body. */
export interface BotMessage {
  readonly content: BotContent;
  readonly msgId: string | undefined;
  readonly eventId: string | undefined;
  /** 1 when the body has none. */
  readonly msgSeq: number;
  /** `REFIDX_...` of the quoted message. */
  readonly quotes: string | undefined;
  readonly keyboard: Keyboard | undefined;
  /** A push that is no reply and goes by rules of its own (5.6). */
  readonly isWakeup: boolean;
}

/** Reads the body of a C2C or group send (qq-official.md 5.2) and refuses what is malformed. */
export function readMessage(body: unknown, scene: Scene, rules: Rules): BotMessage {
  demand(isFields(body), 12002);
  const msgSeq = body["msg_seq"] ?? 1;
  demand(Number.isInteger(msgSeq) && Number(msgSeq) >= 0 && Number(msgSeq) < 2 ** 32, 50035, "msg_seq");
  const reference = body["message_reference"];
  const content = readContent(body, scene, rules);
  const msgId = readText(body, "msg_id");
  const eventId = readText(body, "event_id");
  const isWakeup = body["is_wakeup"] === true;
  const isReply = msgId !== undefined || eventId !== undefined;
  demand(!isWakeup || (scene === "c2c" && !isReply && content.kind !== "typing"), 40034123);
  const keyboard = readKeyboard(body["keyboard"], rules);
  demand(keyboard === undefined || content.kind === "text" || content.kind === "markdown", 50037, "keyboard");
  return {
    content,
    msgId,
    eventId,
    msgSeq: Number(msgSeq),
    quotes: isFields(reference) ? readText(reference, "message_id") : undefined,
    keyboard,
    isWakeup,
  };
}

function readContent(body: Fields, scene: Scene, rules: Rules): BotContent {
  switch (body["msg_type"] ?? 0) {
    case 0:
      demand(isAbsent(body["markdown"]) && isAbsent(body["media"]) && isAbsent(body["ark"]), 22006);
      return readPlain(body, rules);
    case 2:
      return readMarkdown(body, rules);
    case 3:
      throw new Refusal(304004);
    case 6:
      return readTyping(body, scene);
    case 7:
      return readMedia(body, rules);
    default:
      throw new Refusal(340069);
  }
}

function readPlain(body: Fields, rules: Rules): BotContent {
  const text = readText(body, "content") ?? "";
  demand(text.trim() !== "", 304061);
  demand(text.length <= rules.maxText, 40054007, `(${text.length})`);
  return { kind: "text", text };
}

function readMarkdown(body: Fields, rules: Rules): BotContent {
  const markdown = body["markdown"];
  demand(isFields(markdown), 22006);
  demand(isAbsent(body["content"]) && isAbsent(body["media"]) && isAbsent(body["ark"]), 50037);
  const isTemplate = !isAbsent(markdown["custom_template_id"]) || !isAbsent(markdown["template_id"]);
  demand(!isTemplate || isAbsent(markdown["content"]), 50057);
  demand(!isTemplate, 40034127, "(没有审核通过的模板)");
  const text = readText(markdown, "content") ?? "";
  demand(text.trim() !== "", 40034011);
  demand(text.length <= rules.maxText, 40054007, `(${text.length})`);
  return { kind: "markdown", text };
}

function readTyping(body: Fields, scene: Scene): BotContent {
  const notify = body["input_notify"];
  demand(scene === "c2c", 50059, "(仅支持单聊)");
  demand(isFields(notify) && notify["input_type"] === 1, 50059, "input_type");
  const seconds = notify["input_second"];
  demand(typeof seconds === "number" && seconds >= 1 && seconds <= 60, 50059, "input_second");
  return { kind: "typing", seconds };
}

function readMedia(body: Fields, rules: Rules): BotContent {
  const media = body["media"];
  demand(isFields(media) && isAbsent(body["markdown"]) && isAbsent(body["ark"]), 22006);
  const fileInfo = readText(media, "file_info");
  demand(fileInfo !== undefined, 22006, "file_info");
  // A blank stands for no caption: the old documentation asked for one (qq-official.md 0.3).
  const text = (readText(body, "content") ?? "").trim();
  demand(text.length <= rules.maxText, 40054007, `(${text.length})`);
  return { kind: "media", fileInfo, text };
}
