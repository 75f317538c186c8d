import { accountFindings, host, type Checked } from "../checks/checks.ts";
import type { Area, Finding } from "../checks/finding.ts";
import type { QQAccount } from "../config/account.ts";
import type { Wording } from "../errors.ts";
import { passiveTexts as texts } from "./passive-texts.ts";
import { good } from "./telling.ts";

/** A check that asks nobody: what it says when it finds nothing. */
interface Passive {
  readonly check: string;
  readonly area: Area;
  /** Other findings that mean the same thing is wrong. */
  readonly also?: readonly string[];
  readonly applies: (account: QQAccount) => boolean;
  /** It judges a running line, and says nothing without one. */
  readonly needsStatus?: true;
  readonly fine: Wording;
}

const every = (): boolean => true;
const isPersonal = ({ transport }: QQAccount): boolean => transport === "onebot";
const isOfficial = (account: QQAccount): boolean => !isPersonal(account);
const isWebhook = ({ transport }: QQAccount): boolean => transport === "webhook";
const isSocket = ({ transport }: QQAccount): boolean => transport === "websocket";

const passive: readonly Passive[] = [
  { check: "credentials", area: "auth", applies: every, fine: texts.credentials },
  { check: "same-bot", area: "config", applies: isOfficial, fine: texts.sameBot },
  { check: "same-napcat", area: "config", applies: isPersonal, fine: texts.sameNapcat },
  { check: "sibling-plugin", area: "config", applies: every, fine: texts.siblingPlugin },
  { check: "napcat-token", area: "config", applies: isPersonal, fine: texts.napcatToken },
  { check: "plain-address", area: "config", applies: every, fine: texts.plainAddress },
  { check: "open-dms", area: "permissions", applies: every, fine: texts.openDms },
  { check: "open-groups", area: "permissions", applies: every, fine: texts.openGroups },
  { check: "intents", area: "intent", applies: isSocket, needsStatus: true, fine: texts.intents },
  {
    check: "webhook-calls",
    area: "config",
    also: ["webhook-never-called", "webhook-signature", "webhook-wrong-bot", "webhook-unsigned", "clock"],
    applies: isWebhook,
    needsStatus: true,
    fine: texts.webhookCalls,
  },
  { check: "groups-only-mentions", area: "intent", applies: isOfficial, needsStatus: true, fine: texts.groups },
  { check: "napcat-deaf", area: "runtime", applies: isPersonal, needsStatus: true, fine: texts.hearing },
];

/** What configuration and status show of an account, good and bad. */
export function checkQuietly(checked: Checked): readonly Finding[] {
  const found = accountFindings(checked);
  const names = new Set(found.map(({ check }) => check));
  const { account, snapshot } = checked;
  const fine = passive
    .filter(({ check, also = [] }) => ![check, ...also].some((name) => names.has(name)))
    .filter(({ applies, needsStatus }) => applies(account) && (!needsStatus || snapshot?.connected === true))
    .map(({ check, area, fine }) => good({ check, area, accountId: account.accountId }, fine));
  return [...found, ...fine];
}

/** Whether this plugin is made for the running OpenClaw. */
export function checkHost(version: string | undefined): readonly Finding[] {
  const found = host(version);
  if (found.length > 0 || version === undefined) return found;
  return [good({ check: "host", area: "runtime" }, { en: `OpenClaw ${version}`, zh: `OpenClaw ${version}` })];
}
