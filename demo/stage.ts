import { join } from "node:path";
import { createEmulator, type Emulator } from "../emulator/emulator.ts";
import { defaultSeed } from "../emulator/seed.ts";
import { buildPlugin } from "../scripts/lib/build.ts";
import type { ModelEndpoint } from "./config.ts";
import { startGateway, type Gateway } from "./gateway.ts";
import { ROOT } from "./host.ts";
import { startModel } from "./model.ts";

const WEBHOOK_PATH = "/qq-official-webhook";
const DEFAULT_PORT = 8990;

/** The bot of the emulated QQ, and the people who talk to it. */
const [seed] = defaultSeed.bots;
if (!seed) throw new Error("the emulated QQ has no bot");
export const BOT: string = seed.appId;
const SECRET = seed.secret;
export const PERSON = "lin";
const WARMER = "ming";

export interface StageOptions {
  readonly transport: "websocket" | "webhook";
  readonly port?: number | undefined;
  /** A real model; without it the stand-in plays. */
  readonly model?: ModelEndpoint | undefined;
}

/** Everything of the demo, up one after the other. */
export interface Stage {
  readonly emulator: Emulator;
  /** Starts the gateway; resolves when the bot has its line to QQ. */
  open(): Promise<Gateway>;
  /** Has one message answered before anybody waits for one: the host loads its agent with the first. */
  warmUp(): Promise<void>;
  /** Ends whatever is up by now. */
  close(): Promise<void>;
}

/** Starts the emulated QQ; its page is up when this resolves. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const emulator = await startEmulator(options.port);
  const closers: (() => Promise<void>)[] = [() => emulator.close()];
  let closed = false;

  const open = async (): Promise<Gateway> => {
    const standIn = options.model ? undefined : await startModel();
    if (standIn) closers.push(() => standIn.close());
    await buildPlugin(join(ROOT, "extensions", "qq"), join(ROOT, ".cache", "build", "qq.json"));
    if (closed) throw new Error("the demo was stopped");
    const gateway = await startGateway({
      model: options.model ?? { baseUrl: standIn?.url ?? "" },
      plugin: { kind: "install" },
      channel: {
        enabled: true,
        apiBaseUrl: emulator.url,
        appId: BOT,
        appSecret: SECRET,
        transport: options.transport,
        webhookPath: WEBHOOK_PATH,
        dmPolicy: "open",
        allowFrom: ["*"],
        groupPolicy: "open",
        groups: { "*": { requireMention: true } },
      },
    });
    closers.push(() => gateway.stop());
    await gateway.ready;
    await connect(emulator, options.transport, `${gateway.url}${WEBHOOK_PATH}`);
    return gateway;
  };

  return {
    emulator,
    open,
    warmUp: () => warmUp(emulator),
    async close() {
      closed = true;
      for (const close of closers.toReversed()) await close();
    },
  };
}

async function startEmulator(port: number | undefined): Promise<Emulator> {
  // Ids of a run of its own: a plugin that remembers messages must not take new ones for repetitions.
  const idSeed = String(Date.now());
  if (port !== undefined) return createEmulator({ port, idSeed });
  try {
    return await createEmulator({ port: DEFAULT_PORT, idSeed });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return createEmulator({ port: 0, idSeed });
  }
}

/** Waits for the bot's own line, or gives QQ the address of its webhook as its owner would in the console. */
async function connect(emulator: Emulator, transport: StageOptions["transport"], webhookUrl: string): Promise<void> {
  if (transport === "websocket") return emulator.waitForSessions(BOT, 1, 30_000);
  const { ok, error } = await emulator.control.call("transport", { bot: BOT, mode: "webhook", webhookUrl });
  if (!ok) throw new Error(`QQ does not take ${webhookUrl}: ${error}`);
}

async function warmUp(emulator: Emulator): Promise<void> {
  const chat = { kind: "dm", person: WARMER, bot: BOT } as const;
  const { id } = await emulator.control.call("say", { person: WARMER, chat, text: "在吗" });
  await emulator.waitForReply({ chat, after: id, timeoutMs: 60_000 });
}
