import { QQError } from "../../errors.ts";
import type { Keyboard } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { text, type TextName } from "../../texts.ts";
import { approvalButton, shortApproval, type Decision } from "./approval-buttons.ts";
import { replyWith, tryProactively, type Delivered, type Envelope, type Show } from "../answer/outbound.ts";
import type { RunningAccount } from "../running.ts";
import { showWords } from "../answer/show.ts";

/** As much of a command as is shown, UTF-16 units: enough to judge it, and one message. */
const COMMAND_UNITS = 1500;
const MINUTE_MS = 60_000;

/** What a person is asked to approve. */
export interface ApprovalRequest {
  readonly id: string;
  readonly kind: Decision["approvalKind"];
  /** The command, or what a plugin or OpenClaw itself wants to do. */
  readonly what: string;
  /** Working directory of a command. */
  readonly place?: string;
  readonly warning?: string;
  /** In the order they are offered. */
  readonly decisions: readonly Decision["decision"][];
  /** ms since the epoch. */
  readonly expiresAt: number;
}

const TITLES: Readonly<Record<ApprovalRequest["kind"], TextName>> = {
  exec: "approvalExec",
  plugin: "approvalPlugin",
  "system-agent": "approvalChange",
};

/**
 * Asks in a chat: with buttons, or with the words to write where there can be none. As a reply, but for the last one,
 * which the answer needs; then unasked; then as that one after all: without a decision there is no answer, and a press brings replies of its own.
 * `undefined` when the chat allows nothing.
 */
export async function sendApproval(
  request: ApprovalRequest,
  chat: Target,
  running: RunningAccount,
): Promise<Delivered | undefined> {
  const words = { text: describe(request, running), keyboard: buttonsFor(request, chat, running) };
  const show: Show = (send) => showWords(words, chat, send, running);
  const envelope: Envelope = { target: chat, key: `approval:${request.id}:${formatTarget(chat)}` };
  return (
    (await replyWith({ ...envelope, reserve: 1 }, show, running, running.signal)) ??
    (await unasked(envelope, show, running)) ??
    (await replyWith(envelope, show, running, running.signal))
  );
}

/** A refusal that is not about the chat still leaves the last reply to try. */
async function unasked(envelope: Envelope, show: Show, running: RunningAccount): Promise<Delivered | undefined> {
  return tryProactively(envelope, show, running, running.signal).catch((error: unknown) => {
    if (!(error instanceof QQError) || error.mayHaveArrived) throw error;
    return undefined;
  });
}

function buttonsFor(
  { id, kind, decisions, expiresAt }: ApprovalRequest,
  chat: Target,
  running: RunningAccount,
): Keyboard {
  const offered = decisions.map((decision) => ({ approvalId: id, approvalKind: kind, decision }));
  return [offered.map((decision) => approvalButton(decision, chat, expiresAt, running))];
}

function describe({ id, kind, what, place, warning, expiresAt }: ApprovalRequest, running: RunningAccount): string {
  const { locale } = running.current().account;
  const minutes = Math.max(1, Math.round((expiresAt - running.clock.now()) / MINUTE_MS));
  const shown = what.length > COMMAND_UNITS ? `${what.slice(0, COMMAND_UNITS).toWellFormed()} …` : what;
  return [
    `**${text(locale, TITLES[kind], {})}**`,
    kind === "exec" ? fenced(shown) : shown,
    place && text(locale, "approvalWhere", { place }),
    warning,
    text(locale, "approvalFoot", { id: shortApproval(id, kind), minutes: String(minutes) }),
  ]
    .filter(Boolean)
    .join("\n\n");
}

/** A fence longer than any in the command: what is approved must not be able to look like something else. */
function fenced(command: string): string {
  const longest = Math.max(2, ...Array.from(command.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}\n${command}\n${fence}`;
}
