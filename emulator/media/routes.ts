import { Hono, type Context, type MiddlewareHandler } from "hono";
import type { ApiContext, ApiEnv } from "../api-context.ts";
import { Refusal } from "../refusal.ts";
import { readJson } from "../request-body.ts";
import { serveBytes } from "./serving.ts";
import { finishPart, prepareUpload, uploadFile } from "./upload-calls.ts";

type Call = Context<ApiEnv>;

/** Uploads (qq-official.md 6), the store that takes their parts, and the addresses of attachments (4.1). */
export function createMediaRoutes(context: ApiContext, authorized: MiddlewareHandler<ApiEnv>): Hono<ApiEnv> {
  const { world, faults } = context;
  const routes = new Hono<ApiEnv>();
  const failFinish = (): void => {
    if (faults.failPart("finish") !== undefined) throw new Refusal(40093001, "fault: fail-parts");
  };

  routes.post("/v2/users/:openid/files", authorized, async (c) =>
    c.json(await uploadFile(world, c.get("bot"), "c2c", c.req.param("openid"), await readJson(c))),
  );
  routes.post("/v2/groups/:group_openid/files", authorized, async (c) =>
    c.json(await uploadFile(world, c.get("bot"), "group", c.req.param("group_openid"), await readJson(c))),
  );
  routes.post("/v2/users/:openid/upload_prepare", authorized, async (c) =>
    c.json(prepareUpload(world, c.get("bot"), "c2c", c.req.param("openid"), await readJson(c))),
  );
  routes.post("/v2/groups/:group_openid/upload_prepare", authorized, async (c) =>
    c.json(prepareUpload(world, c.get("bot"), "group", c.req.param("group_openid"), await readJson(c))),
  );
  routes.post("/v2/users/:openid/upload_part_finish", authorized, async (c) => {
    failFinish();
    return c.json(finishPart(world, c.get("bot"), "c2c", c.req.param("openid"), await readJson(c)));
  });
  routes.post("/v2/groups/:group_openid/upload_part_finish", authorized, async (c) => {
    failFinish();
    return c.json(finishPart(world, c.get("bot"), "group", c.req.param("group_openid"), await readJson(c)));
  });

  routes.put("/_cos/:upload/:part", (c) => putPart(context, c, c.req.param("upload"), Number(c.req.param("part"))));
  routes.get("/download/:name", (c) => {
    const found = world.media.library.open(c.req.param("name"), c.req.query("rkey") ?? "");
    if (!found) return refuseStore(c, 403, "rkey is wrong or over");
    return serveBytes(found.bytes, found.media.name);
  });
  return routes;
}

/** The store is no part of the OpenAPI: no token, and refusals in XML. */
async function putPart({ world, faults }: ApiContext, c: Call, uploadId: string, index: number): Promise<Response> {
  if (c.req.header("authorization") !== undefined) return refuseStore(c, 403, "Authorization beside a signed address");
  const found = world.media.uploads.findPart(uploadId, index, c.req.query("sign") ?? "");
  if (!found) return refuseStore(c, 403, "the address is wrong or over");
  const bot = world.state.bots.get(found.upload.bot);
  if (bot) c.set("bot", bot);
  const failed = faults.failPart("put");
  if (failed !== undefined) return failPut(c, failed);
  const bytes = Buffer.from(await c.req.arrayBuffer());
  if (bytes.length > found.part.size) return refuseStore(c, 400, "the part is larger than announced");
  const md5 = world.media.uploads.put(found.part, bytes);
  return new Response(null, { status: 200, headers: { ETag: `"${md5}"` } });
}

/** The first failure cuts the connection, the second answers 500, and so on in turn. */
function failPut(c: Call, failed: number): Response {
  const isCut = failed % 2 === 1;
  if (isCut) c.env.incoming.socket.resetAndDestroy();
  return refuseStore(c, 500, `fault: fail-parts${isCut ? ", connection cut" : ""}`);
}

/** What the store calls its refusals. */
const STORE_CODES = { 400: "EntityTooLarge", 403: "AccessDenied", 500: "InternalError" } as const;

function refuseStore(c: Call, status: keyof typeof STORE_CODES, why: string): Response {
  c.set("refused", why);
  const code = STORE_CODES[status];
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${why}</Message></Error>`;
  return new Response(body, { status, headers: { "content-type": "application/xml" } });
}
