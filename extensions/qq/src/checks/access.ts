import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { Finding } from "./finding.ts";
import { find, pathOf, type Checked } from "./subject.ts";
import { texts } from "./texts.ts";

/** `open-dms`: everybody on QQ who finds the bot may give work to the agent. */
export function openDms(checked: Checked): readonly Finding[] {
  if (checked.account.config.dmPolicy !== "open") return [];
  return [find(checked, "open-dms", "warning", "permissions", texts.openDms(pathOf(checked)))];
}

/** `open-groups`: everybody in any group may have the agent use tools that change this machine. */
export function openGroups(checked: Checked): readonly Finding[] {
  const { account, cfg } = checked;
  const { groups } = account.config;
  const any = groups?.["*"];
  if (groups !== undefined && (any === undefined || any.enabled === false)) return [];
  const opener = openerOf(checked);
  if (opener === undefined) return [];
  const tools = powerfulTools([cfg.tools, any?.tools], cfg);
  if (tools.length === 0) return [];
  return [find(checked, "open-groups", "warning", "permissions", texts.openGroups(opener, tools, pathOf(checked)))];
}

/** The key that lets every member speak; `undefined` while senders are named. */
function openerOf(checked: Checked): string | undefined {
  const { account, cfg } = checked;
  const { groups, groupPolicy, groupAllowFrom } = account.config;
  const path = pathOf(checked);
  const policy = groupPolicy ?? cfg.channels?.defaults?.groupPolicy ?? "allowlist";
  if (policy === "disabled") return undefined;
  if (groups?.["*"]?.allowFrom) return isEverybody(groups["*"].allowFrom) ? `${path}.groups.*.allowFrom` : undefined;
  if (policy === "open") return groupPolicy === "open" ? `${path}.groupPolicy` : "channels.defaults.groupPolicy";
  return isEverybody(groupAllowFrom ?? []) ? `${path}.groupAllowFrom` : undefined;
}

function isEverybody(entries: readonly (string | number)[]): boolean {
  return entries.includes("*");
}

interface ToolPolicy {
  readonly allow?: readonly string[] | undefined;
  readonly deny?: readonly string[] | undefined;
}

/** Tools that change the machine or the gateway, with the groups of the host that hold them. */
const POWERFUL: Readonly<Record<string, readonly string[]>> = {
  exec: ["group:runtime", "bash", "shell"],
  process: ["group:runtime"],
  write: ["group:fs"],
  edit: ["group:fs"],
  apply_patch: ["group:fs"],
  gateway: ["group:automation"],
  cron: ["group:automation"],
};

/** Which of them a group turn may use. The profiles named hold none of them; a sandbox for all keeps them off the machine. */
function powerfulTools(policies: readonly (ToolPolicy | undefined)[], cfg: OpenClawConfig): readonly string[] {
  const profile = cfg.tools?.profile;
  if (profile === "minimal" || profile === "messaging") return [];
  if (cfg.agents?.defaults?.sandbox?.mode === "all") return [];
  const names = (list: readonly string[], tool: string): boolean =>
    list.some((entry) => entry === "*" || entry === tool || POWERFUL[tool]?.includes(entry));
  return Object.keys(POWERFUL).filter((tool) =>
    policies.every((policy) => !names(policy?.deny ?? [], tool) && (!policy?.allow || names(policy.allow, tool))),
  );
}
