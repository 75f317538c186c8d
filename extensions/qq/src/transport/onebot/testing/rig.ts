import { expect, onTestFinished } from "vitest";
import { createFakeClock, type FakeClock } from "../../testing/fake-clock.ts";
import { createFakeNet, type FakeNet, type ServerEnd } from "../../testing/fake-net.ts";
import { createRecorder, type Recorder } from "../../testing/recorder.ts";
import type { OneBotAccess } from "../account.ts";
import type { OneBotMark, OneBotMemory } from "../memory.ts";
import { createOneBotTransport, type OneBotTransport } from "../onebot.ts";
import { createFakeNapCat, type FakeNapCat } from "./fake-napcat.ts";

export const TOKEN = "the-secret-token-1234";

const DIALLING: OneBotAccess = {
  wsUrl: "ws://localhost:3001/",
  accepts: false,
  accessToken: TOKEN,
  connectionTimeoutMs: 30_000,
  reconnectIntervalMs: 5000,
  base64MaxBytes: 8 * 1024 * 1024,
  sendGapMs: 1000,
};

/** A line with everything around it; when the test ends it is stopped, and must have left nothing behind. */
export interface Rig {
  readonly clock: FakeClock;
  readonly net: FakeNet;
  readonly seen: Recorder;
  readonly napcat: FakeNapCat;
  readonly memory: OneBotMemory & { readonly kept: Map<string, OneBotMark> };
  readonly stop: AbortController;
  /** What the line has rejected with. */
  readonly failure: unknown;
  readonly start: (access?: Partial<OneBotAccess>) => OneBotTransport;
  /** Starts it without a socket to dial. */
  startAccepting(access?: Partial<OneBotAccess>): OneBotTransport;
  stopped(): Promise<void>;
  readonly dialled: (index: number) => Promise<ServerEnd>;
  /** NapCat's end of dial number `index`, once it is open and has greeted. */
  readonly up: (index?: number) => Promise<ServerEnd>;
  /** Keys of what is stored, in its order. */
  readonly keys: () => readonly string[];
}

export function createRig(): Rig {
  const clock = createFakeClock();
  const net = createFakeNet(clock);
  const seen = createRecorder();
  const napcat = createFakeNapCat(clock);
  const kept = new Map<string, OneBotMark>();
  const memory = {
    kept,
    marks: () => [...kept.values()].sort((a, b) => b.at - a.at),
    mark: (mark: OneBotMark) => void kept.set(mark.lane, mark),
    isSent: () => false,
  };
  const stop = new AbortController();
  let running: Promise<void> = Promise.resolve();
  let failure: unknown;
  const run = (access: OneBotAccess): OneBotTransport => {
    const line = createOneBotTransport({ access, memory, outside: net, ...seen });
    running = line.run(stop.signal).catch((error: unknown) => {
      failure = error;
    });
    return line;
  };
  const { wsUrl: _, ...accepting } = DIALLING;
  const dialled = async (index: number): Promise<ServerEnd> => {
    await clock.settle();
    const server = net.dials[index];
    if (!server) throw new Error(`dial ${index} has not come; status ${JSON.stringify(seen.status)}`);
    return server;
  };
  // A dial that fails is explained by a plain request to the same address.
  net.always("GET /", { cut: "ECONNREFUSED" });
  onTestFinished(async () => {
    stop.abort();
    await clock.advance(10_000);
    await running;
    net.verify();
    expect(clock.sleepers).toBe(0);
    expect(seen.status?.state).toBe("stopped");
    expect(seen.lines.join("\n") + JSON.stringify(seen.statuses)).not.toMatch(/the-secret|private words/);
  });
  return {
    clock,
    net,
    seen,
    napcat,
    memory,
    stop,
    get failure() {
      return failure;
    },
    start: (access) => run({ ...DIALLING, ...access }),
    startAccepting: (access) => run({ ...accepting, accepts: true, ...access }),
    stopped: async () => await running,
    dialled,
    up: async (index = 0) => {
      const server = await dialled(index);
      napcat.attach(server);
      server.open();
      await clock.settle();
      napcat.lifecycle();
      await clock.settle();
      return server;
    },
    keys: () => seen.accepted.map(({ key }) => key),
  };
}
