/**
 * The passive checks: pure functions from configuration and status to findings. They ask nobody.
 *
 * In the status of an account (`statusFindings`), and in `openclaw qq doctor`:
 * - `credentials`: AppID, secret or token missing or unreadable
 * - `napcat-token`: empty or short, with a NapCat that is not on this machine
 * - `plain-address`: http or ws across the internet
 * - `same-bot`, `same-napcat`: two accounts of this channel are one
 * - `sibling-plugin`: another channel has the same bot or the same NapCat
 * - `line`, `napcat-offline`, `napcat-deaf`: what the running line says of itself; the status shows that as `lastError`
 * - `webhook-never-called`, `webhook-signature`, `webhook-wrong-bot`, `webhook-unsigned`
 * - `clock`: good callbacks are refused because this machine's clock is off
 * - `groups-only-mentions`: all of a group's messages are wanted, and only mentions come
 *
 * In the security audit (`riskFindings`) and in the doctor: `open-dms`, `open-groups`, `napcat-token`, `plain-address`.
 * In the doctor only: `intents`, `napcat-format`. Of the machine (`host`): the version of OpenClaw.
 */
import { openDms, openGroups } from "./access.ts";
import { credentials, napcatToken, plainAddress } from "./credentials.ts";
import type { Finding } from "./finding.ts";
import { clock, intents, line, napcatFormat, onlyMentions, webhookNeverCalled, webhookRefused } from "./running.ts";
import type { Checked } from "./subject.ts";
import { siblingPlugin, twins } from "./twins.ts";

export { host } from "./host.ts";
export type { Checked } from "./subject.ts";

type Check = (checked: Checked) => readonly Finding[];

const ofConfiguration: readonly Check[] = [credentials, napcatToken, plainAddress, twins, siblingPlugin];
const ofRunning: readonly Check[] = [webhookNeverCalled, webhookRefused, clock, onlyMentions];

/** What is wrong with an account, but for what its line says itself. Nothing where it is switched off. */
export function statusFindings(checked: Checked): readonly Finding[] {
  return run([...ofConfiguration, ...ofRunning], checked);
}

/** What works, and could be misused. */
export function riskFindings(checked: Checked): readonly Finding[] {
  return run([napcatToken, plainAddress, openDms, openGroups], checked);
}

/** All of them, each once. */
export function accountFindings(checked: Checked): readonly Finding[] {
  return run([...ofConfiguration, line, ...ofRunning, openDms, openGroups, intents, napcatFormat], checked);
}

function run(checks: readonly Check[], checked: Checked): readonly Finding[] {
  return checked.account.enabled ? checks.flatMap((check) => check(checked)) : [];
}
