import { createChannelPairingController } from "openclaw/plugin-sdk/channel-pairing";
import type { InboundMessage } from "../../message/inbound.ts";
import type { Wait } from "../../journal/waits.ts";
import { formatTarget, parseTarget } from "../../message/target.ts";
import { text } from "../../texts.ts";
import { sendLine } from "../answer/outbound.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { getQQRuntime } from "../runtime.ts";

/** How often an outstanding code is looked at, ms. Only while one is: the host tells nobody when it is approved. */
const APPROVAL_CHECK_MS = 3_000;
/** How long a pairing code of the host lives, ms. */
const CODE_LIFE_MS = 3_600_000;

/** The host's pairing store, for one account. */
export function openPairing(accountId: string) {
  return createChannelPairingController({ core: getQQRuntime(), channel: "qq", accountId });
}

/** Gives an unknown sender a pairing code; the host makes one per sender and keeps silent at repetitions. */
export async function issuePairingCode(message: InboundMessage, running: RunningAccount): Promise<void> {
  const { account } = running.current();
  const { created } = await openPairing(running.accountId).issueChallenge({
    senderId: message.sender.id,
    senderIdLine: text(account.locale, isPersonal(running) ? "pairingSenderNumber" : "pairingSenderId", {
      id: message.sender.id,
    }),
    meta: message.sender.name ? { name: message.sender.name } : {},
    sendPairingReply: async (reply) => {
      await sendLine(reply, message.chat, running);
    },
    onReplyError: (error) => running.log.warn(`pairing code not delivered error="${String(error)}"`),
  });
  if (!created) return;
  running.log.info(`pairing code issued sender=${message.sender.id.slice(0, 8)}`);
  const wait = {
    senderId: message.sender.id,
    target: formatTarget(message.chat),
    until: running.clock.now() + CODE_LIFE_MS,
  };
  running.waits.add(wait);
  announceWhenApproved(wait, running);
}

/** Takes up again whoever waited when the account stopped: approving the first owner restarts the channel. */
export function resumeWaits(running: RunningAccount): void {
  for (const wait of running.waits.list(running.clock.now())) announceWhenApproved(wait, running);
}

function announceWhenApproved(wait: Wait, running: RunningAccount): void {
  void approval(wait, running)
    .then((approved) => (approved ? announce(wait, running) : running.waits.remove(wait.senderId)))
    .catch((error: unknown) => {
      if (!running.signal.aborted) running.log.warn(`approval not announced error="${String(error)}"`);
    });
}

/** Resolves when the sender stands in the host's store, or with false when the code has died. */
async function approval(wait: Wait, running: RunningAccount): Promise<boolean> {
  const pairing = openPairing(running.accountId);
  for (;;) {
    if ((await pairing.readAllowFromStore()).includes(wait.senderId)) return true;
    if (running.clock.now() >= wait.until) return false;
    await running.clock.sleep(APPROVAL_CHECK_MS, running.signal);
  }
}

async function announce(wait: Wait, running: RunningAccount): Promise<void> {
  const target = parseTarget(wait.target);
  running.waits.remove(wait.senderId);
  if (!target) return;
  const approved = text(running.current().account.locale, "pairingApproved", {});
  await sendLine(approved, target, running);
}
