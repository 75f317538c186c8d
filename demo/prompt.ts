/** A turn of a chat completion request, as far as it matters here. */
export interface ChatTurn {
  readonly role: string;
  /** Text, or parts of which some are text; null on a turn that only calls tools. */
  readonly content?: string | null | readonly ContentPart[];
}

interface ContentPart {
  readonly type: string;
  readonly text?: string;
}

/** How OpenClaw's own notes to the model begin; they come as turns of the user. */
const INTERNAL = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT";

/** What a turn says: its text, or its text parts, a line each. */
function textOf(turn: ChatTurn): string {
  if (typeof turn.content === "string") return turn.content;
  return (turn.content ?? [])
    .filter((part) => part.type === "text")
    .map((part) => part.text ?? "")
    .join("\n");
}

/** What the user said last, as the host wrote it down: notes of the host before it are still there. */
function lastUserTurn(turns: readonly ChatTurn[]): string {
  const said = turns.filter((turn) => turn.role === "user").map(textOf);
  return said.findLast((text) => text.trim() && !text.startsWith(INTERNAL)) ?? "";
}

/**
 * What the user typed last. The host puts notes around it: a time stamp in brackets and blocks about chat and sender
 * (a line with its mark, then fenced JSON) before the text, a line about itself after it.
 */
export function lastUserText(turns: readonly ChatTurn[]): string {
  return lastUserTurn(turns)
    .replace(/^\s*\[[^\]\n]*\d{1,2}:\d{2}[^\]\n]*\]\s?/, "")
    .replaceAll(/^[^\n]*(?:⟦openclaw:ctx⟧|\(untrusted[^\n]*\):)\n```json\n[\s\S]*?\n```\n*/gm, "")
    .replace(/\n\nRuntime: agent=[^\n]*$/, "")
    .trim();
}
