import { join } from "node:path";
import { createEmulator, type Emulator } from "../emulator/emulator.ts";
import type { Seed } from "../emulator/seed.ts";
import { buildPlugin } from "../scripts/lib/build.ts";
import type { ModelEndpoint } from "./config.ts";
import { startGateway, type Gateway } from "./gateway.ts";
import { ROOT } from "./host.ts";
import { startModel } from "./model.ts";
import { roads, type TransportName } from "./roads.ts";

const DEFAULT_PORT = 8990;

/** The people who talk to the bot. */
export const PERSON = "lin";
const WARMER = "ming";

export interface StageOptions {
  readonly transport: TransportName;
  readonly port?: number | undefined;
  /** A real model; without it the stand-in plays. */
  readonly model?: ModelEndpoint | undefined;
}

/** Everything of the demo, up one after the other. */
export interface Stage {
  readonly emulator: Emulator;
  /** AppID of the bot, or QQ number of the personal account. */
  readonly bot: string;
  /** Starts the gateway; resolves when the bot has its line to QQ. */
  open(): Promise<Gateway>;
  /** Has one message answered before anybody waits for one: the host loads its agent with the first. */
  warmUp(): Promise<void>;
  /** Ends whatever is up by now. */
  close(): Promise<void>;
}

/** Starts the emulated QQ; its page is up when this resolves. */
export async function setStage(options: StageOptions): Promise<Stage> {
  const road = roads[options.transport];
  const emulator = await startEmulator(options.port, road.seed);
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
        ...road.channel(emulator),
        dmPolicy: "open",
        allowFrom: ["*"],
        groupPolicy: "open",
        groups: { "*": { requireMention: true } },
      },
    });
    closers.push(() => gateway.stop());
    await gateway.ready;
    await road.connect(emulator, gateway.url);
    return gateway;
  };

  return {
    emulator,
    bot: road.bot,
    open,
    warmUp: () => warmUp(emulator, road.bot),
    async close() {
      closed = true;
      for (const close of closers.toReversed()) await close();
    },
  };
}

async function startEmulator(port: number | undefined, seed: Seed): Promise<Emulator> {
  // Ids of a run of its own: a plugin that remembers messages must not take new ones for repetitions.
  const idSeed = String(Date.now());
  if (port !== undefined) return createEmulator({ port, idSeed, seed });
  try {
    return await createEmulator({ port: DEFAULT_PORT, idSeed, seed });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") throw error;
    return createEmulator({ port: 0, idSeed, seed });
  }
}

async function warmUp(emulator: Emulator, bot: string): Promise<void> {
  const chat = { kind: "dm", person: WARMER, bot } as const;
  const { id } = await emulator.control.call("say", { person: WARMER, chat, text: "在吗" });
  await emulator.waitForReply({ chat, after: id, timeoutMs: 60_000 });
}
