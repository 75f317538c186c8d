import type { Emulator } from "../emulator/emulator.ts";
import { defaultSeed, type Seed } from "../emulator/seed.ts";
import type { JsonObject } from "./config.ts";

/** The ways in which the demo's bot can be in QQ; `--transport` names one. */
export const TRANSPORTS = ["websocket", "webhook", "onebot"] as const;
export type TransportName = (typeof TRANSPORTS)[number];

export const isTransport = (text: string): text is TransportName => (TRANSPORTS as readonly string[]).includes(text);

/** How one kind of bot gets into the emulated QQ. */
export interface Road {
  /** Who and what is there. */
  readonly seed: Seed;
  /** AppID of the bot, or QQ number of the personal account. */
  readonly bot: string;
  /** Keys of `channels.qq` that are of this road alone. */
  channel(emulator: Emulator): JsonObject;
  /** Resolves when the gateway at `gatewayUrl` has its line to QQ. */
  connect(emulator: Emulator, gatewayUrl: string): Promise<void>;
}

const WEBHOOK_PATH = "/qq-official-webhook";
/** How long a gateway that is ready may take to its line, ms. */
const CONNECT_MS = 30_000;

const [bot] = defaultSeed.bots;
if (!bot) throw new Error("the emulated QQ has no bot");

/** The same people and group, with a personal account in the bot's place. Guilds are for official bots. */
const account = { uin: "2854196310", name: bot.name, token: "emulated-napcat-token" } as const;
const personalSeed: Seed = {
  ...defaultSeed,
  bots: [],
  accounts: [account],
  groups: defaultSeed.groups.map((group) => ({ ...group, bots: [account.uin] })),
  channels: [],
};

function officialRoad(transport: "websocket" | "webhook", { appId, secret: appSecret }: typeof bot & object): Road {
  return {
    seed: defaultSeed,
    bot: appId,
    channel: ({ url }) => ({ apiBaseUrl: url, appId, appSecret, transport, webhookPath: WEBHOOK_PATH }),
    async connect(emulator, gatewayUrl) {
      if (transport === "websocket") return emulator.waitForSessions(appId, 1, CONNECT_MS);
      // As its owner would write it into the console.
      const webhookUrl = `${gatewayUrl}${WEBHOOK_PATH}`;
      const { ok, error } = await emulator.control.call("transport", { bot: appId, mode: "webhook", webhookUrl });
      if (!ok) throw new Error(`QQ does not take ${webhookUrl}: ${error}`);
    },
  };
}

const personalRoad: Road = {
  seed: personalSeed,
  bot: account.uin,
  channel(emulator) {
    const { httpUrl, wsUrl } = emulator.napcat(account.uin);
    return { httpUrl, wsUrl, accessToken: account.token };
  },
  connect: (emulator) => emulator.waitForSessions(account.uin, 1, CONNECT_MS),
};

export const roads: Readonly<Record<TransportName, Road>> = {
  websocket: officialRoad("websocket", bot),
  webhook: officialRoad("webhook", bot),
  onebot: personalRoad,
};
