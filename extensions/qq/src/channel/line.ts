import type { DatabaseSync } from "node:sqlite";
import type { ChannelGatewayContext } from "openclaw/plugin-sdk/channel-contract";
import { settled, type OfficialAccount, type OneBotAccount, type QQAccount } from "../config/account.ts";
import type { AccountConfig } from "../config/schema.ts";
import { openOneBotMemory } from "../journal/onebot-marks.ts";
import { DEFAULT_INTENTS } from "../protocol/official/intents.ts";
import type { Log } from "../transport/log.ts";
import { createGatewayTransport } from "../transport/official/gateway.ts";
import { createWebhookTransport } from "../transport/official/webhook-transport.ts";
import { createOneBotTransport } from "../transport/onebot/onebot.ts";
import type { LineOptions, Transport } from "../transport/transport.ts";
import { gatewayMemory } from "./gateway-memory.ts";
import { openOneBotRoute } from "./onebot-route.ts";
import { outside } from "./outside.ts";
import { openWebhookRoute } from "./webhook-route.ts";

type Context = ChannelGatewayContext<QQAccount>;

interface LineParts {
  readonly journal: DatabaseSync;
  readonly log: Log;
  readonly report: LineOptions["report"];
}

/** A transport with what it takes to run it in the host. */
interface Line {
  readonly transport: Transport;
  run(signal: AbortSignal): Promise<void>;
}

/** Opens the road that the account is configured for. Throws `QQConfigError` when its configuration is incomplete. */
export function openLine({ account }: Context, parts: LineParts, accept: LineOptions["accept"]): Line {
  const options = { outside, log: parts.log, accept, report: parts.report };
  switch (account.transport) {
    case "websocket":
      return openGatewayLine(account, options, parts.journal);
    case "webhook":
      return openWebhookLine(account, options);
    case "onebot":
      return openOneBotLine(account, options, parts.journal);
  }
}

function openGatewayLine(account: OfficialAccount, options: LineOptions, journal: DatabaseSync): Line {
  const credentials = settled(account.credentials);
  const transport = createGatewayTransport({
    ...options,
    ...gatewayMemory(journal, account.accountId, credentials),
    account: credentials,
    shards: shardCount(account.config.shards),
    intents: account.config.guildMessages ? [...DEFAULT_INTENTS, "GUILD_MESSAGES"] : DEFAULT_INTENTS,
  });
  return { transport, run: async (signal) => transport.run(signal) };
}

/** One session unless the account says otherwise; the host's form writes a number as text. */
function shardCount(shards: AccountConfig["shards"]): number | "auto" {
  return shards === "auto" ? shards : Number(shards ?? 1);
}

function openWebhookLine(account: OfficialAccount, options: LineOptions): Line {
  const credentials = settled(account.credentials);
  const { accountId, webhookPath: path } = account;
  const transport = createWebhookTransport({ ...options, account: credentials, path });
  const open = (): (() => void) =>
    openWebhookRoute(
      {
        path,
        accountId,
        appId: credentials.appId,
        line: transport,
        dropped: (reason, refusal) => options.report.dropped(reason, refusal),
      },
      options.log,
    );
  return { transport, run: async (signal) => runOnRoute(transport, open, signal) };
}

function openOneBotLine(account: OneBotAccount, options: LineOptions, journal: DatabaseSync): Line {
  const access = settled(account.credentials);
  const { accountId, addresses } = account;
  const { reversePath: path } = addresses;
  const transport = createOneBotTransport({ ...options, access, memory: openOneBotMemory(journal, accountId) });
  if (path === undefined) return { transport, run: async (signal) => transport.run(signal) };
  const open = (): (() => void) =>
    openOneBotRoute({
      path,
      accountId,
      selfId: access.selfId,
      line: transport,
      dropped: (reason) => options.report.dropped(reason),
    });
  return { transport, run: async (signal) => runOnRoute(transport, open, signal) };
}

/** Runs a line whose events come in on a route of the gateway. */
async function runOnRoute(transport: Transport, open: () => () => void, signal: AbortSignal): Promise<void> {
  const close = open();
  try {
    await transport.run(signal);
  } finally {
    close();
  }
}
