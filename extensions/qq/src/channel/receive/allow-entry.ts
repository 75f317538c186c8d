import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { QQAccount } from "../../config/account.ts";

/** A prefix that names QQ, or a person on it. Any other belongs to another channel. */
const OWN_PREFIX = /^(?:qq|qqbot|c2c|user):/i;
/** A prefix that names QQ and nothing else. */
const QQ_PREFIX = /^(?:qq|qqbot):/i;
/** A QQ number: what people are known by on personal accounts. */
const QQ_NUMBER = /^[1-9]\d{4,11}$/;

/** An entry of an allowlist as the id alone; ids are compared byte for byte. */
export function normalizeAllowEntry(entry: string): string {
  return entry
    .trim()
    .replace(/^(?:qq|qqbot):/i, "")
    .replace(/^(?:c2c|user):/i, "");
}

/** The QQ numbers that a list names, each once. */
export function qqNumbers(entries: readonly (string | number)[]): readonly string[] {
  const ids = entries.map((entry) => normalizeAllowEntry(String(entry)));
  return [...new Set(ids.filter((id) => QQ_NUMBER.test(id)))];
}

/**
 * Those entries of `commands.ownerAllowFrom` that mean somebody on this account's QQ. A bare number may be a person of any
 * channel: on personal accounts it counts only where the account's `allowFrom` has it too.
 */
export function ownerEntries(
  cfg: OpenClawConfig,
  { transport, config }: Pick<QQAccount, "transport" | "config">,
): readonly string[] {
  const entries = (cfg.commands?.ownerAllowFrom ?? []).map((entry) => String(entry).trim());
  if (transport !== "onebot") return entries.filter((entry) => OWN_PREFIX.test(entry) || !entry.includes(":"));
  const listed = new Set(qqNumbers(config.allowFrom ?? []));
  return entries.filter((entry) => QQ_PREFIX.test(entry) || listed.has(entry));
}
