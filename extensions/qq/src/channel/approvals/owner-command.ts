import type { InboundMessage } from "../../message/inbound.ts";
import { text } from "../../texts.ts";
import { sendLine } from "../answer/outbound.ts";
import { isPersonal, type RunningAccount } from "../running.ts";
import { ownersOf } from "./approvers.ts";
import { decideRequest, describeRequest, notDecided } from "./contact-requests.ts";

/** What an owner may say about requests. */
type OwnerCommand =
  | { readonly kind: "decide"; readonly number: number; readonly approve: boolean }
  | { readonly kind: "list" }
  | { readonly kind: "unknown" };

/**
 * Answers what an owner says in a direct message about requests of friends and groups, without the agent: what a
 * stranger wrote with a request must not decide about it. False for any other message.
 */
export async function answerOwner(message: InboundMessage, running: RunningAccount): Promise<boolean> {
  if (!isPersonal(running) || message.chat.kind !== "c2c") return false;
  const { cfg, account } = running.current();
  const isOwner = ownersOf(cfg, account.accountId).includes(message.sender.id);
  const command = parseOwnerCommand(message.text) ?? (isOwner ? parseDecision(message.text, running) : undefined);
  if (!command) return false;
  if (!isOwner) running.log.warn(`request command refused sender=${message.sender.id} why="not an owner"`);
  const answer = isOwner ? await obey(command, running) : text(account.locale, "requestNotOwner", {});
  await sendLine(answer, message.chat, running);
  return true;
}

/**
 * 同意 3 and 拒绝 3, for a request that is open: anything else is said to the agent. From others it is a message like any: an answer would tell whoever tries
 * which requests there are.
 */
function parseDecision(said: string, { requests }: RunningAccount): OwnerCommand | undefined {
  const [, verb, digits] = /^(同意|拒绝)\s*(\d{1,9})$/.exec(said.trim()) ?? [];
  const number = Number(digits);
  const kept = verb === undefined ? undefined : requests.find(number);
  if (!kept || kept.decision !== undefined) return undefined;
  return { kind: "decide", number, approve: verb === "同意" };
}

/** `/qq approve 3`, `/qq deny 3`, `/qq requests`: the same answer for whoever is no owner, whatever there is. */
function parseOwnerCommand(said: string): OwnerCommand | undefined {
  const words = said.trim().split(/\s+/);
  if (words[0]?.toLowerCase() !== "/qq") return undefined;
  const [, verb = "", number = ""] = words;
  if (/^requests$/i.test(verb)) return { kind: "list" };
  if (!/^(?:approve|deny)$/i.test(verb) || !/^\d{1,9}$/.test(number)) return { kind: "unknown" };
  return { kind: "decide", number: Number(number), approve: verb.toLowerCase() === "approve" };
}

async function obey(command: OwnerCommand, running: RunningAccount): Promise<string> {
  const { locale } = running.current().account;
  switch (command.kind) {
    case "unknown":
      return text(locale, "requestUsage", {});
    case "list": {
      const open = running.requests.open();
      if (open.length === 0) return text(locale, "requestNone", {});
      const lines = open.slice(-MOST_LISTED).map((kept) => describeRequest(kept, running));
      return [...lines, text(locale, "requestUsage", {})].join("\n");
    }
    case "decide":
      return decide(command.number, command.approve, running);
  }
}

/** Requests that one answer lists, the latest. */
const MOST_LISTED = 20;

const OUTCOMES = { approved: "requestApproved", denied: "requestDenied", over: "requestOver" } as const;

async function decide(number: number, approve: boolean, running: RunningAccount): Promise<string> {
  const { locale } = running.current().account;
  const facts = { number: String(number) };
  const kept = running.requests.find(number);
  if (!kept) return text(locale, "requestUnknown", facts);
  if (kept.decision !== undefined) return text(locale, "requestOver", facts);
  try {
    return text(locale, OUTCOMES[await decideRequest(kept, approve, running)], facts);
  } catch (error) {
    running.log.warn(`request ${number} not decided error="${String(error)}"`);
    return notDecided(error, running);
  }
}
