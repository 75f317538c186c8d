const secretRef = { source: "env", provider: "default", id: "QQBOT_CLIENT_SECRET" };

/** Configurations as the predecessors' own documents write them, by name; each is the whole of what concerns QQ. */
export const oldConfigs: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  "tencent-minimal": {
    channels: { qqbot: { enabled: true, appId: "102000001", clientSecret: "old-secret-1" } },
    plugins: { entries: { "openclaw-qqbot": { enabled: true }, qq: { enabled: true } } },
  },
  "tencent-webhook-groups": {
    channels: {
      qqbot: {
        enabled: true,
        appId: "102000001",
        clientSecret: secretRef,
        transport: "webhook",
        dmPolicy: "open",
        allowFrom: ["openclaw:approval-disabled"],
        groupPolicy: "allowlist",
        groupAllowFrom: ["GROUPA"],
        groups: {
          "*": { requireMention: true, historyLimit: 50, tools: { deny: ["exec"] } },
          GROUPA: { name: "Release room", requireMention: false, prompt: "Keep it short.", commandLevel: "safety" },
          GROUPB: { requireMention: true },
        },
        markdownSupport: false,
        streaming: { mode: "partial", nativeTransport: true },
        systemPrompt: "You are a helpful bot.",
        stt: { provider: "openai", apiKey: "stt-secret" },
        execApprovals: { enabled: true, approvers: ["AAA"] },
        upgradeMode: "doc",
      },
    },
    bindings: [
      { agentId: "work", match: { channel: "qqbot", peer: { kind: "group", id: "GROUPA" } } },
      { agentId: "main", match: { channel: "telegram" } },
    ],
    plugins: { entries: { qqbot: { enabled: true } } },
  },
  "openclaw-china-accounts": {
    channels: {
      qqbot: {
        enabled: true,
        defaultAccount: "bot1",
        groupPolicy: "open",
        requireMention: true,
        textChunkLimit: 1500,
        longTaskNoticeDelayMs: 5000,
        c2cMarkdownDeliveryMode: "proactive-all",
        accounts: {
          bot1: {
            name: "主机器人",
            appId: 1_234_567_890,
            clientSecret: "secret-1",
            allowFrom: ["qqbot:AAA", "qqbot:c2c:BBB"],
          },
          bot2: {
            name: "备用机器人",
            appId: "0987654321",
            clientSecretFile: "/run/secrets/bot2",
            dmPolicy: "disabled",
          },
        },
      },
    },
  },
  "openclaw-qq": {
    channels: {
      qq: {
        wsUrl: "ws://127.0.0.1:3001/?access_token=token-in-the-url-123",
        admins: "1838552185，123456789",
        adminOnlyChat: "true",
        allowedGroups: "883766069 123456",
        requireMention: true,
        rateLimitMs: "1000",
        maxMessageLength: 9000,
        historyLimit: 0,
        keywordTriggers: "小助手, 帮我",
        blockedUsers: "342571216",
        emptyReplyFallbackText: "…",
        sharedMediaHostDir: "/data/media",
      },
    },
    plugins: { entries: { qq: { enabled: true } } },
  },
  "openclaw-napcat-reverse": {
    channels: {
      qq: {
        reverseWsPort: 3002,
        httpUrl: "http://0.0.0.0:3000",
        accessToken: "a-token-of-20-letters",
        admins: [12_345_678],
        allowedGroups: [10_001, 10_002],
        systemPrompt: "好好干",
        autoApproveRequests: true,
        reactionEmoji: "128077",
        enableTTS: false,
      },
    },
  },
  "openclaw-qq-weak-listener": {
    channels: { qq: { reverseWsPort: 3002, accessToken: "123456", admins: [12_345_678] } },
  },
  "napcat-plugin": {
    channels: {
      napcat: {
        enabled: true,
        agentId: "main",
        url: "http://127.0.0.1:15150",
        allowUsers: ["123456789", "987654321"],
        enableGroupMessages: true,
        groupWhitelist: ["223456789"],
        groupMentionOnly: true,
        plainTextMode: true,
        mediaProxyEnabled: true,
        mediaProxyToken: "change-me",
        enablePrivateTypingStatus: true,
        inboundLogDir: "/logs",
      },
    },
    plugins: { entries: { napcat: { enabled: true } } },
  },
  "napcat-plugin-open": {
    channels: {
      napcat: { enabled: true, url: "http://127.0.0.1:15150", enableGroupMessages: true, groupMentionOnly: true },
    },
  },
  "napcat-qq": {
    plugins: {
      entries: {
        "napcat-qq": {
          enabled: true,
          config: {
            httpUrl: "http://127.0.0.1:3000",
            wsUrl: "ws://127.0.0.1:3001",
            token: "napcat-token",
            selfId: "10001",
            network: { reconnectDelayMs: 3000 },
            proactive: { enabled: true },
          },
        },
      },
    },
  },
};
