import { existsSync } from "node:fs";
import { chromium, type Browser, type BrowserContextOptions, type Page } from "playwright-core";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import { defaultSeed } from "../../emulator/seed.ts";

const CHROMIUM = "/usr/bin/chromium";
const QUIET = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The bot of the emulator's demo world. */
export const demoBot = defaultSeed.bots[0] as (typeof defaultSeed.bots)[number];

/** The DM of 小林 with that bot, and the group of the demo world. */
export const linDm = { kind: "dm", person: "lin", bot: demoBot.appId } as const;
export const demoGroup = { kind: "group", group: "test-group" } as const;

export async function launchChromium(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? CHROMIUM;
  if (!existsSync(executablePath)) {
    throw new Error(
      `The page is tested in Chromium, which is not at ${executablePath}: install the Debian package "chromium", or name one in CHROMIUM.`,
    );
  }
  return chromium.launch({ executablePath, args: QUIET });
}

/** A fresh emulated QQ with the page open on it. What goes wrong in the page is kept in `errors`. */
export interface Stage extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly page: Page;
  readonly errors: string[];
}

export interface StageOptions {
  readonly emulator?: EmulatorOptions;
  readonly context?: BrowserContextOptions;
}

export async function openStage(browser: Browser, options: StageOptions = {}): Promise<Stage> {
  const emulator = await createEmulator(options.emulator);
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: "zh-CN",
    ...options.context,
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  await page.goto(emulator.url);
  await page.locator("#chats .row").first().waitFor();
  return {
    emulator,
    page,
    errors,
    async [Symbol.asyncDispose]() {
      await context.close();
      await emulator.close();
    },
  };
}

/** Chooses a person and opens one of the person's chats by its title; a guild DM is called as its bot is. */
export async function openChat(page: Page, person: string, title: string, kind?: "guild-dm"): Promise<void> {
  await page.getByRole("radio", { name: person }).click();
  const rows = kind ? `.row[data-chat^="${kind}:"]` : '.row:not([data-chat^="guild-dm:"])';
  await page.locator(`#chats ${rows} .row-title`, { hasText: title }).click();
  await page.locator("#chat-title", { hasText: title }).waitFor();
}

/** What the gateway dispatches, as far as these tests look into it. */
export interface Dispatch {
  readonly t: string;
  readonly d: {
    readonly id: string;
    readonly content: string;
    readonly message_type?: number;
    readonly group_openid?: string;
    readonly author: { readonly user_openid?: string };
  };
}

/** A bot of few lines on the official wires: enough to answer. */
export interface TestBot {
  readonly token: string;
  next(): Promise<Dispatch>;
  /** Sends to the chat that the event came from; answers the HTTP status. */
  reply(event: Dispatch, body: object): Promise<number>;
  call(method: string, path: string, body?: object): Promise<{ status: number; answer: { id?: string } }>;
  heartbeat(): void;
  readonly closed: Promise<number>;
  close(): void;
}

export async function connectBot(emulator: Emulator, bot = demoBot): Promise<TestBot> {
  const token = await fetchToken(emulator, bot);
  const socket = new WebSocket(`${emulator.url.replace("http", "ws")}/websocket`);
  const events = createQueue<Dispatch>();
  const closed = new Promise<number>((resolve) => {
    socket.addEventListener("close", (event) => resolve(event.code));
  });
  await new Promise<void>((resolve, reject) => {
    socket.addEventListener("error", () => reject(new Error("the gateway refused the socket")));
    socket.addEventListener("message", ({ data }) => {
      const frame = JSON.parse(String(data)) as { op: number; t?: string };
      if (frame.op === 10) identify(socket, token);
      else if (frame.t === "READY") resolve();
      else if (frame.op === 0) events.push(frame as unknown as Dispatch);
    });
  });
  const call = callApi(emulator, token);
  return {
    token,
    closed,
    call,
    next() {
      const lost = closed.then((code): never => {
        throw new Error(`the gateway closed the bot's socket with ${code}`);
      });
      return Promise.race([events.next(), lost]);
    },
    async reply({ d }, body) {
      const place = d.group_openid ? `groups/${d.group_openid}` : `users/${d.author.user_openid}`;
      return (await call("POST", `/v2/${place}/messages`, { msg_id: d.id, ...body })).status;
    },
    heartbeat: () => socket.send(JSON.stringify({ op: 1, d: null })),
    close: () => socket.close(),
  };
}

async function fetchToken(emulator: Emulator, bot: { appId: string; secret: string }): Promise<string> {
  const response = await fetch(`${emulator.url}/app/getAppAccessToken`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ appId: bot.appId, clientSecret: bot.secret }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

function identify(socket: WebSocket, token: string): void {
  const intents = (1 << 25) | (1 << 26) | (1 << 30);
  socket.send(JSON.stringify({ op: 2, d: { token: `QQBot ${token}`, intents, shard: [0, 1] } }));
}

function callApi(emulator: Emulator, token: string): TestBot["call"] {
  return async (method, path, body) => {
    const response = await fetch(`${emulator.url}${path}`, {
      method,
      headers: { "content-type": "application/json", authorization: `QQBot ${token}` },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, answer: text ? (JSON.parse(text) as { id?: string }) : {} };
  };
}

/** Hands out what is pushed, in order, waiting where there is nothing yet. */
function createQueue<T>(): { push: (item: T) => void; next: () => Promise<T> } {
  const items: T[] = [];
  const waiting: ((item: T) => void)[] = [];
  return {
    push(item) {
      const first = waiting.shift();
      if (first) first(item);
      else items.push(item);
    },
    next() {
      const first = items.shift();
      return first === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(first);
    },
  };
}
