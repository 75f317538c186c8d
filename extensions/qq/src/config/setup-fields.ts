/** Roads that `channels add --transport` takes; `napcat` is what users call `onebot`. */
const ROADS = ["websocket", "webhook", "onebot", "napcat"] as const;

/**
 * What `openclaw channels add --channel qq` takes, with its flags. The package's manifest and the plugin's set-up are
 * both made of it; the host wants each key to be the flag's name in camelCase.
 */
export const setupFields = {
  token: {
    kind: "string",
    sensitive: true,
    cli: { flags: "--token <token>", description: "AppID and AppSecret of an official bot at once: AppID:AppSecret" },
  },
  appId: { kind: "string", cli: { flags: "--app-id <id>", description: "AppID of an official bot, from q.qq.com" } },
  appSecret: {
    kind: "string",
    sensitive: true,
    cli: { flags: "--app-secret <secret>", description: "AppSecret of that bot" },
  },
  appSecretFile: {
    kind: "string",
    cli: { flags: "--app-secret-file <path>", description: "File that holds the AppSecret" },
  },
  transport: {
    kind: "choice",
    choices: ROADS,
    cli: {
      flags: "--transport <kind>",
      description:
        "websocket: official bot, nothing to open (default); webhook: official bot with a public address; onebot or napcat: personal account",
    },
  },
  webhookPath: {
    kind: "string",
    cli: { flags: "--webhook-path <path>", description: "Path of the webhook (default /qq-official-webhook)" },
  },
  publicUrl: {
    kind: "string",
    cli: {
      flags: "--public-url <url>",
      description: "Public address of this gateway, to print the whole callback address; not saved",
    },
  },
  httpUrl: {
    kind: "string",
    cli: { flags: "--http-url <url>", description: "NapCat's HTTP server, such as http://127.0.0.1:3000" },
  },
  wsUrl: {
    kind: "string",
    cli: { flags: "--ws-url <url>", description: "NapCat's WebSocket server (default ws://127.0.0.1:3001)" },
  },
  accessToken: {
    kind: "string",
    sensitive: true,
    cli: { flags: "--access-token <token>", description: "NapCat's token; a fresh one is made when left out" },
  },
  tokenFile: { kind: "string", cli: { flags: "--token-file <path>", description: "File that holds NapCat's token" } },
  reversePath: {
    kind: "string",
    cli: { flags: "--reverse-path <path>", description: "Path that NapCat dials this gateway on, such as /qq-onebot" },
  },
  selfId: {
    kind: "string",
    cli: { flags: "--self-id <number>", description: "QQ number that NapCat must be logged in as" },
  },
  useEnv: {
    kind: "boolean",
    cli: {
      flags: "--use-env",
      description: "Official bot from QQ_BOT_APP_ID and QQ_BOT_APP_SECRET (default account only)",
    },
    // The secret has two names: the plugin looks for it itself.
    envVars: ["QQ_BOT_APP_ID"],
  },
} as const;

/** As package.json carries them, for the host's help before the plugin is loaded. */
export function setupMetadata() {
  return { fields: Object.entries(setupFields).map(([key, field]) => ({ key, ...field })) };
}
