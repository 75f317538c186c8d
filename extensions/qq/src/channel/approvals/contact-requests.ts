import { advise } from "../../advice.ts";
import { QQApiError, QQError } from "../../errors.ts";
import type { Decision, KeptRequest } from "../../journal/contact-requests.ts";
import type { ContactRequest } from "../../message/inbound.ts";
import { text, type TextName } from "../../texts.ts";
import { sendLine } from "../answer/outbound.ts";
import type { RunningAccount } from "../running.ts";
import { ownersOf } from "./approvers.ts";

/**
 * Takes the request of a friend or a group: by `friendRequests` and `groupRequests` it is shown to the owners, who decide
 * in their chat; or approved; or left alone in QQ. One that is taken again, after a crash, is shown again while it is open.
 */
export async function askOwners(request: ContactRequest, running: RunningAccount): Promise<void> {
  const { requests, log } = running;
  const { config } = running.current().account;
  const policy = (request.what === "friend" ? config.friendRequests : config.groupRequests) ?? "ask";
  const about = `${request.what} from=${request.userId}${request.groupId === undefined ? "" : ` group=${request.groupId}`}`;
  if (policy === "ignore") return log.info(`request left alone ${about}`);
  const kept = requests.add(request);
  if (kept.decision !== undefined) return;
  if (policy === "approve") {
    const decided = await decideRequest(kept, true, running);
    return log.info(
      `request ${decided} ${about} why="${request.what === "friend" ? "friend" : "group"}Requests is approve"`,
    );
  }
  await showToOwners(kept, about, running);
}

async function showToOwners(kept: KeptRequest, about: string, running: RunningAccount): Promise<void> {
  const { cfg, account } = running.current();
  const owners = ownersOf(cfg, account.accountId);
  if (owners.length === 0) {
    return running.log.warn(
      `request ${kept.number} waits ${about}: nobody to ask; name an owner in commands.ownerAllowFrom (["qq:NUMBER"], with the prefix), or decide in QQ`,
    );
  }
  const question = [
    describeRequest(kept, running),
    text(account.locale, "requestHowTo", { number: String(kept.number) }),
  ];
  const told = await Promise.all(
    owners.map((userId) =>
      sendLine(question.join("\n"), { kind: "c2c", userId }, running).then(
        () => true,
        (error: unknown) => {
          running.log.warn(`request ${kept.number} not shown to=${userId} error="${String(error)}"`);
          return false;
        },
      ),
    ),
  );
  running.log.info(`request ${kept.number} shown ${about} owners=${told.filter(Boolean).length}`);
}

const WHAT: Readonly<Record<ContactRequest["what"], TextName>> = {
  friend: "requestFriend",
  join: "requestJoin",
  invite: "requestInvite",
};

/** One line for an owner. What a stranger wrote with it comes in quotes, on one line. */
export function describeRequest({ number, request }: KeptRequest, running: RunningAccount): string {
  const { locale } = running.current().account;
  const { what, userId, groupId = "", comment } = request;
  const said = comment.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, " ").trim();
  const line = text(locale, WHAT[what], { number: String(number), user: userId, group: groupId });
  return said === ""
    ? line
    : `${line} ${text(locale, "requestComment", { comment: said.slice(0, 200).toWellFormed() })}`;
}

/** Decides a request in QQ, and keeps what became of it. Rejects with what leaves it open. */
export async function decideRequest(
  { number, request }: KeptRequest,
  approve: boolean,
  running: RunningAccount,
): Promise<Decision> {
  const { line, requests, signal, log } = running;
  let decision: Decision = approve ? "approved" : "denied";
  try {
    await line.decide?.(request, approve, signal);
  } catch (error) {
    if (!isOver(error)) throw error;
    decision = "over";
  }
  requests.decide(number, decision);
  log.info(`request ${number} ${decision} what=${request.what} from=${request.userId}`);
  return decision;
}

/** QQ knows the request no more: somebody has answered it elsewhere (`No such request`, onebot-napcat.md 5). */
function isOver(error: unknown): boolean {
  return error instanceof QQApiError && error.kind === "target";
}

/** What an owner is told of a decision that did not reach QQ. */
export function notDecided(error: unknown, running: RunningAccount): string {
  const { locale } = running.current().account;
  const why = error instanceof QQError ? advise(error, locale) : "unexpected";
  return text(locale, "requestFailed", { why });
}
