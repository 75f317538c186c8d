const secretRef = { source: "env", provider: "default", id: "QQ_BOT_APP_SECRET" };

/** Values of `channels.qq` that documents show to people, or that follow from the keys they list. */
export const examples: Readonly<Record<string, object>> = {
  "the page of the channel: set-up": {
    enabled: true,
    apiBaseUrl: "https://api.sgroup.qq.com",
    appId: "102000001",
    appSecret: "your-qq-app-secret",
    webhookPath: "/qq-official-webhook",
    dmPolicy: "pairing",
  },
  "the page of the channel: groups": {
    groupPolicy: "allowlist",
    groups: { group_openid_123: { requireMention: true }, "*": { requireMention: true } },
    groupAllowFrom: ["user_openid_1", "user_openid_2"],
  },
  "the page of the channel: each key it lists": {
    appId: "102000001",
    appSecretFile: "/run/secrets/qq",
    dmPolicy: "open",
    allowFrom: ["*"],
    groupPolicy: "open",
    textChunkLimit: 2000,
    chunkMode: "newline",
    accounts: { work: { appId: "102000002", appSecret: "other" } },
  },
  "the page of the personal account: groups": {
    groups: {
      "123456789": { requireMention: false, allowFrom: ["987654321"] },
      "*": { requireMention: true },
    },
  },
  "the proposal: an AppID and an AppSecret": { appId: "102000001", appSecret: "secret" },
  "an AppID as a number": { appId: 102_000_001 },
  "a secret reference": { appId: "102000001", appSecret: secretRef },
  "a group with everything": {
    groups: {
      G: { requireMention: false, allowFrom: ["A"], tools: { allow: ["web"], deny: ["exec"] }, systemPrompt: "Short." },
    },
  },
  "two accounts and a default": {
    defaultAccount: "work",
    accounts: {
      home: { appId: "102000001", transport: "websocket", locale: "zh", enabled: false, name: "Home" },
      work: { appId: "102000002", transport: "webhook", webhookPath: "/work", dmPolicy: "disabled" },
    },
  },
  "the emulator": { apiBaseUrl: "http://127.0.0.1:8080/", appId: "102000001", appSecret: "x", historyLimit: 0 },
  "shards by number": { appId: "102000001", shards: 4, guildMessages: true },
  "shards as QQ recommends": { accounts: { big: { appId: "102000001", shards: "auto" } } },
  "how much is remembered, and what is quoted": {
    historyLimit: 20,
    dmHistoryLimit: 10,
    replyToMode: "all",
    accounts: { work: { historyLimit: 0, replyToMode: "off" } },
  },
  "what QQ is asked to take": { nativeMarkdown: false, proactivePerDay: 0, mediaMaxMb: 100, typing: false },
  nothing: {},
};

/** What is wrong, the path it is refused at, and the whole sentence as `path: message`. */
export const refused: readonly (readonly [config: object, path: string, message: RegExp])[] = [
  [{ appid: "102000001" }, "", /Unrecognized key: "appid"/],
  [{ accounts: { work: { secret: "x" } } }, "accounts.work", /Unrecognized key: "secret"/],
  [{ accounts: { work: { accounts: {} } } }, "accounts.work", /Unrecognized key: "accounts"/],
  [{ groups: { G: { mention: true } } }, "groups.G", /Unrecognized key: "mention"/],
  [{ dmPolicy: "open" }, "allowFrom", /channels\.qq\.dmPolicy="open" requires channels\.qq\.allowFrom.*"\*"/],
  [{ dmPolicy: "open", allowFrom: ["A"] }, "allowFrom", /"\*"/],
  [{ accounts: { work: { dmPolicy: "open" } } }, "accounts.work.allowFrom", /channels\.qq\.accounts.*"\*"/],
  [{ dmPolicy: "everybody" }, "dmPolicy", /"pairing"/],
  [{ groupPolicy: "pairing" }, "groupPolicy", /"allowlist"/],
  [{ transport: "carrier-pigeon" }, "transport", /"webhook"\|"websocket"/],
  [{ locale: "fr" }, "locale", /"en"\|"zh"/],
  [{ chunkMode: "word" }, "chunkMode", /"length"\|"newline"/],
  [{ webhookPath: "qq" }, "webhookPath", /starts with \//],
  [{ webhookPath: "" }, "webhookPath", /starts with \//],
  [{ webhookPath: "/qq?x=1" }, "webhookPath", /starts with \//],
  [{ webhookPath: "/q q" }, "webhookPath", /starts with \//],
  [{ apiBaseUrl: "api.bot.qq.com" }, "apiBaseUrl", /origin such as https:\/\/api\.bot\.qq\.com/],
  [{ apiBaseUrl: "https://api.bot.qq.com/v2" }, "apiBaseUrl", /without a path/],
  [{ apiBaseUrl: "ftp://api.bot.qq.com" }, "apiBaseUrl", /origin/],
  [{ appId: "my bot" }, "appId", /digits only/],
  [{ appId: "" }, "appId", /digits only/],
  [{ appId: "6F1C0A9B8E7D5C4B3A29181706F5E4D3" }, "appId", /digits only/],
  [{ appId: 1.5 }, "appId", /./],
  [{ appId: -1 }, "appId", /./],
  [{ appSecretFile: "" }, "appSecretFile", /./],
  [{ historyLimit: -1 }, "historyLimit", /./],
  [{ textChunkLimit: 0 }, "textChunkLimit", /./],
  [{ shards: 0 }, "shards", /write "auto", or a number from 1 to 1000/],
  [{ shards: "4" }, "shards", /write "auto"/],
  [{ guildMessages: "yes" }, "guildMessages", /./],
  [{ replyToMode: "always" }, "replyToMode", /"off"/],
  [{ proactivePerDay: -1 }, "proactivePerDay", /./],
  [{ nativeMarkdown: "auto" }, "nativeMarkdown", /./],
  [{ dmHistoryLimit: -1 }, "dmHistoryLimit", /./],
  [{ accounts: { work: { groups: { G: { tool: {} } } } } }, "accounts.work.groups.G", /Unrecognized key: "tool"/],
];
