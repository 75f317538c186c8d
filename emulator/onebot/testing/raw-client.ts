import { WebSocket } from "ws";
import { createManualClock, type MovableClock } from "../../clock.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator.ts";
import type { AccountSeed, Seed } from "../../seed.ts";
import type { NapcatTrouble } from "../napcat-fault.ts";

export const UIN = "10001";
export const LIN = "20001";
export const MING = "20002";
export const GROUP = "30001";
export const dm = { kind: "dm", person: LIN, bot: UIN } as const;
export const group = { kind: "group", group: GROUP } as const;

/** An object of the wire whose members are not known. */
export type Frame = Readonly<Record<string, unknown>>;

/** One account, two people and a group, all by their QQ numbers, and somebody who is no friend. */
export const accountSeed = (account: Partial<AccountSeed> = {}): Seed => ({
  bots: [],
  accounts: [
    { uin: UIN, name: "小助手", friends: [LIN, MING], ...account, napcat: { sendDelayMs: [0, 0], ...account.napcat } },
  ],
  people: [
    { id: LIN, name: "小林" },
    { id: MING, name: "阿明" },
    { id: "20003", name: "路人" },
  ],
  groups: [{ id: GROUP, name: "测试群", members: [LIN, MING, "20003"], bots: [UIN] }],
  channels: [],
});

export interface Stage {
  readonly emulator: Emulator;
  readonly clock: MovableClock;
  connect(path?: string, headers?: Record<string, string>): RawClient;
  /** Connects and takes the lifecycle off. */
  online(): Promise<RawClient>;
  call(action: string, params?: unknown, headers?: Record<string, string>): Promise<{ status: number; body: Frame }>;
  say(text: string, more?: object): Promise<string>;
  trouble(what: NapcatTrouble): Promise<void>;
}

export async function openStage(account: Partial<AccountSeed> = {}, options: EmulatorOptions = {}): Promise<Stage> {
  const clock = createManualClock();
  const emulator = await createEmulator({ clock, seed: accountSeed(account), ...options });
  const { httpUrl, wsUrl } = emulator.napcat(UIN);
  const connect: Stage["connect"] = (path = "/", headers = {}) => rawClient(wsUrl + path, headers);
  return {
    emulator,
    clock,
    connect,
    async online() {
      const client = connect();
      await client.next();
      return client;
    },
    async call(action, params = {}, headers = {}) {
      const response = await fetch(`${httpUrl}/${action}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof params === "string" ? params : JSON.stringify(params),
      });
      const text = await response.text();
      return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : { text } };
    },
    say: async (text, more = {}) =>
      (await emulator.control.call("say", { person: LIN, chat: group, text, ...more })).id,
    trouble: async (what) => void (await emulator.control.call("fault", { do: "napcat", account: UIN, ...what })),
  };
}

/** A client without any cleverness. */
export interface RawClient {
  /** The next frame, oldest first; rejects when the connection is over. */
  next(): Promise<Frame>;
  /** Frames that have come and were not taken. */
  waiting(): Frame[];
  send(frame: unknown): void;
  sendText(text: string | Buffer): void;
  /** Calls and answers the frame with the same echo, which must be the next. */
  call(action: string, params?: unknown, echo?: unknown): Promise<Frame>;
  /** Resolves with the code when the socket is closed. */
  readonly closed: Promise<number>;
  ping(): void;
  pongs(): number;
  terminate(): void;
}

export function rawClient(url: string, headers: Record<string, string> = {}): RawClient {
  const socket = new WebSocket(url, { headers });
  const frames: Frame[] = [];
  const takers: { resolve: (frame: Frame) => void; reject: (error: Error) => void }[] = [];
  let pongs = 0;
  let isOver = false;
  const opened = new Promise<void>((resolve) => void socket.on("open", () => resolve()));
  socket.on("pong", () => void (pongs += 1));
  socket.on("message", (data: Buffer) => {
    const frame = JSON.parse(data.toString("utf8")) as Frame;
    const taker = takers.shift();
    if (taker) taker.resolve(frame);
    else frames.push(frame);
  });
  const closed = new Promise<number>((resolve) => {
    socket.on("close", (code) => {
      isOver = true;
      for (const { reject } of takers) reject(new Error(`closed ${code}`));
      resolve(code);
    });
    socket.on("error", () => {});
  });
  const next = (): Promise<Frame> => {
    const frame = frames.shift();
    if (frame) return Promise.resolve(frame);
    if (isOver) return Promise.reject(new Error("closed"));
    return new Promise((resolve, reject) => void takers.push({ resolve, reject }));
  };
  const sendText = (text: string | Buffer): void => void opened.then(() => socket.send(text));
  return {
    next,
    waiting: () => [...frames],
    send: (frame) => sendText(JSON.stringify(frame)),
    sendText,
    call(action, params = {}, echo = "e1") {
      sendText(JSON.stringify({ action, params, echo }));
      return next();
    },
    closed,
    ping: () => void opened.then(() => socket.ping()),
    pongs: () => pongs,
    terminate: () => socket.terminate(),
  };
}
