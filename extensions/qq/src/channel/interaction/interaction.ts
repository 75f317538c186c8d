import { decodeOfficial } from "../../message/decode-official.ts";
import type { InboundMessage, Interaction } from "../../message/inbound.ts";
import { formatTarget } from "../../message/target.ts";
import type { KeptButton } from "../../journal/buttons.ts";
import type { InteractionResult, RawEvent } from "../../transport/transport.ts";
import { text, type TextName } from "../../texts.ts";
import { decide, type Outcome } from "./decide.ts";
import { sendLine } from "../answer/outbound.ts";
import { openPressReplies, pressedMessage } from "./pressed.ts";
import type { RunningAccount } from "../running.ts";

/** Type of an interaction that is the press of a button (QQ, "Interactions"). */
const BUTTON = 11;
const LANE = "interaction:";

/** Whether an event is the press of a button, or of an item of the menu: QQ waits for its acknowledgement. */
export function isPress({ lane }: RawEvent): boolean {
  return lane.startsWith(LANE);
}

/** The turns that presses begin: they run where those of messages do. */
export interface PressTurns {
  /** Whether who pressed would have an answer. */
  mayTake(message: InboundMessage, event: RawEvent): Promise<boolean>;
  /** Stores an event for the pump of messages. */
  admit(event: RawEvent): Promise<unknown>;
}

/**
 * Takes the press of a button: decides, acknowledges, and leaves the turn it starts, if any, to the chat's own lane,
 * stored there before it is acknowledged. Taken a second time, after a crash, it does nothing twice.
 */
export async function takePress(
  event: RawEvent,
  receivedAt: number,
  turns: PressTurns,
  running: RunningAccount,
): Promise<void> {
  const decoded = decodeOfficial(event.text, receivedAt);
  if (decoded.kind !== "interaction") return running.log.debug(`press ignored kind=${decoded.kind}`);
  const press = decoded.interaction;
  const outcome = await judge(press, event, turns, running);
  await acknowledge(press, outcome.result, running);
  const notice = await outcome.notice;
  if (notice === undefined) return;
  openPressReplies(press, running);
  await sendLine(notice, press.chat, running).catch((error: unknown) => {
    running.log.warn(`press not answered chat=${formatTarget(press.chat)} error="${String(error)}"`);
  });
}

async function judge(
  press: Interaction,
  event: RawEvent,
  turns: PressTurns,
  running: RunningAccount,
): Promise<Outcome> {
  // Only what we have put under a message has a meaning; an item of QQ's own menu has none.
  if (press.type !== BUTTON) return { result: "done" };
  const button = press.data === undefined ? undefined : running.buttons.find(press.data);
  if (!button || button.target !== formatTarget(press.chat))
    return refused(press, "failed", "no button of ours", running);
  if (button.onlyFor && !button.onlyFor.includes(press.sender.id)) {
    return refused(press, "not-permitted", "the button is for somebody else", running);
  }
  if (button.expiresAt <= running.clock.now()) return expired(button, running);
  return button.action.kind === "decide"
    ? decide(button.action, press, running)
    : say(button, press, event, turns, running);
}

function expired({ action }: KeptButton, running: RunningAccount): Outcome {
  const name: TextName = action.kind === "decide" ? "approvalOver" : "buttonExpired";
  return { result: "failed", notice: text(running.current().account.locale, name, {}) };
}

/** Puts what the button says into the chat's lane, as a message of who pressed it. */
async function say(
  button: KeptButton,
  press: Interaction,
  event: RawEvent,
  turns: PressTurns,
  running: RunningAccount,
): Promise<Outcome> {
  const message = pressedMessage(press, running);
  if (!message) return { result: "failed" };
  const turn = { key: `press:${press.id}`, lane: formatTarget(press.chat), text: event.text };
  if (!(await turns.mayTake(message, turn))) {
    return refused(press, "not-permitted", "may not talk to the bot here", running);
  }
  if (!running.buttons.use(button, press.id)) return { result: "repeated" };
  await turns.admit(turn);
  return { result: "done" };
}

function refused(press: Interaction, result: InteractionResult, why: string, { log }: RunningAccount): Outcome {
  log.warn(`press refused chat=${formatTarget(press.chat)} sender=${press.sender.id} why="${why}"`);
  return { result };
}

/** One that comes too late, or a second time, is refused by QQ, and changes nothing any more. */
async function acknowledge({ id }: Interaction, result: InteractionResult, running: RunningAccount): Promise<void> {
  const { line, log, signal } = running;
  await line.acknowledge?.(id, result, signal).catch((error: unknown) => {
    log.info(
      `press not acknowledged result=${result} error="${error instanceof Error ? error.message : String(error)}"`,
    );
  });
}
