import type { Scene } from "./passive.ts";
import { Refusal, demand } from "./refusal.ts";
import type { Rules } from "./rules.ts";

/** What a bot wants shown. */
export type BotContent =
  | { readonly kind: "text" | "markdown"; readonly text: string }
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
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads the body of a C2C or group send (qq-official.md 5.2) and refuses what is malformed. */
export function readMessage(body: unknown, scene: Scene, rules: Rules): BotMessage {
  demand(isFields(body), 12002);
  const msgSeq = body["msg_seq"] ?? 1;
  demand(Number.isInteger(msgSeq) && Number(msgSeq) >= 0 && Number(msgSeq) < 2 ** 32, 50035, "msg_seq");
  demand(body["is_wakeup"] !== true, 40034123);
  // Buttons and cards are not emulated yet: saying so beats showing a message without them.
  demand(isAbsent(body["keyboard"]), 305007, "(仿真器尚不支持按钮)");
  const reference = body["message_reference"];
  return {
    content: readContent(body, scene, rules),
    msgId: readText(body, "msg_id"),
    eventId: readText(body, "event_id"),
    msgSeq: Number(msgSeq),
    quotes: isFields(reference) ? readText(reference, "message_id") : undefined,
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
      // There is no upload yet, so no file_info can be right.
      throw new Refusal(304080);
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

function readText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (isAbsent(value)) return undefined;
  demand(typeof value === "string", 50035, name);
  return value;
}

/** Clients write empty members as "", null or not at all, and the platform takes all three. */
const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === "";

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);
