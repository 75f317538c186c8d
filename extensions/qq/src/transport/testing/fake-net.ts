import type { Outside } from "../transport.ts";
import type { Clock } from "../clock.ts";

/** An HTTP call as it was made. */
export interface SeenCall {
  /** "METHOD /path" */
  readonly call: string;
  readonly url: string;
  /** JSON parsed, bytes as they are. */
  readonly body: unknown;
  readonly authorization: string | null;
  readonly at: number;
}

/** What an HTTP call is answered with. */
export type Scripted =
  | { readonly json: unknown; readonly status?: number; readonly headers?: Record<string, string> }
  | { readonly html: string; readonly status: number; readonly headers?: Record<string, string> }
  /** The connection is cut. */
  | { readonly cut: string }
  /** Nobody ever answers. */
  | { readonly silence: true };

/** The platform's end of a gateway socket. */
export interface ServerEnd {
  readonly url: string;
  /** Of the upgrade. */
  readonly headers: Readonly<Record<string, string>>;
  /** Frames from the client, parsed. */
  readonly received: { op: number; d: unknown }[];
  /** The client has left. */
  readonly left: boolean;
  readonly dialledAt: number;
  /** Whether heartbeats are answered. */
  answering: boolean;
  /** Told of each frame from the client. */
  onFrame?: (frame: unknown) => void;
  open(): void;
  say(frame: unknown): void;
  raw(data: string | ArrayBuffer): void;
  close(code: number): void;
}

/** A network in memory. What no test has announced is a surprise, and `verify` throws it. */
export interface FakeNet extends Outside {
  readonly calls: readonly SeenCall[];
  readonly dials: readonly ServerEnd[];
  /** Answers the next call of this kind; `always` every one after it as well. */
  on(call: string, ...answers: Scripted[]): void;
  always(call: string, answer: Scripted): void;
  /** So many dials are expected from now on. */
  expectDials(count: number): void;
  verify(): void;
}

export function createFakeNet(clock: Clock, random: () => number = () => 0.5): FakeNet {
  const calls: SeenCall[] = [];
  const dials: ServerEnd[] = [];
  const surprises: string[] = [];
  const once = new Map<string, Scripted[]>();
  const standing = new Map<string, Scripted>();
  let dialsLeft = 0;

  const fetch = async (input: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    const url = new URL(input instanceof Request ? input.url : input);
    const call = `${init.method ?? "GET"} ${url.pathname}`;
    const { body } = init;
    if (init.redirect !== "manual") surprises.push(`${call} would follow a redirect with the token`);
    calls.push({
      call,
      url: url.href,
      body: typeof body === "string" ? (JSON.parse(body) as unknown) : body instanceof Uint8Array ? body : undefined,
      authorization: new Headers(init.headers).get("authorization"),
      at: clock.now(),
    });
    const scripted = once.get(call)?.shift() ?? standing.get(call);
    if (!scripted) {
      surprises.push(call);
      throw new Error(`surprise: ${call}`);
    }
    return await answer(scripted, init.signal ?? undefined);
  };

  class FakeWebSocket extends EventTarget {
    binaryType = "blob";
    #open = false;
    #over = false;
    readonly #server: ServerEnd;

    constructor(url: string, { headers = {} }: { readonly headers?: Record<string, string> } = {}) {
      super();
      const received: { op: number; d: unknown }[] = [];
      const isOver = (): boolean => this.#over;
      this.#server = {
        url,
        headers,
        received,
        dialledAt: clock.now(),
        answering: true,
        get left() {
          return isOver();
        },
        open: () => {
          this.#open = true;
          this.dispatchEvent(new Event("open"));
        },
        say: (frame) => this.#receive(JSON.stringify(frame)),
        raw: (data) => this.#receive(data),
        close: (code) => this.#close(code),
      };
      dials.push(this.#server);
      if (dialsLeft-- <= 0) surprises.push(`dial ${url}`);
    }

    send(text: string): void {
      if (!this.#open || this.#over) surprises.push("a frame on a socket that is not open");
      const frame = JSON.parse(text) as { op: number; d: unknown };
      this.#server.received.push(frame);
      this.#server.onFrame?.(frame);
      if (frame.op === 1 && this.#server.answering) queueMicrotask(() => this.#server.say({ op: 11 }));
    }

    /** Like a peer that is dead: the close handshake never ends. */
    close(): void {
      this.#over = true;
    }

    #receive(data: string | ArrayBuffer): void {
      if (!this.#over) this.dispatchEvent(new MessageEvent("message", { data }));
    }

    #close(code: number): void {
      if (this.#over) return;
      this.#over = true;
      if (code === 1006) this.dispatchEvent(new Event("error"));
      this.dispatchEvent(new CloseEvent("close", { code }));
    }
  }

  return {
    clock,
    random,
    calls,
    dials,
    fetch,
    WebSocket: FakeWebSocket as unknown as Outside["WebSocket"],
    on: (call, ...answers) => void once.set(call, [...(once.get(call) ?? []), ...answers]),
    always: (call, answer) => void standing.set(call, answer),
    expectDials: (count) => {
      dialsLeft += count;
    },
    verify: () => {
      const unused = [...once].filter(([, answers]) => answers.length > 0).map(([call]) => `unused: ${call}`);
      if (surprises.length + unused.length > 0) throw new Error([...surprises, ...unused].join("; "));
    },
  };
}

async function answer(scripted: Scripted, signal: AbortSignal | undefined): Promise<Response> {
  if ("cut" in scripted)
    throw new TypeError("fetch failed", { cause: Object.assign(new Error("cut"), { code: scripted.cut }) });
  if ("silence" in scripted)
    return await new Promise((_resolve, reject) => {
      if (signal?.aborted) reject(signal.reason);
      signal?.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  const { status = 200, headers = {} } = scripted;
  return "html" in scripted
    ? new Response(scripted.html, { status, headers: { "content-type": "text/html", ...headers } })
    : new Response(JSON.stringify(scripted.json), { status, headers });
}
