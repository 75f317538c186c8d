import { Hono, type Context, type MiddlewareHandler } from "hono";
import type { ApiEnv } from "./api-context.ts";
import { listReactions, react, unreact, type ReactionPath } from "./reactions.ts";
import type { World } from "./world.ts";

const PATH = "/channels/:channel_id/messages/:message_id/reactions/:type/:id";

/** Reactions to messages of channels (qq-official.md 5.1). */
export function createReactionRoutes(world: World, authorized: MiddlewareHandler<ApiEnv>): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.put(PATH, authorized, (c) => {
    react(world, c.get("bot"), pathOf(c));
    return c.body(null, 204);
  });
  routes.delete(PATH, authorized, (c) => {
    unreact(world, c.get("bot"), pathOf(c));
    return c.body(null, 204);
  });
  routes.get(PATH, authorized, (c) =>
    c.json(
      listReactions(world, c.get("bot"), pathOf(c), { cookie: c.req.query("cookie"), limit: c.req.query("limit") }),
    ),
  );
  return routes;
}

function pathOf(c: Context<ApiEnv, typeof PATH>): ReactionPath {
  const { channel_id: channel, message_id: message, type, id } = c.req.param();
  return { channel, message, type, id };
}
