import { WebSocket } from "ws";
import { createManualClock, type MovableClock } from "../../../clock.ts";
import type { SayFile } from "../../../control.ts";
import { createEmulator, type Emulator } from "../../../emulator.ts";
import type { NapcatSettings } from "../../settings.ts";

const UIN = "2854196310";
export const dm = { kind: "dm", person: "lin", bot: UIN } as const;
export const group = { kind: "group", group: "g" } as const;

/** An answer of NapCat's, or an event. */
export type Frame = Readonly<Record<string, unknown>> & {
  readonly status?: string;
  readonly retcode?: number;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly message?: unknown;
};

export interface NapcatStage extends AsyncDisposable {
  readonly emulator: Emulator;
  readonly clock: MovableClock;
  readonly httpUrl: string;
  /** Calls an action over HTTP. */
  call(action: string, params: object): Promise<Frame>;
  /** Calls an action over the socket, and answers every frame that came until its end. */
  stream(action: string, params: object): Promise<readonly Frame[]>;
  /** Has 小林 send a file to the chat; answers the message event, and the notice that came with it in a group. */
  sendFile(
    chat: typeof dm | typeof group,
    file: Omit<SayFile, "base64"> & { bytes: Buffer },
  ): Promise<readonly Frame[]>;
  /** Events so far. */
  readonly events: readonly Frame[];
}

/** A personal account, a friend and a group of both; time stands still. */
export async function openNapcat(napcat: Partial<NapcatSettings> = {}): Promise<NapcatStage> {
  const clock = createManualClock();
  const emulator = await createEmulator({
    clock,
    seed: {
      bots: [],
      accounts: [{ uin: UIN, name: "小助手", napcat: { sendDelayMs: [0, 0], ...napcat } }],
      people: [{ id: "lin", name: "小林" }],
      groups: [{ id: "g", name: "测试群", members: ["lin"], bots: [UIN] }],
      channels: [],
    },
  });
  const { httpUrl, wsUrl } = emulator.napcat(UIN);
  const socket = new WebSocket(wsUrl);
  const frames: Frame[] = [];
  const waiting = new Set<() => void>();
  socket.on("message", (data: Buffer) => {
    frames.push(JSON.parse(data.toString("utf8")) as Frame);
    for (const look of waiting) look();
  });
  await new Promise((resolve) => void socket.once("open", resolve));
  const until = async <T>(find: () => T | undefined): Promise<T> => {
    const { promise, resolve } = Promise.withResolvers<T>();
    const look = (): void => {
      const found = find();
      if (found !== undefined) resolve(found);
    };
    waiting.add(look);
    look();
    const found = await promise;
    waiting.delete(look);
    return found;
  };
  const events = (): Frame[] => frames.filter((frame) => frame["post_type"] !== "meta_event" && "post_type" in frame);

  return {
    emulator,
    clock,
    httpUrl,
    get events() {
      return events();
    },
    async call(action, params) {
      const response = await fetch(`${httpUrl}/${action}`, { method: "POST", body: JSON.stringify(params) });
      return (await response.json()) as Frame;
    },
    stream(action, params) {
      const echo = `call-${frames.length}`;
      socket.send(JSON.stringify({ action, params, echo }));
      const mine = (): Frame[] => frames.filter((frame) => frame["echo"] === echo);
      return until(() => (mine().some(({ data }) => data?.["type"] !== "stream") ? mine() : undefined));
    },
    async sendFile(chat, { bytes, ...file }) {
      const known = events().length;
      const files = [{ ...file, base64: bytes.toString("base64") }];
      await emulator.control.call("say", { person: "lin", chat, text: "", files });
      const count = chat.kind === "group" && file.kind === "file" ? 2 : 1;
      return until(() => (events().length >= known + count ? events().slice(known) : undefined));
    },
    async [Symbol.asyncDispose]() {
      socket.terminate();
      await emulator.close();
    },
  };
}

/** The first segment of a message, or another one. */
export function segmentOf({ message }: Frame | undefined = {}, at = 0): WireSegment {
  return (Array.isArray(message) ? (message as WireSegment[])[at] : undefined) ?? { type: "none", data: {} };
}

interface WireSegment {
  readonly type: string;
  readonly data: Readonly<Record<string, string | number>>;
}
