import { Hono, type Context, type MiddlewareHandler } from "hono";
import type { ApiEnv } from "./api-context.ts";
import type { Fields } from "./fields.ts";
import { readGuildFields } from "./guild-body.ts";
import { openDm, recallFromChannel, recallFromGuildDm } from "./guild-calls.ts";
import { sendToChannel, sendToGuildDm, type GuildAnswer } from "./guild-sending.ts";
import type { World } from "./world.ts";

/** Messages of channels and of guild DMs (qq-official.md 5.1, 5.9). `hidetip` changes nothing that the emulator shows. */
export function createGuildRoutes(world: World, authorized: MiddlewareHandler<ApiEnv>): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.post("/channels/:channel_id/messages", authorized, async (c) =>
    answer(c, await sendToChannel(world, c.get("bot"), c.req.param("channel_id"), await readFields(c))),
  );
  routes.delete("/channels/:channel_id/messages/:message_id", authorized, (c) => {
    recallFromChannel(world, c.get("bot"), c.req.param("channel_id"), c.req.param("message_id"));
    return c.json({});
  });
  routes.post("/users/@me/dms", authorized, async (c) => c.json(openDm(world, c.get("bot"), await readFields(c))));
  routes.post("/dms/:guild_id/messages", authorized, async (c) =>
    answer(c, await sendToGuildDm(world, c.get("bot"), c.req.param("guild_id"), await readFields(c))),
  );
  routes.delete("/dms/:guild_id/messages/:message_id", authorized, (c) => {
    recallFromGuildDm(world, c.get("bot"), c.req.param("guild_id"), c.req.param("message_id"));
    return c.json({});
  });
  return routes;
}

/** The wire log has read the bytes before: the request itself is empty by now. */
async function readFields(c: Context<ApiEnv>): Promise<Fields> {
  const bytes = await c.req.arrayBuffer();
  const type = c.req.header("content-type") ?? "application/json";
  return readGuildFields(new Request("http://qq/", { method: "POST", body: bytes, headers: { "content-type": type } }));
}

const answer = (c: Context<ApiEnv>, { status, body }: GuildAnswer): Response => c.json(body, status);
