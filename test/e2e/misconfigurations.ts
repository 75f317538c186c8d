import { join } from "node:path";
import type { JsonObject } from "../../demo/config.ts";
import type { AccountSeed, BotSeed } from "../../emulator/seed.ts";
import { bot } from "./support.ts";

/** A fault that somebody has configured, and what must be said of it. */
export interface Fault {
  readonly name: string;
  /** What was seen, and what to do about it, as the status says them; each is looked for in its own place. */
  readonly cause: RegExp;
  readonly fix: RegExp;
  readonly where: "status" | "doctor";
  /** The line says it itself: one text holds first the cause and then the fix, and the host's own `fix` says nothing. */
  readonly inOneLine?: true;
  /** All that `qq doctor` finds wrong with the account; the first one names this fault. */
  readonly checks: readonly string[];
  /** What that one says, where its words are others. */
  readonly inDoctor?: { readonly cause: RegExp; readonly fix: RegExp };
  /** A bot of the emulated platform that the account is set up with, with the console's side of the fault. */
  readonly bot?: Partial<BotSeed>;
  /** A personal account with a NapCat, the same way. */
  readonly napcat?: Partial<AccountSeed>;
  /** The account's entry; `own` is what would be right. */
  readonly entry?: (own: JsonObject, places: Places) => JsonObject;
  /** What the log says of the account once the fault has shown. */
  readonly shown?: RegExp;
}

export interface Places {
  /** Nobody listens there. */
  readonly closed: string;
  readonly directory: string;
}

/** Of the bot that the configuration of another plugin has too. */
export const SIBLING_APP_ID = "102777777";

/** The account of the bot is right; another one has the same bot. */
export const right = bot(1);

const STOPPED = /account stopped/;
const WAITING = /line waiting/;
const COMPARE = /compare both with q\.qq\.com, development settings/;

/** One account each; `qq doctor` must find all of them, and `channels status --probe` those of `status`. */
export const faults: readonly Fault[] = [
  {
    name: "wrong-secret",
    where: "status",
    bot: {},
    entry: (own) => ({ ...own, appSecret: "not-the-secret" }),
    shown: STOPPED,
    cause: /does not accept this bot's AppID or AppSecret.*code 100016/,
    fix: COMPARE,
    inOneLine: true,
    checks: ["token"],
    inDoctor: { cause: /no access token \(code 100016/, fix: COMPARE },
  },
  {
    name: "unknown-bot",
    where: "status",
    entry: () => ({ appId: "102999999", appSecret: "a-secret-of-nobody" }),
    shown: STOPPED,
    cause: /does not accept this bot's AppID or AppSecret.*code 100016/,
    fix: COMPARE,
    inOneLine: true,
    checks: ["token"],
    inDoctor: { cause: /no access token \(code 100016/, fix: COMPARE },
  },
  {
    name: "no-secret",
    where: "status",
    bot: {},
    entry: ({ appId }) => ({ appId: appId ?? "" }),
    shown: STOPPED,
    cause: /accounts\.no-secret\.appSecret is missing/,
    fix: /copy the AppSecret from q\.qq\.com/,
    inOneLine: true,
    checks: ["credentials"],
    inDoctor: {
      cause: /accounts\.no-secret\.appSecret is missing: copy the AppSecret/,
      fix: /correct channels\.qq\.accounts\.no-secret/,
    },
  },
  {
    name: "no-appid",
    where: "status",
    entry: () => ({ appSecret: "a-lonely-secret" }),
    shown: STOPPED,
    cause: /accounts\.no-appid\.appId is missing/,
    fix: /copy the AppID from q\.qq\.com/,
    inOneLine: true,
    checks: ["credentials"],
    inDoctor: {
      cause: /accounts\.no-appid\.appId is missing: copy the AppID/,
      fix: /correct channels\.qq\.accounts\.no-appid\.appId/,
    },
  },
  {
    name: "no-file",
    where: "status",
    entry: (_own, { directory }) => ({ appId: "102999998", appSecretFile: join(directory, "nowhere") }),
    shown: STOPPED,
    cause: /appSecretFile: the file cannot be read \(ENOENT\)/,
    fix: /give the path of a file that holds the AppSecret/,
    inOneLine: true,
    checks: ["credentials"],
    inDoctor: {
      cause: /the file cannot be read \(ENOENT\)/,
      fix: /correct channels\.qq\.accounts\.no-file\.appSecretFile/,
    },
  },
  {
    name: "empty-file",
    where: "status",
    entry: (_own, { directory }) => ({ appId: "102999997", appSecretFile: join(directory, "empty") }),
    shown: STOPPED,
    cause: /appSecretFile: the file is empty/,
    fix: /write the AppSecret into it/,
    inOneLine: true,
    checks: ["credentials", "secret-file"],
    inDoctor: {
      cause: /the file is empty; write the AppSecret/,
      fix: /correct channels\.qq\.accounts\.empty-file\.appSecretFile/,
    },
  },
  {
    name: "ip-blocked",
    where: "status",
    bot: { ipAllowed: false },
    shown: WAITING,
    cause: /refuses calls from this machine's address.*address 127\.0\.0\.1/,
    fix: /IP allow-list/,
    inOneLine: true,
    checks: ["ip-allow-list"],
    inDoctor: { cause: /QQ sees this machine as 127\.0\.0\.1 that is not in/, fix: /add that address at q\.qq\.com/ },
  },
  {
    name: "no-network",
    where: "status",
    bot: {},
    entry: (own, { closed }) => ({ ...own, apiBaseUrl: closed }),
    shown: WAITING,
    cause: /ECONNREFUSED/,
    fix: /check the network and apiBaseUrl/,
    inOneLine: true,
    checks: ["platform"],
    inDoctor: { cause: /no answer from QQ at 127\.0\.0\.1:\d+/, fix: /check the network and apiBaseUrl/ },
  },
  {
    name: "no-intents",
    where: "status",
    bot: { intents: 1 << 30 },
    shown: STOPPED,
    cause: /no right to group and C2C events.*4014/,
    fix: /apply for it at q\.qq\.com/,
    inOneLine: true,
    checks: ["line"],
  },
  {
    name: "banned",
    where: "status",
    bot: { state: "banned" },
    shown: /account stopped|line waiting/,
    cause: /this bot is banned.*4915/,
    fix: /appeal on q\.qq\.com/,
    inOneLine: true,
    checks: ["line"],
  },
  {
    name: "off-shelf",
    where: "status",
    bot: { state: "off-shelf" },
    shown: /account stopped|line waiting/,
    cause: /off the shelf.*4914/,
    fix: /publish it at q\.qq\.com/,
    inOneLine: true,
    checks: ["line"],
  },
  {
    name: "path-taken",
    where: "status",
    bot: {},
    entry: (own) => ({ ...own, webhookPath: "/readyz" }),
    shown: STOPPED,
    cause: /webhookPath \/readyz is the gateway's own/,
    fix: /choose another/,
    inOneLine: true,
    checks: ["line"],
  },
  {
    name: "never-called",
    where: "status",
    bot: {},
    entry: (own) => ({ ...own, webhookPath: "/qq-never" }),
    cause: /no event has come to \/qq-never yet/,
    fix: /enter https:\/\/<public address of this gateway>\/qq-never and tick/,
    checks: ["webhook-never-called"],
  },
  {
    name: "bad-signature",
    where: "status",
    bot: {},
    entry: (own) => ({ ...own, webhookPath: "/qq-forged" }),
    cause: /came to \/qq-forged with a wrong signature/,
    fix: /copy the AppSecret from q\.qq\.com into channels\.qq\.accounts\.bad-signature\.appSecret/,
    checks: ["webhook-signature"],
  },
  {
    name: "wrong-bot",
    where: "status",
    bot: {},
    entry: (own) => ({ ...own, webhookPath: "/qq-foreign" }),
    cause: /came to \/qq-foreign for an AppID other than/,
    fix: /compare channels\.qq\.accounts\.wrong-bot\.appId with q\.qq\.com/,
    checks: ["webhook-wrong-bot"],
  },
  {
    name: "unsigned",
    where: "status",
    bot: {},
    entry: (own) => ({ ...own, webhookPath: "/qq-unsigned" }),
    cause: /came to \/qq-unsigned without a signature/,
    fix: /have the proxy pass on the headers X-Signature-Ed25519/,
    checks: ["webhook-unsigned"],
  },
  {
    name: "clock-off",
    where: "status",
    bot: {},
    entry: (own) => ({ ...own, webhookPath: "/qq-late" }),
    cause: /this machine's clock is \d+ s ahead/,
    fix: /set this machine's clock by NTP/,
    checks: ["clock"],
  },
  {
    name: "twin",
    where: "status",
    entry: () => ({ appId: right.appId, appSecret: right.secret }),
    cause: /account right has the AppID \d+ too/,
    fix: /remove one of the two, or give it a bot of its own/,
    checks: ["same-bot"],
  },
  {
    name: "sibling",
    where: "status",
    bot: { appId: SIBLING_APP_ID },
    cause: /channels\.qqbot is set up with the same bot/,
    fix: /set channels\.qqbot\.enabled to false, or move it in with `openclaw qq import`/,
    checks: ["sibling-plugin"],
  },
  {
    name: "only-mentions",
    where: "status",
    bot: {},
    entry: (own) => ({ ...own, groupPolicy: "open", groups: { "*": { requireMention: false } } }),
    cause: /QQ has sent only messages that mention the bot/,
    fix: /获取群内全部消息/,
    checks: ["groups-only-mentions", "open-groups"],
  },
  {
    name: "bad-token",
    where: "status",
    napcat: {},
    entry: (own) => ({ ...own, accessToken: "not-the-token-of-napcat" }),
    shown: WAITING,
    cause: /the access token is refused/,
    fix: /set accessToken to the token of NapCat's WebSocket server/,
    inOneLine: true,
    checks: ["napcat-socket-access", "napcat-access"],
    inDoctor: { cause: /refuses the access token at ws:/, fix: /copy the token of that very server/ },
  },
  {
    name: "no-napcat",
    where: "status",
    entry: (_own, { closed }) => ({ wsUrl: closed.replace("http", "ws"), accessToken: "a-token-of-16-or-more" }),
    shown: WAITING,
    cause: /could not reach 127\.0\.0\.1:\d+: closed with 1006/,
    fix: /check that NapCat runs, and that its WebSocket server is enabled/,
    inOneLine: true,
    checks: ["napcat-socket"],
    inDoctor: { cause: /no OneBot socket at ws:.*could not reach/, fix: /enable a WebSocket server in NapCat/ },
  },
  {
    name: "swapped",
    where: "status",
    napcat: {},
    entry: (own) => ({ accessToken: own["accessToken"] ?? "", wsUrl: textOf(own["httpUrl"]).replace("http", "ws") }),
    shown: WAITING,
    cause: /could not reach 127\.0\.0\.1:\d+: closed with 1006 \(HTTP 200\)/,
    fix: /wsUrl names the WebSocket server of NapCat, not its HTTP server/,
    inOneLine: true,
    checks: ["napcat-socket"],
    inDoctor: {
      cause: /no OneBot socket at ws:.*\(HTTP 200\)/,
      fix: /set wsUrl to its host and port, not the HTTP server's/,
    },
  },
  {
    name: "logged-out",
    where: "status",
    napcat: {},
    shown: /line offline/,
    cause: /the QQ account is not logged in/,
    fix: /log in again in NapCat \(its WebUI/,
    inOneLine: true,
    checks: ["napcat-login"],
    inDoctor: { cause: /the account .* is not logged in to QQ/, fix: /log in again in NapCat/ },
  },
  {
    name: "another-account",
    where: "status",
    napcat: {},
    entry: (own) => ({ ...own, selfId: "99999" }),
    shown: /account stopped|line waiting/,
    cause: /selfId is 99999, but the account behind wsUrl and httpUrl is \d+/,
    fix: /correct one of them/,
    inOneLine: true,
    checks: ["napcat-account"],
    inDoctor: { cause: /logged in as \d+, and selfId says 99999/, fix: /correct selfId, or the address/ },
  },
  {
    name: "nobody-dials",
    where: "status",
    entry: () => ({ reversePath: "/qq-onebot/nobody", accessToken: "a-token-of-16-or-more" }),
    cause: /nobody has connected yet/,
    fix: /enable a WebSocket client in NapCat that dials the gateway at reversePath/,
    inOneLine: true,
    checks: ["line"],
  },
  {
    name: "open-port",
    where: "status",
    entry: () => ({ wsUrl: "ws://napcat.invalid:3001" }),
    cause: /accounts\.open-port\.accessToken is empty though NapCat is on napcat\.invalid/,
    fix: /set a token of 16 characters or more/,
    checks: ["napcat-token", "plain-address", "same-napcat", "napcat-socket"],
  },
  {
    name: "plain-text",
    where: "status",
    entry: () => ({ wsUrl: "ws://plain.invalid:3001", accessToken: "a-token-of-16-or-more" }),
    cause: /accounts\.plain-text\.wsUrl leads to plain\.invalid without encryption/,
    fix: /write wss:\/\/ there/,
    checks: ["plain-address", "napcat-socket"],
  },
  {
    name: "weak-token",
    where: "status",
    entry: () => ({ wsUrl: "ws://qq-nas:3001", accessToken: "123456" }),
    cause: /accessToken is shorter than 16 characters, and NapCat is on qq-nas/,
    fix: /set a token of 16 characters or more/,
    checks: ["napcat-token", "napcat-socket"],
  },
  {
    name: "same-napcat",
    where: "status",
    entry: () => ({ wsUrl: "ws://napcat.invalid:3001", accessToken: "a-token-of-16-or-more" }),
    cause: /account open-port is the same QQ account/,
    fix: /give each its own NapCat/,
    checks: ["same-napcat", "plain-address", "napcat-socket"],
  },
  {
    name: "cq-strings",
    where: "doctor",
    napcat: { napcat: { wsFormat: "string" } },
    cause: /NapCat sends messages as CQ strings/,
    fix: /to Array/,
    checks: ["napcat-format"],
  },
  {
    name: "less-intents",
    where: "doctor",
    bot: { intents: 1 << 25 },
    cause: /QQ has not granted .*INTERACTION/,
    fix: /apply for them at q\.qq\.com/,
    checks: ["intents"],
  },
  {
    name: "open-dms",
    where: "doctor",
    bot: {},
    entry: (own) => ({ ...own, dmPolicy: "open", allowFrom: ["*"] }),
    cause: /accounts\.open-dms\.dmPolicy is open/,
    fix: /set channels\.qq\.accounts\.open-dms\.dmPolicy to "pairing"/,
    checks: ["open-dms"],
  },
  {
    name: "open-groups",
    where: "doctor",
    bot: {},
    entry: (own) => ({ ...own, groupAllowFrom: ["*"] }),
    cause: /accounts\.open-groups\.groupAllowFrom lets every member of every group speak/,
    fix: /list the groups in channels\.qq\.accounts\.open-groups\.groups/,
    checks: ["open-groups"],
  },
];

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}
