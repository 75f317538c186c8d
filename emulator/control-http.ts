import { Hono } from "hono";
import type { Bus } from "./bus.ts";
import type { HostNotice } from "./control.ts";
import type { ControlTable } from "./control-calls.ts";
import { serveBytes } from "./media/serving.ts";
import { ControlError } from "./refusal.ts";
import type { WireLog } from "./wire-log.ts";
import type { World } from "./world.ts";

export interface ControlHttpContext {
  readonly table: ControlTable;
  readonly world: World;
  readonly log: WireLog;
  readonly bus: Bus;
  readonly host: () => HostNotice | undefined;
  /** Ends the streams of server-sent events. */
  readonly closing: AbortSignal;
}

/** The control API over HTTP, under /_emulator. A call that makes no sense answers 400 `{ error }`. */
export function createControlHttp(context: ControlHttpContext): Hono {
  const { table, world, log } = context;
  const control = new Hono();
  control.onError((error, c) => c.json({ error: error.message }, error instanceof ControlError ? 400 : 500));
  control.get("/state", (c) => c.json(world.snapshot()));
  control.get("/log", (c) => c.json(log.since(Number(c.req.query("since") ?? 0))));
  control.get("/media/:id", (c) => {
    const media = world.media.library.find(c.req.param("id"));
    return media ? serveBytes(media.contents.bytes, media.name) : c.json({ error: "there is no such file" }, 404);
  });
  control.get("/events", () => streamEvents(context));
  control.get("/host", (c) => {
    const notice = context.host();
    return notice ? c.json(notice) : c.body(null, 204);
  });
  for (const [name, call] of Object.entries(table)) {
    control.post(`/${name}`, async (c) => {
      const text = await c.req.text();
      return c.json(await (call as (body: unknown) => object | Promise<object>)(readBody(text)));
    });
  }
  return control;
}

function readBody(text: string): object {
  let body: unknown;
  try {
    body = JSON.parse(text || "{}");
  } catch {
    throw new ControlError("the body is not JSON");
  }
  if (typeof body !== "object" || body === null) throw new ControlError("the body is not an object");
  return body;
}

function streamEvents({ bus, closing }: ControlHttpContext): Response {
  const encoder = new TextEncoder();
  // Ends with the reader or with the emulator, whichever is first.
  const gone = new AbortController();
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string): void => controller.enqueue(encoder.encode(text));
      // Something must come at once, or the browser goes on waiting for the headers.
      write(": open\n\n");
      const unsubscribe = bus.subscribe(({ event, data }) =>
        write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`),
      );
      gone.signal.addEventListener("abort", unsubscribe);
      closing.addEventListener("abort", () => (unsubscribe(), controller.close()), { signal: gone.signal });
    },
    cancel: () => gone.abort(),
  });
  return new Response(stream, {
    headers: { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" },
  });
}
