import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import { factsOf } from "./facts.ts";
import type { Finding } from "./finding.ts";
import { find, pathOf, type Checked } from "./subject.ts";
import { texts } from "./texts.ts";

/** `line`, `napcat-offline`, `napcat-deaf`: the running line itself says what is wrong, in the account's language, or is down. */
export function line(checked: Checked): readonly Finding[] {
  const { snapshot } = checked;
  if (!snapshot) return [];
  const { lastError: error, healthState, connected, stateReason } = snapshot;
  if (!error)
    return connected === true
      ? []
      : [find(checked, "line", "error", "runtime", texts.lineDown(stateReason ?? undefined))];
  const isNapcat = healthState === "offline" || healthState === "deaf";
  const check = isNapcat ? `napcat-${healthState}` : "line";
  return [find(checked, check, "error", "runtime", texts.line(error, isNapcat))];
}

/** How long an unsigned question for the address may pass for the console's, ms: anybody can send one. */
const ASKED_MS = 10 * 60_000;
/** So many wrong signatures are no accident, where no good one ever came. Anybody who knows the AppID can send some. */
const SEVERAL = 3;

/** `webhook-never-called`: QQ does not know the address, or cannot reach it. Silent once anybody has ever written. */
export function webhookNeverCalled(checked: Checked): readonly Finding[] {
  const { account, snapshot } = checked;
  if (account.transport !== "webhook" || !isReady(snapshot) || snapshot.lastEventAt) return [];
  const { heard, validated, askedAt, refused, aheadMs } = factsOf(snapshot);
  const justAsked = askedAt !== undefined && Date.now() - askedAt < ASKED_MS;
  // Refused calls are calls: another finding says why.
  if (heard || validated || justAsked || refused || aheadMs !== undefined) return [];
  return [find(checked, "webhook-never-called", "warning", "config", texts.neverCalled(account.webhookPath))];
}

/** `webhook-signature`, `webhook-wrong-bot`, `webhook-unsigned`: callbacks come, and none of them since has been good. */
export function webhookRefused(checked: Checked): readonly Finding[] {
  const { account, snapshot } = checked;
  const { refused = {}, aheadMs } = factsOf(snapshot);
  if (account.transport !== "webhook" || aheadMs !== undefined) return [];
  const wrong = refused["wrong-signature"] ?? 0;
  if (wrong > 0) {
    const told = texts.wrongSignature(account.webhookPath, wrong, `${pathOf(checked)}.appSecret`);
    const level = wrong >= SEVERAL && !snapshot?.lastEventAt ? "error" : "warning";
    return [find(checked, "webhook-signature", level, "auth", told)];
  }
  const foreign = refused["another-bot"] ?? 0;
  if (foreign > 0) {
    const told = texts.anotherBot(account.webhookPath, foreign, account.appId ?? "", `${pathOf(checked)}.appId`);
    return [find(checked, "webhook-wrong-bot", "warning", "config", told)];
  }
  const unsigned = refused.unsigned ?? 0;
  if (unsigned === 0 || snapshot?.lastEventAt) return [];
  return [find(checked, "webhook-unsigned", "warning", "config", texts.unsigned(account.webhookPath, unsigned))];
}

/** `clock`: callbacks that prove to be QQ's are refused for their age. */
export function clock(checked: Checked): readonly Finding[] {
  const { aheadMs } = factsOf(checked.snapshot);
  if (aheadMs === undefined) return [];
  return [find(checked, "clock", "error", "runtime", texts.clock(aheadMs, "callback"))];
}

/** `groups-only-mentions`: the configuration wants all that is said in groups, and QQ has sent mentions only so far. */
export function onlyMentions(checked: Checked): readonly Finding[] {
  const { account, snapshot } = checked;
  const { groups } = factsOf(snapshot);
  const wantsAll = Object.values(account.config.groups ?? {}).some((entry) => entry?.requireMention === false);
  if (account.transport === "onebot" || !wantsAll || !groups?.mentions || groups.all) return [];
  return [find(checked, "groups-only-mentions", "warning", "intent", texts.onlyMentions)];
}

/** `napcat-format`: messages come as CQ strings. */
export function napcatFormat(checked: Checked): readonly Finding[] {
  if (!factsOf(checked.snapshot).cqStrings) return [];
  return [find(checked, "napcat-format", "warning", "config", texts.cqStrings())];
}

/** `intents`: QQ did not grant all kinds of events, and the line goes on with the rest. */
export function intents(checked: Checked): readonly Finding[] {
  const { without } = factsOf(checked.snapshot);
  return without === undefined
    ? []
    : [find(checked, "intents", "warning", "intent", texts.intents(without.join(", ")))];
}

function isReady(snapshot: ChannelAccountSnapshot | undefined): snapshot is ChannelAccountSnapshot {
  return snapshot?.connected === true && snapshot.lifecycle === "ready";
}
