import { randomBytes } from "node:crypto";
import type { ReplyPayload } from "openclaw/plugin-sdk/reply-payload";
import type { KeptButton } from "../../journal/buttons.ts";
import type { Button, Keyboard } from "../../message/outbound.ts";
import { text, type Locale } from "../../texts.ts";
import type { RunningAccount } from "../running.ts";

/** Random bytes of an id: nobody guesses the button of another chat. */
const ID_BYTES = 15;

/** A name that nothing else has, for a button or a set of them. */
export function newButtonId(): string {
  return randomBytes(ID_BYTES).toString("base64url");
}

/** A button that says something or decides: kept, so that a press of it is understood after a restart too. */
export function keptButton(
  face: Omit<Button, "id" | "action">,
  kept: Omit<KeptButton, "id">,
  { buttons }: RunningAccount,
): Button {
  const id = newButtonId();
  buttons.add({ ...kept, id });
  return { ...face, id, action: { kind: "callback", data: id } };
}

/** The buttons that `renderPresentation` has put into a payload. */
export function keyboardOf(payload: ReplyPayload | undefined): Keyboard | undefined {
  const own: unknown = payload?.channelData?.["qq"];
  if (typeof own !== "object" || own === null || !("keyboard" in own)) return undefined;
  // Only `withKeyboard` writes there.
  return own.keyboard as Keyboard;
}

export function withKeyboard(payload: ReplyPayload, shown: string, keyboard: Keyboard): ReplyPayload {
  return { ...payload, text: shown, channelData: { ...payload.channelData, qq: { keyboard } } };
}

/** What stands in place of buttons where none can be shown: what a person writes instead of pressing each. */
export function keyboardAsText(keyboard: Keyboard, locale: Locale | undefined): string {
  const lines = keyboard.flat().map(({ label, action, typed }) => {
    const instead = action.kind === "link" ? action.url : typed;
    return instead === undefined || instead === label ? `- ${label}` : `- ${label}: ${instead}`;
  });
  return [text(locale, "buttonsAsText", {}), ...lines].join("\n");
}
