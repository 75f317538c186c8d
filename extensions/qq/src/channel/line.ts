import type { ChannelGatewayContext } from "openclaw/plugin-sdk/channel-contract";
import type { OfficialCredentials, QQAccount } from "../config/account.ts";
import { DEFAULT_INTENTS } from "../protocol/official/intents.ts";
import type { Log } from "../transport/log.ts";
import { createGatewayTransport } from "../transport/official/gateway.ts";
import { createWebhookTransport } from "../transport/official/webhook-transport.ts";
import type { LineOptions, Transport } from "../transport/transport.ts";
import type { gatewayMemory } from "./gateway-memory.ts";
import { outside } from "./outside.ts";
import { openWebhookRoute } from "./webhook-route.ts";

type Context = ChannelGatewayContext<QQAccount>;

interface LineParts {
  readonly credentials: OfficialCredentials;
  readonly log: Log;
  readonly report: LineOptions["report"];
}

/** A transport with what it takes to run it in the host. */
interface Line {
  readonly transport: Transport;
  run(signal: AbortSignal): Promise<void>;
}

/** Opens the road that the account is configured for. */
export function openLine(
  ctx: Context,
  parts: LineParts,
  memory: ReturnType<typeof gatewayMemory>,
  accept: LineOptions["accept"],
): Line {
  const { account, accountId } = ctx;
  const { credentials, log, report } = parts;
  const options = { outside, log, accept, report, account: credentials };
  if (account.transport === "websocket") {
    const transport = createGatewayTransport({
      ...options,
      ...memory,
      shards: account.config.shards ?? 1,
      intents: account.config.guildMessages ? [...DEFAULT_INTENTS, "GUILD_MESSAGES"] : DEFAULT_INTENTS,
    });
    return { transport, run: async (signal) => transport.run(signal) };
  }
  const transport = createWebhookTransport({ ...options, path: account.webhookPath });
  return {
    transport,
    run: async (signal) => {
      const close = openWebhookRoute(
        {
          path: account.webhookPath,
          accountId,
          appId: credentials.appId,
          line: transport,
          dropped: (reason) => report.dropped(reason),
        },
        log,
      );
      try {
        await transport.run(signal);
      } finally {
        close();
      }
    },
  };
}
