import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import {
  renderMessagePresentationFallbackText,
  renderPresentationForDelivery,
  resolveMessagePresentationButtonAction,
  type MessagePresentation,
  type MessagePresentationButton,
} from "openclaw/plugin-sdk/interactive-runtime";
import type { ReplyPayload } from "openclaw/plugin-sdk/reply-payload";
import type { Button, Keyboard } from "../../message/outbound.ts";
import { formatTarget, parseTarget, type Target } from "../../message/target.ts";
import { text } from "../../texts.ts";
import { approvalButton } from "../approvals/approval-buttons.ts";
import { keptButton, newButtonId, withKeyboard } from "./keyboard.ts";
import type { RunningAccount, RunningAccounts } from "../running.ts";
import { showsMarkdown } from "../answer/show.ts";

type Outbound = NonNullable<ChannelPlugin["outbound"]>;

/** How long a button of an answer is good, ms: longer than a person takes, shorter than the question is forgotten. */
const BUTTON_TTL_MS = 24 * 3_600_000;

/** What QQ shows of a presentation: rows of buttons (QQ, "Message buttons": at most 5 of 5). The rest becomes text. */
export const presentationCapabilities: NonNullable<Outbound["presentationCapabilities"]> = {
  supported: true,
  buttons: true,
  selects: false,
  context: false,
  divider: false,
  charts: false,
  tables: false,
  limits: { actions: { maxActions: 25, maxActionsPerRow: 5, maxRows: 5 } },
};

/** Puts the buttons of a presentation into the payload; `null`, so that the host writes all of it as text. */
export function presentationRenderer(accounts: RunningAccounts): NonNullable<Outbound["renderPresentation"]> {
  return ({ payload, presentation, ctx }) => {
    const running = accounts.find(normalizeAccountId(ctx.accountId));
    const chat = parseTarget(ctx.to);
    return running && chat ? render(payload, presentation, chat, running) : null;
  };
}

/** The same for what does not pass the host's queue, which would have rendered it. */
export async function withButtons(payload: ReplyPayload, chat: Target, running: RunningAccount): Promise<ReplyPayload> {
  return renderPresentationForDelivery(
    {
      presentationCapabilities,
      renderPresentation: (shown) => render(shown, shown.presentation, chat, running),
    },
    payload,
  );
}

function render(
  payload: ReplyPayload,
  presentation: MessagePresentation,
  chat: Target,
  running: RunningAccount,
): ReplyPayload | null {
  if (!showsMarkdown(chat, running)) return null;
  const keyboard = toKeyboard(presentation, chat, running);
  if (keyboard.length === 0) return null;
  const words = { ...presentation, blocks: presentation.blocks.filter(({ type }) => type !== "buttons") };
  const shown = renderMessagePresentationFallbackText({
    text: payload.text ?? null,
    presentation: words,
    // A keyboard stands under a message, and a message says something.
    emptyFallback: text(running.current().account.locale, "chooseOne", {}),
  });
  return withKeyboard(payload, shown, keyboard);
}

function toKeyboard({ blocks }: MessagePresentation, chat: Target, running: RunningAccount): Keyboard {
  const set = newButtonId();
  return blocks
    .map((block) =>
      block.type === "buttons" ? block.buttons.flatMap((button) => toButton(button, set, chat, running) ?? []) : [],
    )
    .filter((row) => row.length > 0);
}

const LOOKS = { primary: "primary", success: "primary", danger: "danger", secondary: "plain" } as const;

/** `undefined` for what QQ has no button for. Its meaning stays with us: QQ carries an id. */
function toButton(
  shown: MessagePresentationButton,
  set: string,
  chat: Target,
  running: RunningAccount,
): Button | undefined {
  const { label, style = "secondary", reusable } = shown;
  const face = { label, look: LOOKS[style] };
  const action = resolveMessagePresentationButtonAction(shown);
  if ((action?.type === "url" || action?.type === "web-app") && action.url !== undefined) {
    return { ...face, id: newButtonId(), action: { kind: "link", url: action.url } };
  }
  const expiresAt = running.clock.now() + BUTTON_TTL_MS;
  if (action?.type === "approval") return approvalButton(action, chat, expiresAt, running);
  const said = saidBy(action, label);
  if (said === undefined) return undefined;
  const kept = { target: formatTarget(chat), action: { kind: "say", text: said } as const, expiresAt };
  return keptButton(
    { ...face, ...(action?.type === "command" && { typed: said }), ...(!reusable && { set }) },
    { ...kept, ...(!reusable && { set }) },
    running,
  );
}

/**
 * What the press of a button says in the name of who pressed it. What a plugin or an agent has put behind a button is
 * never a command unless it was given as one: such a value counts as its label. So does the answer to a question, which
 * the host takes in words.
 */
function saidBy(action: ReturnType<typeof resolveMessagePresentationButtonAction>, label: string): string | undefined {
  switch (action?.type) {
    case "command":
      return action.command;
    case "callback":
      return /^\s*[/!]/.test(action.value) ? label : action.value;
    case "question":
      return "optionValue" in action ? label : undefined;
    default:
      return undefined;
  }
}
