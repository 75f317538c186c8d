import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import type { Hono } from "hono";
import { WebSocketServer } from "ws";
import type { ApiEnv } from "./api-context.ts";
import type { ChatMessage, ControlCalls, ControlEvent, HostNotice, WireEntry } from "./control.ts";
import type { Gateway } from "./gateway.ts";
import { assemble } from "./parts.ts";
import type { EmulatorOptions } from "./rules.ts";
import { waitForEvent, waitForReplies, type ReplyWish } from "./waiting.ts";
import type { World } from "./world.ts";

export type { EmulatorOptions } from "./rules.ts";

/** Origins of a NapCat's servers. The WebSocket server has nothing else at its port. */
export interface NapcatAddress {
  readonly httpUrl: string;
  readonly wsUrl: string;
}

/** A running emulated QQ. */
export interface Emulator {
  /** Origin of everything: OpenAPI, token call, page, control API. The gateway is at its /websocket. */
  readonly url: string;
  readonly world: World;
  /** Where the NapCat of a personal account is served; throws when there is no such account. */
  napcat(uin: string): NapcatAddress;
  /** The control API in-process; throws `ControlError` where HTTP would answer 400. */
  readonly control: {
    call<Name extends keyof ControlCalls>(
      name: Name,
      body: ControlCalls[Name]["body"],
    ): Promise<ControlCalls[Name]["answer"]>;
  };
  /** The next message of a bot in a chat. */
  waitForReply(wish: Omit<ReplyWish, "count">): Promise<ChatMessage>;
  waitForReplies(wish: ReplyWish): Promise<ChatMessage[]>;
  /** The first event from now on of which `match` makes something; `what` names it when it does not come. */
  waitFor<T>(what: string, match: (event: ControlEvent) => T | undefined, timeoutMs?: number): Promise<T>;
  /** Resolves once the bot has `count` live gateway sessions, or the account so many clients; at once when it has. */
  waitForSessions(appId: string, count: number, timeoutMs?: number): Promise<void>;
  /** The wire log, oldest first. */
  wire(): WireEntry[];
  /** Entries of calls that a rule, or a fault, has refused. */
  refusals(): WireEntry[];
  setHost(notice: HostNotice): void;
  /** Plants the world again. Tokens and gateway sessions live on, and no message id comes a second time. */
  reset(): void;
  close(): Promise<void>;
}

/** Starts an emulated QQ on 127.0.0.1. */
export async function createEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const parts = assemble(options);
  const { world, bus, log, table, gateway, park } = parts;
  const server = await listen(parts.app, options.port ?? 0);
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  parts.setUrl(url);
  const sockets = acceptSockets(server, gateway);
  await park.open();
  const live = (id: string): number => (park.find(id) ? park.state(id).sessions : gateway.live(id));
  return {
    url,
    world,
    napcat(uin) {
      const { httpUrl, wsUrl } = park.state(uin);
      return { httpUrl, wsUrl };
    },
    control: { call: async (name, body) => table[name](body) },
    waitForReply: async (wish) => (await waitForReplies(world, bus, wish))[0] as ChatMessage,
    waitForReplies: (wish) => waitForReplies(world, bus, wish),
    waitFor: (what, match, timeoutMs) => waitForEvent(bus, what, match, timeoutMs),
    async waitForSessions(appId, count, timeoutMs) {
      const enough = (): true | undefined => (live(appId) === count ? true : undefined);
      if (!enough()) await waitForEvent(bus, `session of ${appId}`, enough, timeoutMs);
    },
    wire: () => log.since(0),
    refusals: () => log.since(0).filter((entry) => entry.refused !== undefined),
    setHost: parts.setHost,
    reset: parts.reset,
    async close() {
      parts.close();
      await park.close();
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function listen(app: Hono<ApiEnv>, port: number): Promise<Server> {
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}

function acceptSockets(server: Server, gateway: Gateway): WebSocketServer {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on("upgrade", (request, socket, head) => {
    if (new URL(request.url ?? "/", "http://127.0.0.1").pathname !== "/websocket") return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (webSocket) => gateway.accept(webSocket));
  });
  return sockets;
}
