import { mimeOf, sniffFormat } from "../../media/formats.ts";
import type { World } from "../../world.ts";

/** 8.1: how long an address of QQ's file store works, ms. */
const LINK_MS = 2 * 60 * 60_000;
const PATH = "/_qq/download";

interface Link {
  /** `undefined` when they were not kept. */
  readonly bytes: Buffer | undefined;
  readonly until: number;
}

/** What the file store has given out, by `rkey`. It is QQ's own, so that an address outlives the NapCat that told it. */
const stores = new WeakMap<World, Map<string, Link>>();

/** Path and query of an address for these bytes; it is over after two hours. */
export function giveLink(world: World, bytes: Buffer | undefined): string {
  const { clock, ids } = world.context;
  const store = stores.get(world) ?? new Map<string, Link>();
  stores.set(world, store);
  const rkey = ids().token();
  store.set(rkey, { bytes, until: clock.now() + LINK_MS });
  return `${PATH}?appid=1407&spec=0&rkey=${rkey}`;
}

/**
 * Answers a request to the file store; `undefined` when it is none. The store is served at the origin of each NapCat's
 * HTTP server, before its actions: a client that trusts that origin can fetch from it, though it be private.
 */
export function serveLink(world: World, pathAndQuery: string): Response | undefined {
  const { pathname, searchParams } = new URL(pathAndQuery, "http://127.0.0.1");
  if (pathname !== PATH) return undefined;
  const link = stores.get(world)?.get(searchParams.get("rkey") ?? "");
  if (!link || world.context.clock.now() >= link.until) return expired();
  return link.bytes ? found(link.bytes) : new Response("the emulator has kept only size and digests", { status: 410 });
}

/** 8.1: HTTP 400 with this text; the code beside it is made up. */
const expired = (): Response =>
  Response.json({ retcode: -5503007, retmsg: "download url has expired" }, { status: 400 });

/** Formats that the emulator does not know are downloaded: shown, they could be a page that runs beside its own. */
function found(bytes: Buffer): Response {
  const format = sniffFormat(bytes);
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": mimeOf(format),
      "content-length": String(bytes.length),
      ...(format === undefined && { "content-disposition": "attachment" }),
      "x-content-type-options": "nosniff",
    },
  });
}
