import type { ControlEvent } from "../emulator/control.ts";

type MessageEvent = Extract<ControlEvent, { event: "message" }>["data"];

/**
 * Calls `onMessage` for what is said in the emulated QQ from now on, once per message, until `signal` aborts.
 * Resolves when it is listening.
 */
export async function followChats(
  url: string,
  signal: AbortSignal,
  onMessage: (event: MessageEvent) => void,
): Promise<void> {
  const response = await fetch(`${url}/_emulator/events`, { signal });
  if (!response.body) throw new Error("the emulator sends no events");
  const lines = response.body.pipeThrough(new TextDecoderStream());
  // Runs on by itself; it ends with the emulator or the signal, and neither is news.
  read(lines, onMessage).catch(() => {});
}

async function read(stream: AsyncIterable<string>, onMessage: (event: MessageEvent) => void): Promise<void> {
  const seen = new Set<string>();
  let rest = "";
  for await (const text of stream) {
    const blocks = (rest + text).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const event of blocks.map(parseEvent)) {
      if (event?.event !== "message" || seen.has(event.data.message.id)) continue;
      seen.add(event.data.message.id);
      onMessage(event.data);
    }
  }
}

/** One server-sent event; undefined for a comment. */
function parseEvent(block: string): ControlEvent | undefined {
  const fields = new Map(block.split("\n").map((line) => [line.split(":", 1)[0], line.replace(/^\w*: ?/, "")]));
  const [event, data] = [fields.get("event"), fields.get("data")];
  return event && data ? ({ event, data: JSON.parse(data) } as ControlEvent) : undefined;
}

/** One line for the terminal: who, where if not in a DM, and what. */
export function formatLine({ chat, message }: MessageEvent, nameOf: (chat: MessageEvent["chat"]) => string): string {
  const where = chat.kind === "dm" ? "" : ` (${nameOf(chat)})`;
  const mark = message.mentions?.map((name) => `@${name} `).join("") ?? "";
  return `${message.from.name}${where}: ${mark}${message.text.replaceAll(/\s*\n\s*/g, " ⏎ ")}`;
}
