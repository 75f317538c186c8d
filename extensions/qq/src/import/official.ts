import { normalizeAllowEntry } from "../channel/receive/allow-entry.ts";
import { MAX_TEXT_UNITS } from "../protocol/official/limits.ts";
import { asSection, isBlank, type Move, type Rule, type Section } from "./moved.ts";
import { moveGroup } from "./official-group.ts";
import { asIds, asSwitch, dropped, number, onOff, same, saidOf, together, type Reading } from "./rules.ts";
import { why } from "./texts.ts";

/** Address that callbacks of the Tencent plugin come in on when nothing is configured (its `WebhookTransportConfig`). */
const OLD_WEBHOOK_PATH = "/qqbot/webhook";

/** The host puts this among the people of `channels.qqbot` so that approvals stay off; it names nobody. */
const MARKER = "openclaw:approval-disabled";

/**
 * `channels.qqbot` of `@tencent-connect/openclaw-qqbot` (1.x and 2.x), of `@openclaw/qqbot` and of openclaw-china, by
 * their documents and types.
 */
export const officialReading: Reading = {
  rules: {
    ...only(["enabled"], onOff()),
    ...only(["name", "appId", "contextVisibility", "responsePrefix", "mediaMaxMb", "healthMonitor"], same()),
    clientSecret: same("appSecret"),
    clientSecretFile: same("appSecretFile"),
    ...only(["dmPolicy", "groupPolicy", "transport", "webhook", "requireMention", "defaultRequireMention"], together),
    ...only(["allowFrom", "groupAllowFrom", "groups"], together),
    ...only(["historyLimit"], number()),
    textChunkLimit: number("textChunkLimit", MAX_TEXT_UNITS),
    markdownSupport: onOff("nativeMarkdown"),
    streaming: moveStreaming,
    longTaskNoticeDelayMs: number("progressAfterSeconds", undefined, 1 / 1000),
    systemPrompt: dropped(why.systemPrompt),
    execApprovals: dropped(why.approvers),
    ...only(["stt", "asr", "tts"], dropped(why.speech)),
    ...only(
      ["audioFormatPolicy", "voiceDirectUploadFormats", "urlDirectUpload", "deliverDebounce"],
      dropped(why.builtIn),
    ),
    ...only(["displayAliases"], dropped(why.nameOnly)),
  },
  after: [moveTransport, moveDirect, moveGroups],
};

function only(keys: readonly string[], rule: Rule): Record<string, Rule> {
  return Object.fromEntries(keys.map((key) => [key, rule]));
}

function moveStreaming(value: unknown, move: Move): void {
  const settings = asSection(value);
  const native = settings?.["nativeTransport"] ?? settings?.["c2cStreamApi"] ?? settings?.["mode"] !== "off";
  move.take("streaming", "nativeStreaming", settings ? native === true : asSwitch(value) === true);
}

/** The console of the open platform knows the old address, so it stays the one that is listened on. */
function moveTransport(move: Move): void {
  const { transport, webhook } = move.old;
  if (transport !== "webhook" && transport !== "websocket") return;
  move.take("transport", "transport", transport);
  if (transport === "webhook") move.take("webhook", "webhookPath", asSection(webhook)?.["path"] ?? OLD_WEBHOOK_PATH);
}

/** Whoever was open on purpose stays open; whoever was open for want of a word is not. */
function moveDirect(move: Move): void {
  const { dmPolicy, allowFrom } = saidOf(move, ["dmPolicy", "allowFrom"]);
  const people = asIds(allowFrom)
    .map(normalizeAllowEntry)
    .filter((id) => id !== MARKER);
  const everybody = people.includes("*");
  const listed = people.filter((id) => id !== "*");
  if (dmPolicy === "open") {
    move.take("dmPolicy", "dmPolicy", "open", why.openDirect);
    move.take("allowFrom", "allowFrom", ["*", ...listed]);
  } else if (dmPolicy === "allowlist" && people.length === 0) {
    move.take("dmPolicy", "dmPolicy", "disabled", why.nobody);
  } else if (dmPolicy === "pairing" || dmPolicy === "allowlist" || dmPolicy === "disabled") {
    move.take("dmPolicy", "dmPolicy", dmPolicy);
    if (people.length > 0) move.take("allowFrom", "allowFrom", people);
  } else if (listed.length > 0 && !everybody) {
    move.take("allowFrom", "allowFrom", listed);
    move.take("dmPolicy", "dmPolicy", "allowlist");
  } else if (!isBlank(move.old["appId"]) && move.inherited["dmPolicy"] === undefined) {
    move.take("dmPolicy", "dmPolicy", "pairing", why.nowPairing);
    if (listed.length > 0) move.take("allowFrom", "allowFrom", listed);
  }
}

function moveGroups(move: Move): void {
  const said = saidOf(move, ["groupPolicy", "groupAllowFrom", "groups", ...MENTION]);
  const { groupPolicy, groupAllowFrom, groups: oldGroups } = said;
  const groups: Record<string, Record<string, unknown>> = {};
  for (const [id, entry] of Object.entries(asSection(oldGroups) ?? {})) groups[id] = moveGroup(id, entry, move);
  moveMention(said, move, groups);
  const listed = asIds(groupAllowFrom).map(normalizeAllowEntry);
  const named = listed.length > 0 && listed.every((id) => Object.hasOwn(groups, id));
  if (named) keepOnly(groups, listed);
  else if (listed.length > 0) move.take("groupAllowFrom", "groupAllowFrom", listed, why.peopleOrGroups);
  if (named) move.take("groupAllowFrom", "groups", groups, why.groupsNotPeople);
  else if (!isBlank(oldGroups)) move.take("groups", "groups", groups);
  if (named && groupPolicy === "allowlist") move.take("groupPolicy", "groupPolicy", "open");
  else if (groupPolicy === "open" || groupPolicy === "allowlist" || groupPolicy === "disabled")
    move.take("groupPolicy", "groupPolicy", groupPolicy);
  else if (listed.length > 0) move.take("groupAllowFrom", "groupPolicy", "allowlist");
  else if (!isBlank(move.old["appId"]) && move.inherited["groupPolicy"] === undefined)
    move.take("groupPolicy", "groupPolicy", "allowlist", why.groupsClosed);
}

const MENTION = ["defaultRequireMention", "requireMention"] as const;

/** What holds for all groups stands under `"*"` here. */
function moveMention(old: Section, move: Move, groups: Record<string, Record<string, unknown>>): void {
  for (const key of MENTION) {
    const said = asSwitch(old[key]);
    if (said === undefined) continue;
    groups["*"] = { requireMention: said, ...groups["*"] };
    move.take(key, "groups", groups);
  }
}

/** Groups that are configured but were not on the list stay silent. */
function keepOnly(groups: Record<string, Record<string, unknown>>, listed: readonly string[]): void {
  for (const id of Object.keys(groups)) {
    if (id === "*") {
      for (const own of listed) groups[own] = { ...groups["*"], ...groups[own] };
      delete groups["*"];
    } else if (!listed.includes(id)) groups[id] = { ...groups[id], enabled: false };
  }
}
