import type { WebSocket } from "ws";
import { isFields } from "../fields.ts";
import type { Adapter } from "./actions.ts";
import type { Napcat } from "./napcat.ts";
import { parseLoose } from "./wire.ts";

/** Which way of a socket has gone silent, seen from the NapCat. */
export type Silence = "in" | "out" | "both";

/** 1.2: largest frame that is taken, bytes. */
export const MAX_FRAME_BYTES = 50 * 1024 * 1024;

/** A WebSocket between a NapCat and a client, whoever has opened it (onebot-napcat.md 1.2, 1.6). */
export class EventSocket {
  /** Whether it gets events; calls it may always make. */
  readonly hasEvents: boolean;
  readonly #socket: WebSocket;
  readonly #napcat: Napcat;
  readonly #adapter: Adapter;
  #isMute = false;
  #isDeaf = false;

  constructor(socket: WebSocket, napcat: Napcat, adapter: Adapter, hasEvents: boolean) {
    this.#socket = socket;
    this.#napcat = napcat;
    this.#adapter = adapter;
    this.hasEvents = hasEvents;
    socket.on("message", (data: Buffer) => void this.#read(data));
    socket.on("ping", (data: Buffer) => void this.#answerPing(data));
    socket.on("error", () => socket.terminate());
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(frame: object, title: string): void {
    this.sendText(JSON.stringify(frame), title, frame);
  }

  /** `frame`: what the wire log shows. */
  sendText(text: string, title: string, frame: unknown = text): void {
    if (this.#isMute || !this.isOpen) return;
    this.#log("in", title, frame, refusalOf(frame));
    this.#socket.send(text);
  }

  /** NapCat itself closes without a code (1.2). */
  close(): void {
    this.#socket.close();
  }

  cut(): void {
    this.#socket.terminate();
  }

  silence(way: Silence): void {
    if (way !== "in") this.#isMute = true;
    if (way === "out") return;
    this.#isDeaf = true;
    this.#socket.pause();
  }

  async #read(data: Buffer): Promise<void> {
    await this.#napcat.weather.stalled;
    if (this.#isDeaf) return;
    let frame: unknown;
    try {
      frame = parseLoose(data.toString("utf8"));
    } catch {
      this.#log("out", `${data.length} bytes that are no JSON`, undefined);
      return this.send(this.#napcat.refuseFrame(this.#adapter), "answer");
    }
    await this.#call(isFields(frame) ? frame : {}, frame);
  }

  async #call({ action, params, echo }: Readonly<Record<string, unknown>>, frame: unknown): Promise<void> {
    const name = typeof action === "string" ? action : "undefined";
    this.#log("out", name, frame);
    await this.#napcat.answerCall(
      { action: name, params: isFields(params) ? params : {}, echo },
      this.#adapter,
      (reply) => this.send(reply, `answer ${name}`),
    );
  }

  async #answerPing(data: Buffer): Promise<void> {
    await this.#napcat.weather.stalled;
    if (!this.#isMute && !this.#isDeaf && this.isOpen) this.#socket.pong(data);
  }

  #log(direction: "in" | "out", title: string, frame: unknown, refused?: string): void {
    this.#napcat.log({ direction, title: `${this.#adapter.name} ${title}`, body: frame, refused });
  }
}

/** One line for the wire log. */
export function refusalOf(frame: unknown): string | undefined {
  if (!isFields(frame) || typeof frame["retcode"] !== "number" || frame["retcode"] === 0) return undefined;
  const text = frame["message"] ?? frame["msg"] ?? "";
  return `${frame["retcode"]} ${typeof text === "string" ? text.split("\n")[0] : ""}`.trim();
}
