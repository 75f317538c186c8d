import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { resolveAccount } from "../../config/account.ts";
import { env } from "../../config/env.ts";
import type { Chats } from "../../journal/chats.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { normalizeAllowEntry } from "../receive/access.ts";

/** A prefix that names QQ, or a person on it. Any other belongs to another channel. */
const OWN_PREFIX = /^(?:qq|qqbot|c2c|user):/i;
const ID = /^[\w-]+$/;

/**
 * Who may decide what the host asks approval for: owners (`commands.ownerAllowFrom`), and those whom the account's
 * `allowFrom` names. `"*"` names nobody, and who may talk in a group may not yet decide there.
 */
export function approversOf(cfg: OpenClawConfig, accountId: string | null | undefined): readonly string[] {
  const owners = (cfg.commands?.ownerAllowFrom ?? []).map(String);
  const listed = resolveAccount(cfg, accountId, env, "inspect").config.allowFrom ?? [];
  const ids = [...owners.filter(isOwn), ...listed.map(String)].map(normalizeAllowEntry);
  return [...new Set(ids.filter((id) => ID.test(id)))];
}

/** A QQ number: what people are known by on personal accounts. */
const QQ_NUMBER = /^[1-9]\d{4,11}$/;

/**
 * The owners of a personal account, by their QQ numbers: `commands.ownerAllowFrom`, else whom the account's `allowFrom`
 * names. They decide who becomes a friend, and in which groups the account is.
 */
export function ownersOf(cfg: OpenClawConfig, accountId: string | null | undefined): readonly string[] {
  const owners = (cfg.commands?.ownerAllowFrom ?? []).map(String).filter(isOwn);
  const listed = resolveAccount(cfg, accountId, env, "inspect").config.allowFrom ?? [];
  const named = numbers(owners);
  return [...new Set(named.length > 0 ? named : numbers(listed.map(String)))];
}

function numbers(entries: readonly string[]): readonly string[] {
  return entries.map(normalizeAllowEntry).filter((id) => QQ_NUMBER.test(id));
}

function isOwn(entry: string): boolean {
  return OWN_PREFIX.test(entry.trim()) || !entry.includes(":");
}

/**
 * Which of the approvers can be asked in a chat: in a direct message the person it is with; elsewhere all but those
 * whom the bot knows from direct messages, as their ids are users' and mean nobody there.
 */
export function approversIn(chat: Target, approvers: readonly string[], chats: Chats): readonly string[] {
  if (chat.kind === "c2c") return approvers.filter((id) => id === chat.userId);
  const known = new Set(knownInDms(approvers, chats));
  return approvers.filter((id) => !known.has(id));
}

/** Those of the approvers who have written to the bot in a direct message, and can be asked there. */
export function knownInDms(approvers: readonly string[], chats: Chats): readonly string[] {
  return approvers.filter((id) => chats.hasWritten(formatTarget({ kind: "c2c", userId: id })));
}
