import { LISTENER_TOKEN_LENGTH, REVERSE_ROOT } from "../config/onebot-schema.ts";
import type { Wording } from "../errors.ts";
import { MAX_TEXT_UNITS } from "../protocol/official/limits.ts";
import { asSection, isBlank, type Move, type Rule } from "./moved.ts";
import { ACCESS, moveAccess } from "./onebot-access.ts";
import { dropped, number, onOff, same, together, type Reading } from "./rules.ts";
import { why } from "./texts.ts";

/** Reasons for keys without a successor, as the old plugins spell them. */
const gone: readonly (readonly [Wording, ...string[]])[] = [
  [why.builtIn, "enableDeduplication", "enableErrorNotify", "enableUpdateCheck", "maxRetries", "retryDelayMs"],
  [why.builtIn, "requireReverseWsToken", "sensitiveFileGuard", "autoMarkRead", "enrichReplyForwardContext"],
  [why.plainText, "formatMarkdown", "plainTextMode", "markdownMode"],
  [why.pathless, "sharedMediaHostDir", "sharedMediaContainerDir", "mediaProxyEnabled", "publicBaseUrl", "paths"],
  [
    why.pathless,
    "mediaProxyToken",
    "mediaProxyBaseUrl",
    "mediaProxyListenHost",
    "mediaProxyListenPort",
    "voiceBasePath",
  ],
  [why.pathless, "mediaProxyTtlSec", "mediaProxyPath", "mediaPathAllowlist", "groupFileHostPrefix"],
  [why.pathless, "groupFileContainerPrefix", "groupFileStageHostDir", "groupFileStageContainerDir", "groupFileFolder"],
  [why.systemPrompt, "systemPrompt", "responseGuidelines"],
  [why.blockedUsers, "blockedUsers"],
  [why.keywords, "keywordTriggers", "keywordOnlyTrigger", "silentKeywords"],
  [why.speech, "enableTTS", "enableSTT", "aiVoiceId"],
  [why.logging, "debug", "logBufferSize", "enableInboundLogging", "inboundLogDir", "loggingTraceEnabled"],
  [why.logging, "loggingVerboseErrors", "debugLayerTrace"],
  [why.agent, "agentId"],
  [why.noGuilds, "enableGuilds"],
  [why.behaviour, "passiveMode", "proactive", "proactiveDmEnabled", "proactiveDmRoute", "behavior", "models"],
  [why.behaviour, "antiRiskMode", "interruptOnNewMessage", "queueDebounceMs", "streaming_mode", "limits"],
];

/**
 * Personal accounts: `channels.qq` of constansino/openclaw_qq, Daiyimo/openclaw-napcat and xingyingyuzhui/openclaw-QQ,
 * `channels.napcat` of ProperSAMA/openclaw-napcat-plugin and Daiyimo's newer releases, and the settings of
 * Gu-Heping/openclaw-napcat-qq, by their documents and schemas. One name means one thing in all of them.
 */
export const oneBotReading: Reading = {
  rules: {
    ...Object.fromEntries(gone.flatMap(([reason, ...keys]) => keys.map((key) => [key, dropped(reason)]))),
    enabled: onOff(),
    name: same(),
    wsUrl: address("wsUrl", "ws"),
    httpUrl: address("httpUrl", "http"),
    url: address("httpUrl", "http", why.eventsBySocket),
    reverseWsPort: together,
    accessToken: same(),
    token: same("accessToken"),
    tokenFile: same(),
    accessTokenFile: same("tokenFile"),
    selfId: same(),
    historyLimit: number(),
    maxMessageLength: number("textChunkLimit", MAX_TEXT_UNITS),
    rateLimitMs: number("sendGapMs"),
    sendQueueBaseDelayMs: number("sendGapMs"),
    connectionTimeoutMs: number(),
    reconnectIntervalMs: number(),
    network: moveNetwork,
    enablePrivateTypingStatus: onOff("typing"),
    autoApproveRequests: moveRequests,
    reactionEmoji: same("ackReaction"),
    enableReactions: (value, move, key) => {
      if (value === false) move.take(key, "ackReaction", "");
    },
    ...Object.fromEntries(ACCESS.map((key) => [key, together])),
  },
  after: [moveListener, moveAccess],
};

/** An address as the schema takes it: without a token in it, and never that of every interface. */
function address(to: "wsUrl" | "httpUrl", scheme: "ws" | "http", note?: Wording): Rule {
  return (value, move, key) => {
    const url = URL.parse(String(value).trim());
    if (!url || (url.protocol !== `${scheme}:` && url.protocol !== `${scheme}s:`)) {
      move.drop(key, why.badAddress);
      return;
    }
    const token = url.searchParams.get("access_token");
    if (token !== null && isBlank(move.old["accessToken"])) move.take(key, "accessToken", token, why.tokenOutOfUrl);
    if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
    const path = url.pathname === "/" ? "" : url.pathname.replace(/\/(?:api|event)\/?$/, "");
    move.take(key, to, `${url.protocol}//${url.host}${path}`, note);
  };
}

function moveNetwork(value: unknown, move: Move): void {
  const delay = asSection(value)?.["reconnectDelayMs"];
  if (isBlank(delay)) move.drop("network", why.builtIn);
  else number("reconnectIntervalMs")(delay, move, "network.reconnectDelayMs");
}

function moveRequests(value: unknown, move: Move): void {
  if (value !== true && value !== "true") {
    move.drop("autoApproveRequests", why.asksOwner);
    return;
  }
  move.take("autoApproveRequests", "friendRequests", "approve");
  move.take("autoApproveRequests", "groupRequests", "approve");
}

/** A port of the old plugin's own; here NapCat dials the gateway, which takes only good tokens. */
function moveListener(move: Move): void {
  if (isBlank(move.old["reverseWsPort"])) return;
  const token = move.patch["accessToken"];
  const weak = token === undefined || (typeof token === "string" && token.trim().length < LISTENER_TOKEN_LENGTH);
  if (weak) move.take("reverseWsPort", "transport", "onebot", why.weakToken);
  else move.take("reverseWsPort", "reversePath", REVERSE_ROOT, why.dialsGateway);
}
