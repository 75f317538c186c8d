import { WebSocket } from "ws";
import type { Emulator } from "../../emulator/emulator.ts";
import { openid } from "../../emulator/ids.ts";
import { defaultSeed, type BotSeed } from "../../emulator/seed.ts";

export const APP_ID = "102000001";
export const GROUP_AND_C2C = 1 << 25;

export interface Answer {
  readonly status: number;
  readonly trace: string | null;
  readonly headers: Headers;
  readonly text: string;
  /** The answer as JSON; an empty object when it is none. */
  readonly body: { id?: string; code?: number; err_code?: number; trace_id?: string; [name: string]: unknown };
}

export interface RawFrame {
  readonly op: number;
  readonly s?: number;
  readonly t?: string;
  readonly id?: string;
  readonly d: Record<string, unknown>;
}

/** A bot without any cleverness: it does what a test tells it, so that a test sees what the platform does. */
export interface RawBot {
  readonly token: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Paths of sends in the default world. */
  readonly paths: { dm(person: string): string; group(group: string): string };
  connect(): Promise<RawGateway>;
  /** Connects and identifies; the READY frame is taken off. */
  online(intents?: number): Promise<RawGateway & { ready: RawFrame }>;
}

export interface RawGateway {
  /** The next frame, oldest first; rejects when the connection is over. */
  next(): Promise<RawFrame>;
  /** Frames that have come and were not taken. */
  waiting(): RawFrame[];
  send(frame: unknown): void;
  sendText(text: string): void;
  /** A WebSocket ping; `pongs` counts the answers. */
  ping(): void;
  pongs(): number;
  readonly closed: Promise<{ code: number; reason: string }>;
  terminate(): void;
}

export async function callHttp(
  emulator: Emulator,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const isReady = typeof body === "string" || body instanceof FormData;
  const sent = isReady ? body : JSON.stringify(body);
  const response = await fetch(emulator.url + path, { method, headers, ...(sent !== undefined && { body: sent }) });
  const text = await response.text();
  return {
    status: response.status,
    trace: response.headers.get("x-tps-trace-id"),
    headers: response.headers,
    text,
    body: response.headers.get("content-type")?.includes("json") ? JSON.parse(text) : {},
  };
}

export const fetchToken = (emulator: Emulator, { appId, secret }: Pick<BotSeed, "appId" | "secret">): Promise<Answer> =>
  callHttp(emulator, "POST", "/app/getAppAccessToken", { appId, clientSecret: secret });

export async function rawBot(emulator: Emulator, seed: BotSeed | undefined = defaultSeed.bots[0]): Promise<RawBot> {
  if (!seed) throw new Error("there is no bot");
  const { appId } = seed;
  const token = String((await fetchToken(emulator, seed)).body["access_token"]);
  const connect = (): Promise<RawGateway> => openGateway(`${emulator.url.replace("http", "ws")}/websocket`);
  return {
    token,
    call: (method, path, body, headers) =>
      callHttp(emulator, method, path, body, { authorization: `QQBot ${token}`, ...headers }),
    paths: {
      dm: (person) => `/v2/users/${openid(appId, "user", person)}/messages`,
      group: (group) => `/v2/groups/${openid(appId, "group", group)}/messages`,
    },
    connect,
    async online(intents = GROUP_AND_C2C) {
      const gateway = await connect();
      await gateway.next();
      gateway.send(identify(token, intents));
      return { ...gateway, ready: await gateway.next() };
    },
  };
}

export const identify = (token: string, intents: number = GROUP_AND_C2C, shard: unknown = [0, 1]): object => ({
  op: 2,
  d: { token: `QQBot ${token}`, intents, shard, properties: {} },
});

export const resume = (token: string, sessionId: unknown, seq: number): object => ({
  op: 6,
  d: { token: `QQBot ${token}`, session_id: sessionId, seq },
});

async function openGateway(url: string): Promise<RawGateway> {
  const socket = new WebSocket(url);
  const frames: RawFrame[] = [];
  const takers: ((frame: RawFrame) => void)[] = [];
  const ended = Promise.withResolvers<never>();
  ended.promise.catch(() => {});
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on("close", (code, reason) => {
      ended.reject(new Error(`the gateway has closed with ${code}`));
      resolve({ code, reason: reason.toString() });
    });
  });
  socket.on("message", (data: Buffer) => {
    const frame: RawFrame = JSON.parse(data.toString("utf8"));
    const taker = takers.shift();
    if (taker) taker(frame);
    else frames.push(frame);
  });
  let pongs = 0;
  socket.on("pong", () => (pongs += 1));
  socket.on("error", () => {});
  const opened = Promise.withResolvers<void>();
  socket.once("open", () => opened.resolve());
  await Promise.race([opened.promise, ended.promise]);
  return {
    next() {
      const frame = frames.shift();
      if (frame) return Promise.resolve(frame);
      return Promise.race([new Promise<RawFrame>((resolve) => void takers.push(resolve)), ended.promise]);
    },
    waiting: () => frames,
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendText: (text) => socket.send(text),
    ping: () => socket.ping(),
    pongs: () => pongs,
    closed,
    terminate: () => socket.terminate(),
  };
}
