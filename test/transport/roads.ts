import type { WireEntry } from "../../emulator/control.ts";
import { createGatewayTransport, type GatewayOptions } from "../../extensions/qq/src/transport/official/gateway.ts";
import { createWebhookTransport } from "../../extensions/qq/src/transport/official/webhook-transport.ts";
import type { LineOptions, Transport } from "../../extensions/qq/src/transport/transport.ts";
import { listenForCallbacks, type Callbacks } from "./callbacks.ts";
import { APP_ID, SECRET, type World } from "./world.ts";

/** What the contract must know of one way to QQ, and no more. */
export interface Road {
  /** A new line of the account; after a restart another. */
  line(options: LineOptions, memory: GatewayMemory): Transport;
  /** Resolves once the platform reaches the line. */
  reached(): Promise<void>;
  /** Whether the platform can bring something now: a line that says `ready` while it cannot is lying. */
  isOpen(): boolean;
  /** How many events the platform knows to be taken. */
  acknowledged(): number;
  /** Resolves when an acknowledgement that was on its way would have come. */
  barrier(): Promise<void>;
  /** The text in which the newest event of this name came, to be brought again. */
  textOf(name: string): string;
}

/** What a gateway line keeps over a restart, and how it is set up. */
export type GatewayMemory = Partial<Omit<GatewayOptions, keyof LineOptions | "account">>;

export type OpenRoad = (world: World, secret?: string) => Promise<Road>;

const accountOf = ({ emulator }: World, appSecret = SECRET) => ({ appId: APP_ID, appSecret, apiBaseUrl: emulator.url });

export const openWebsocket: OpenRoad = async (world, secret) => {
  const { emulator } = world;
  const beats = (): readonly WireEntry[] => world.wire(/^1 heartbeat$|^6 resume$/);
  return {
    line: (options, memory) => createGatewayTransport({ ...options, ...memory, account: accountOf(world, secret) }),
    reached: () => emulator.waitForSessions(APP_ID, 1, 20_000),
    isOpen: () => emulator.world.context.sessions(APP_ID) > 0,
    // READY is number 1 of a session.
    acknowledged: () => Math.max(0, ...beats().map(({ body }) => seqOf(body))) - 1,
    async barrier() {
      const before = beats().length;
      await world.until("two more heartbeats", () => beats().length >= before + 2);
    },
    textOf: (name) => JSON.stringify(world.wire(new RegExp(`^0 dispatch ${name}$`)).at(-1)?.body),
  };
};

/** A webhook whose HTTP server a test can disturb. */
export interface WebhookRoad extends Road {
  readonly callbacks: Callbacks;
}

export const openWebhook = async (world: World, secret?: string): Promise<WebhookRoad> => {
  const { emulator } = world;
  const callbacks = await listenForCallbacks();
  let validated = false;
  return {
    callbacks,
    line(options) {
      const line = createWebhookTransport({ ...options, account: accountOf(world, secret), path: "/callbacks" });
      callbacks.lead(line);
      return line;
    },
    async reached() {
      if (validated) return;
      const mode = emulator.world.state.bots.get(APP_ID)?.mode === "both" ? "both" : "webhook";
      const { ok, error } = await emulator.control.call("transport", {
        bot: APP_ID,
        mode,
        webhookUrl: callbacks.url,
      });
      if (!ok) throw new Error(`QQ does not take the callback address: ${error}`);
      validated = true;
    },
    isOpen: () => callbacks.isOpen(),
    acknowledged: () => world.wire(/^[A-Z0-9_]+_CREATE 200$/).length,
    async barrier() {
      const { status } = await fetch(callbacks.url, { method: "POST", body: "{}" });
      if (status !== 401) throw new Error(`an unsigned callback was answered with ${status}`);
    },
    textOf(name) {
      const sent = world.wire(new RegExp(`^${name} `)).at(-1)?.body;
      return JSON.stringify(isRecord(sent) ? sent["body"] : undefined);
    },
  };
};

function seqOf(body: unknown): number {
  const d = isRecord(body) ? body["d"] : undefined;
  return Number((isRecord(d) ? d["seq"] : d) ?? 0);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
