import { Hono, type Context, type MiddlewareHandler } from "hono";
import type { ApiContext, ApiEnv } from "./api-context.ts";
import { createBindRoutes } from "./bind-routes.ts";
import { readBotState } from "./group-info.ts";
import { createGuildRoutes } from "./guild-routes.ts";
import { failCalls, logCalls } from "./http-layers.ts";
import { createMediaRoutes } from "./media/routes.ts";
import type { Scene } from "./passive.ts";
import { Refusal, demand } from "./refusal.ts";
import { createReactionRoutes } from "./reaction-routes.ts";
import { readJson } from "./request-body.ts";
import { recall, send } from "./sending.ts";
import { sendChunk } from "./streaming.ts";

type Call = Context<ApiEnv>;

/** What the emulator serves beside QQ: none of it is logged, refused or made to fail. */
const isOwn = (path: string): boolean =>
  /^\/(?:_emulator\/.*|page\/.*|qqbot\/openclaw\/connect\.html|favicon\.ico)?$/.test(path);

/** Everything of QQ that is HTTP (qq-official.md 1 and 5). */
export function createApi(context: ApiContext): Hono<ApiEnv> {
  const { gateway, world } = context;
  const api = new Hono<ApiEnv>();
  for (const layer of [logCalls(context), failCalls(context)]) {
    api.use("*", (c, next) => (isOwn(c.req.path) ? next() : layer(c, next)));
  }
  api.onError((error, c) => answerRefusal(c, error));
  api.notFound((c) => answerRefusal(c, new Refusal(404)));

  api.post("/app/getAppAccessToken", async (c) => c.json(issueToken(context, await readJson(c))));

  const authorized = authorize(context);
  api.get("/gateway", authorized, (c) => c.json({ url: context.gatewayUrl() }));
  api.get("/gateway/bot", authorized, (c) =>
    c.json({
      url: context.gatewayUrl(),
      shards: world.context.rules.shards,
      session_start_limit: gateway.startLimit(c.get("bot").appId),
    }),
  );
  api.get("/users/@me", authorized, (c) => {
    const { userId, name } = c.get("bot");
    return c.json({ id: userId, username: name, avatar: "", share_url: "", welcome_msg: "" });
  });

  const sendTo = async (c: Call, scene: Scene, openid: string): Promise<Response> =>
    c.json(send(world, c.get("bot"), scene, openid, await readJson(c)));
  const recallFrom = (c: Call, scene: Scene, openid: string, messageId: string): Response => {
    recall(world, c.get("bot"), scene, openid, messageId);
    return c.json({});
  };
  api.post("/v2/users/:openid/messages", authorized, (c) => sendTo(c, "c2c", c.req.param("openid")));
  api.post("/v2/groups/:group_openid/messages", authorized, (c) => sendTo(c, "group", c.req.param("group_openid")));
  api.post("/v2/users/:openid/stream_messages", authorized, async (c) =>
    c.json(sendChunk(world, c.get("bot"), c.req.param("openid"), await readJson(c))),
  );
  api.put("/interactions/:interaction_id", authorized, async (c) => {
    world.interactions.acknowledge(c.req.param("interaction_id"), c.get("bot").appId, await readJson(c));
    return c.json({});
  });
  api.get("/v2/groups/:group_openid/bot_state", authorized, (c) =>
    c.json(readBotState(world, c.get("bot"), c.req.param("group_openid"))),
  );
  api.route("/", createGuildRoutes(world, authorized));
  api.route("/", createBindRoutes(world));
  api.route("/", createReactionRoutes(world, authorized));
  api.route("/", createMediaRoutes(context, authorized));
  api.delete("/v2/users/:openid/messages/:message_id", authorized, (c) =>
    recallFrom(c, "c2c", c.req.param("openid"), c.req.param("message_id")),
  );
  api.delete("/v2/groups/:group_openid/messages/:message_id", authorized, (c) =>
    recallFrom(c, "group", c.req.param("group_openid"), c.req.param("message_id")),
  );
  return api;
}

/** The token call refuses with HTTP 200 and without an error name (qq-official.md 1.2). */
function issueToken({ world, tokens }: ApiContext, body: unknown): object {
  const fields: Record<string, unknown> = typeof body === "object" && body !== null ? { ...body } : {};
  const { appId, clientSecret } = fields;
  if (typeof appId !== "string" || typeof clientSecret !== "string") return { code: 100007, message: "appid invalid" };
  const bot = world.state.bots.get(appId);
  if (bot?.secret !== clientSecret) return { code: 100016, message: "invalid appid or secret" };
  const { token, seconds } = tokens.issue(appId);
  return { access_token: token, expires_in: String(seconds) };
}

/** Whose call it is, whether it may come from here, and whether there are not too many of it. */
function authorize({ world, tokens, rates }: ApiContext): MiddlewareHandler<ApiEnv> {
  return async (c, next) => {
    const header = c.req.header("authorization");
    demand(header !== undefined && header !== "", 11241);
    const token = /^QQBot (\S+)$/.exec(header)?.[1];
    demand(token !== undefined, 11243);
    const appId = tokens.owner(token);
    const bot = appId === undefined ? undefined : world.state.bots.get(appId);
    demand(bot !== undefined, 11244);
    c.set("bot", bot);
    const union = c.req.header("x-union-appid");
    demand(union === undefined || union === bot.appId, 11251);
    const address = c.env.incoming.socket.remoteAddress ?? "";
    if (!bot.ipAllowed) throw new Refusal(11298, address, 40023002);
    rates.take(bot.appId, `${c.req.method} ${patternOf(c)}`);
    await next();
  };
}

/** `/v2/users/:openid/messages`: the path that the call was registered with. */
function patternOf(c: Call): string {
  return c.req.matchedRoutes.findLast((route) => !route.path.includes("*"))?.path ?? c.req.path;
}

/** Body of every refusal (qq-official.md 1.5). Anything but a refusal is a mistake in the emulator and says so. */
function answerRefusal(c: Call, error: Error): Response {
  const refusal = error instanceof Refusal ? error : undefined;
  const status = refusal?.status ?? 500;
  c.set("refused", refusal?.line ?? `emulator: ${error.stack ?? error.message}`);
  const body = {
    message: refusal?.message ?? `emulator: ${error.message}`,
    code: refusal?.code ?? 50015014,
    err_code: refusal?.errCode ?? 50015014,
    trace_id: c.get("trace"),
  };
  return Response.json(body, { status });
}
