import { createChannelPairingController } from "openclaw/plugin-sdk/channel-pairing";
import type { InboundMessage } from "../../message/inbound.ts";
import type { Wait } from "../../journal/waits.ts";
import { formatTarget, parseTarget } from "../../message/target.ts";
import { toPlain } from "../../message/plain.ts";
import { text } from "../../texts.ts";
import type { RawEvent } from "../../transport/transport.ts";
import { sendLine } from "../answer/outbound.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { getQQRuntime } from "../runtime.ts";
import { again } from "./interrupted.ts";
import { isRecalled } from "./recalled.ts";

/** How often an outstanding code is looked at, ms. Only while one is: the host tells nobody when it is approved. */
const APPROVAL_CHECK_MS = 3_000;
/** How long a pairing code of the host lives, ms. */
const CODE_LIFE_MS = 3_600_000;

/** The host's pairing store, for one account. */
export function openPairing(accountId: string) {
  return createChannelPairingController({ core: getQQRuntime(), channel: "qq", accountId });
}

/**
 * Gives an unknown sender a pairing code. The host makes one per sender and keeps silent at repetitions: one that has not
 * reached its sender, of whom nobody waits then, is sent again. The event is kept: its turn comes with the approval.
 */
export async function issuePairingCode(
  message: InboundMessage,
  event: RawEvent,
  running: RunningAccount,
): Promise<void> {
  const { account } = running.current();
  const pairing = openPairing(running.accountId);
  const { id, name } = message.sender;
  const senderIdLine = text(account.locale, isPersonal(running) ? "pairingSenderNumber" : "pairingSenderId", { id });
  const meta = name ? { name } : {};
  let isSent = false;
  const send = async (reply: string): Promise<void> => {
    // The host writes Markdown, and a line goes out as it is.
    await sendLine(toPlain(reply), message.chat, running);
    isSent = true;
  };
  const failed = (error: unknown): void => running.log.warn(`pairing code not delivered error="${String(error)}"`);
  const challenge = { senderId: id, senderIdLine, meta, sendPairingReply: send, onReplyError: failed };
  const { created } = await pairing.issueChallenge(challenge);
  if (!created && !isWaiting(id, running)) {
    const { code } = await pairing.upsertPairingRequest({ id, meta });
    const { buildPairingReply } = getQQRuntime().channel.pairing;
    // Where too many wait already there is no code.
    if (code !== "") await send(buildPairingReply({ channel: "qq", idLine: senderIdLine, code })).catch(failed);
  }
  if (isSent && !isRecalled(message, running)) awaitApproval(message, event, running);
}

function isWaiting(senderId: string, { waits, clock }: RunningAccount): boolean {
  return waits.list(clock.now()).some((wait) => wait.senderId === senderId);
}

function awaitApproval({ sender, chat }: InboundMessage, event: RawEvent, running: RunningAccount): void {
  running.log.info(`pairing code issued sender=${sender.id.slice(0, 8)}`);
  const { key, lane, text: body } = event;
  const until = running.clock.now() + CODE_LIFE_MS;
  const wait = { senderId: sender.id, target: formatTarget(chat), until, event: { key, lane, text: body } };
  running.waits.add(wait);
  announceWhenApproved(wait, running);
}

/** Takes up again whoever waited when the account stopped: approving the first owner restarts the channel. */
export function resumeWaits(running: RunningAccount): void {
  for (const wait of running.waits.list(running.clock.now())) announceWhenApproved(wait, running);
}

function announceWhenApproved(wait: Wait, running: RunningAccount): void {
  void approval(wait, running)
    .then((approved) => (approved ? announce(wait, running) : running.waits.remove(wait)))
    .catch((error: unknown) => {
      if (!running.signal.aborted) running.log.warn(`approval not announced error="${String(error)}"`);
    });
}

/**
 * Resolves when the sender stands in the host's store, or with false when the code has died or the wait stands no more:
 * after the operator dismissed a request its sender may write again, and waits with that message then.
 */
async function approval(wait: Wait, running: RunningAccount): Promise<boolean> {
  const pairing = openPairing(running.accountId);
  for (;;) {
    const isApproved = (await pairing.readAllowFromStore()).includes(wait.senderId);
    if (!running.waits.holds(wait)) return false;
    if (isApproved) return true;
    if (running.clock.now() >= wait.until) return false;
    await running.clock.sleep(APPROVAL_CHECK_MS, running.signal);
  }
}

/** Lets the message that was answered with a code have its turn, and tells its sender so. */
async function announce(wait: Wait, running: RunningAccount): Promise<void> {
  const target = parseTarget(wait.target);
  // First, and the inbox takes it once: a restart from here on costs the notice and never the answer.
  await running.admit(again(wait.event));
  running.waits.remove(wait);
  if (!target) return;
  const approved = text(running.current().account.locale, "pairingApproved", {});
  await sendLine(approved, target, running);
}
