import type { Fault, WireEntry } from "../../emulator/control.ts";
import type { OneBotMemory } from "../../extensions/qq/src/transport/onebot/memory.ts";
import { createGatewayTransport, type GatewayOptions } from "../../extensions/qq/src/transport/official/gateway.ts";
import { createWebhookTransport } from "../../extensions/qq/src/transport/official/webhook-transport.ts";
import type { Target } from "../../extensions/qq/src/message/target.ts";
import type { LineOptions, Transport } from "../../extensions/qq/src/transport/transport.ts";
import { listenForCallbacks, type Callbacks } from "./callbacks.ts";
import { APP_ID, SECRET, type World } from "./world.ts";

/** What the contract must know of one way to QQ, and no more. */
export interface Road {
  /** A new line of the account; after a restart another. */
  line(options: LineOptions, memory: LineMemory): Transport;
  /** Resolves once the platform reaches the line. */
  reached(): Promise<void>;
  /** Whether the platform can bring something now: a line that says `ready` while it cannot is lying. */
  isOpen(): boolean;
  /** How many events the platform, or else the line for itself, knows to be taken. */
  acknowledged(): number;
  /** Resolves when an acknowledgement that was on its way would have come. */
  barrier(): Promise<void>;
  /** The text in which the newest message in a direct chat came, to be brought again. */
  newestText(): string;
  /** Brings an event in this text, as it is. */
  bring(text: string): Promise<void>;
  /** What `say` makes happen is brought so often, with the same ids. */
  bringOften(times: number, say: () => Promise<unknown>): Promise<void>;
  /** Connections that were begun or ended, and calls of the sort that sends. */
  connections(): number;
  sends(): number;
  /** The id by which a line names a message of the world. */
  messageId(id: string): string;
  /** Nothing is answered to a line that opens, for a minute. */
  delayOpening(): Promise<void>;
  /** Connections that others have opened to the line and that are not over. */
  readonly accepted: number;
}

/** What a gateway line keeps over a restart, and how it is set up. */
export type GatewayMemory = Partial<Omit<GatewayOptions, keyof LineOptions | "account">>;

/** What a line keeps over a restart: each kind of line has its own. */
export interface LineMemory {
  readonly gateway: GatewayMemory;
  readonly onebot: OneBotMemory;
}

export type OpenRoad = (world: World, secret?: string) => Promise<Road>;

/** A fault of a send, and what an answer costs with it. */
export interface SendFault {
  readonly name: string;
  readonly fault: Fault;
  /** Calls until the answer is there. */
  readonly calls: number;
  /** Pause that was asked for, s. */
  readonly retryAfter?: number;
}

/** A way to QQ before it is opened: what the contract has of it. */
export interface RoadKind {
  readonly name: string;
  readonly open: OpenRoad;
  /** Whose line it is. */
  readonly plant: "bot" | "account";
  readonly has: {
    /** Channels, direct messages in guilds, and events of either. */
    readonly guilds: boolean;
    readonly buttons: boolean;
    /** Replies are tied to a message, and numbered. */
    readonly anchors: boolean;
    /** Tokens of the API that end. */
    readonly tokens: boolean;
    /** The line itself leaves out what it has stored lately; without it that is the store's part alone. */
    readonly ownMemory: boolean;
    /** A wrong secret ends the run; without it the line says so and waits. */
    readonly finalSecret: boolean;
  };
  /** What the line says of a wrong secret, and the calls it makes with it. */
  readonly wrongSecret: { readonly says: RegExp; readonly calls: RegExp; readonly most: number };
  /** A message that nobody can read, each its own way. */
  readonly malformed: readonly (readonly [name: string, text: string])[];
  /** A message whose sender is called as something else is. */
  forged(world: World): string;
  /** Targets that there are not for this line, and what becomes of a message there. */
  strangers(world: World): readonly (readonly [Target, kind: string])[];
  /** Sends that a message to a person who is not there costs. */
  readonly callsToNobody: number;
  /** Faults of one send that the line gets over by itself; and such that whoever has the answer must try again. */
  readonly sendFaults: readonly SendFault[];
  readonly lastingSendFaults: readonly Pick<SendFault, "name" | "fault">[];
  /** The next three sends arrive, and nobody is told. */
  readonly lostAnswers: Fault;
}

const accountOf = ({ emulator }: World, appSecret = SECRET) => ({ appId: APP_ID, appSecret, apiBaseUrl: emulator.url });

export const openWebsocket: OpenRoad = async (world, secret) => {
  const { emulator } = world;
  const beats = (): readonly WireEntry[] => world.wire(/^1 heartbeat$|^6 resume$/);
  return {
    ...official(world),
    line: (options, { gateway }) =>
      createGatewayTransport({ ...options, ...gateway, account: accountOf(world, secret) }),
    reached: () => emulator.waitForSessions(APP_ID, 1, 20_000),
    isOpen: () => emulator.world.context.sessions(APP_ID) > 0,
    // READY is number 1 of a session.
    acknowledged: () => Math.max(0, ...beats().map(({ body }) => seqOf(body))) - 1,
    async barrier() {
      const before = beats().length;
      await world.until("two more heartbeats", () => beats().length >= before + 2);
    },
    newestText: () => JSON.stringify(world.wire(/^0 dispatch C2C_MESSAGE_CREATE$/).at(-1)?.body),
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
    ...official(world),
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
    newestText() {
      const sent = world.wire(/^C2C_MESSAGE_CREATE /).at(-1)?.body;
      return JSON.stringify(isRecord(sent) ? sent["body"] : undefined);
    },
  };
};

/** What both roads of a bot have in common. */
function official(world: World) {
  return {
    bring: (text: string) => world.fault({ do: "raw", text }),
    async bringOften(times: number, say: () => Promise<unknown>) {
      await world.fault({ do: "duplicate", times });
      await say();
    },
    connections: () => world.wire(/identify|resume|close|cut/).length,
    sends: () => world.wire(/^POST \/v2/).length,
    messageId: (id: string) => id,
    delayOpening: () => world.fault({ do: "http", call: "/gateway/bot", answer: { kind: "slow", ms: 60_000 } }),
    accepted: 0,
  };
}

function seqOf(body: unknown): number {
  const d = isRecord(body) ? body["d"] : undefined;
  return Number((isRecord(d) ? d["seq"] : d) ?? 0);
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;
