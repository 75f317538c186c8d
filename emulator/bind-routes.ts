import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Hono } from "hono";
import type { ApiEnv } from "./api-context.ts";
import { readJson } from "./request-body.ts";
import type { World } from "./world.ts";

const PAGE = join(import.meta.dirname, "page", "connect.html");

/** Scan to bind (qq-official.md 12): two calls without a login, and the page that the QR code leads to. */
export function createBindRoutes({ binds }: Pick<World, "binds">): Hono<ApiEnv> {
  const routes = new Hono<ApiEnv>();
  routes.post("/lite/create_bind_task", async (c) => c.json(binds.create(await readJson(c))));
  routes.post("/lite/poll_bind_result", async (c) => c.json(binds.poll(await readJson(c))));
  routes.get("/qqbot/openclaw/connect.html", async (c) => {
    binds.open(c.req.query("task_id") ?? "");
    return c.html(await readFile(PAGE, "utf8"));
  });
  return routes;
}
