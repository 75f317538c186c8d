import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { resolveAccount } from "../../config/account.ts";
import { env } from "../../config/env.ts";
import type { Chats } from "../../journal/chats.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { normalizeAllowEntry, ownerEntries, qqNumbers } from "../receive/allow-entry.ts";

const ID = /^[\w-]+$/;

/**
 * Who may decide what the host asks approval for: owners (`commands.ownerAllowFrom`), and those whom the account's
 * `allowFrom` names. `"*"` names nobody, and who may talk in a group may not yet decide there.
 */
export function approversOf(cfg: OpenClawConfig, accountId: string | null | undefined): readonly string[] {
  const account = resolveAccount(cfg, accountId, env, "inspect");
  const listed = account.config.allowFrom ?? [];
  const ids = [...ownerEntries(cfg, account), ...listed].map(String).map(normalizeAllowEntry);
  return [...new Set(ids.filter((id) => ID.test(id)))];
}

/**
 * The owners of a personal account, by their QQ numbers: `commands.ownerAllowFrom`, else the one person whom the account's
 * `allowFrom` names. They decide who becomes a friend, and in which groups the account is.
 */
export function ownersOf(cfg: OpenClawConfig, accountId: string | null | undefined): readonly string[] {
  const account = resolveAccount(cfg, accountId, env, "inspect");
  const owners = qqNumbers(ownerEntries(cfg, account));
  if (owners.length > 0) return owners;
  // Of several nobody knows which is the owner, and who may talk may not yet decide.
  const listed = qqNumbers(account.config.allowFrom ?? []);
  return listed.length === 1 ? listed : [];
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
