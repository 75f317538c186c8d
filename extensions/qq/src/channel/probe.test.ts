import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, onTestFinished, test } from "vitest";
import { WebSocketServer } from "ws";
import { resolveAccount } from "../config/account.ts";
import { probeAccount, type QQProbe } from "./probe.ts";

const TOKEN = "a-token-of-16-or-more";

interface NapCat {
  readonly httpUrl: string;
  readonly wsUrl: string;
  /** Actions that were called, with the road they came by. */
  readonly called: string[];
}

/** NapCat's two servers as far as a probe sees them (onebot-napcat.md 1.2, 1.3, 6.3). */
async function startNapCat({ token = "", online = true, silent = false } = {}): Promise<NapCat> {
  const called: string[] = [];
  const answer = (road: string, action: string, echo: unknown): string => {
    called.push(`${road} ${action}`);
    const data = { get_login_info: { user_id: 10001, nickname: "小号" }, get_status: { online, good: true } };
    const known = Object.entries(data).find(([name]) => name === action);
    const rest = { message: "", wording: "", echo, stream: "normal-action" };
    return JSON.stringify({ status: "ok", retcode: known ? 0 : 1404, data: known?.[1] ?? null, ...rest });
  };
  const http = createServer((req, res) => {
    if (silent) return;
    if (token !== "" && req.headers.authorization !== `Bearer ${token}`) {
      res.writeHead(403, { "content-type": "text/html" }).end('{"message":"token verify failed!"}');
    } else res.setHeader("content-type", "application/json").end(answer("http", (req.url ?? "").slice(1), "r"));
  });
  http.listen(0, "127.0.0.1");
  const sockets = new WebSocketServer({ port: 0, host: "127.0.0.1" });
  sockets.on("connection", (socket, req) => {
    if (token !== "" && req.headers.authorization !== `Bearer ${token}`) {
      const text = "token验证失败";
      socket.send(
        JSON.stringify({ status: "failed", retcode: 1403, data: null, message: text, wording: text, echo: null }),
      );
      return socket.close();
    }
    socket.send(JSON.stringify({ time: 1, self_id: 10001, post_type: "meta_event", meta_event_type: "lifecycle" }));
    socket.addEventListener("message", ({ data }) => {
      // A probe sends text, and what it sends is a call.
      const { action, echo } = JSON.parse(data as string) as { action: string; echo: unknown };
      socket.send(answer("socket", action, echo));
    });
  });
  await Promise.all([once(http, "listening"), once(sockets, "listening")]);
  onTestFinished(() => {
    http.closeAllConnections();
    http.close();
    sockets.close();
  });
  return { httpUrl: `http://localhost:${portOf(http)}`, wsUrl: `ws://localhost:${portOf(sockets)}`, called };
}

function portOf(server: { address(): unknown }): number {
  // A server that listens on a port has such an address.
  return (server.address() as AddressInfo).port;
}

async function probe(qq: Readonly<Record<string, unknown>>, timeoutMs = 5000): Promise<QQProbe> {
  return await probeAccount(resolveAccount({ channels: { qq } }, undefined, {}), timeoutMs);
}

const found = { ok: true, bot: { id: "10001", username: "小号" }, elapsedMs: expect.any(Number) };

describe("A6: the probe of a personal account", () => {
  test("names the account by HTTP, and does not dial for that", async () => {
    const { httpUrl, wsUrl, called } = await startNapCat({ token: TOKEN });
    expect(await probe({ httpUrl, wsUrl, accessToken: TOKEN })).toEqual(found);
    expect(called).toEqual(["http get_login_info", "http get_status"]);
  });

  test("names it over a socket where there is no HTTP address", async () => {
    const { wsUrl, called } = await startNapCat({ token: TOKEN });
    expect(await probe({ wsUrl, accessToken: TOKEN })).toEqual(found);
    expect(called).toEqual(["socket get_login_info", "socket get_status"]);
  });

  test.each(["httpUrl", "wsUrl"] as const)("tells that it is logged out: %s", async (road) => {
    const napcat = await startNapCat({ online: false });
    const qq = { [road]: napcat[road] };
    const bot = found.bot;
    expect(await probe(qq)).toMatchObject({ ok: false, bot, error: expect.stringContaining("log in again in NapCat") });
    expect(await probe({ ...qq, locale: "zh" })).toMatchObject({ error: expect.stringContaining("QQ 账号未登录") });
  });

  test.each(["httpUrl", "wsUrl"] as const)("tells that the token is wrong, and never which: %s", async (road) => {
    const napcat = await startNapCat({ token: TOKEN });
    const answer = await probe({ [road]: napcat[road], accessToken: "s3cr3t-and-wrong" });
    expect(answer).toMatchObject({ ok: false, error: expect.stringMatching(/token is wrong; .* into accessToken/) });
    expect(JSON.stringify(answer)).not.toContain("s3cr3t");
  });

  test("tells that the two ports were mixed up", async () => {
    const { httpUrl, wsUrl } = await startNapCat();
    const mixed = await probe({ httpUrl: wsUrl.replace("ws:", "http:") });
    expect(mixed).toMatchObject({
      ok: false,
      error: expect.stringMatching(/^httpUrl is the port of a WebSocket server/),
    });
    const other = await probe({ wsUrl: httpUrl.replace("http:", "ws:") });
    expect(other).toMatchObject({
      ok: false,
      error: expect.stringMatching(/\(HTTP 200\); check that wsUrl names the WebSocket server of NapCat/),
    });
  });

  test("tells what to look at when nobody answers", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const host = `localhost:${portOf(server)}`;
    await new Promise((resolve) => server.close(resolve));
    const advice = expect.stringMatching(/in a container it must listen on 0\.0\.0\.0$/);
    expect(await probe({ httpUrl: `http://${host}` })).toMatchObject({ ok: false, error: advice });
    expect(await probe({ wsUrl: `ws://${host}` })).toMatchObject({ ok: false, error: advice });
  });

  test("ends when its time is over", async () => {
    const { httpUrl } = await startNapCat({ silent: true });
    expect(await probe({ httpUrl }, 50)).toMatchObject({ ok: false, error: "no answer within 50 ms" });
  });

  test("tells that another account answers than the configured one", async () => {
    const { httpUrl } = await startNapCat();
    expect(await probe({ httpUrl, selfId: 10_002 })).toMatchObject({
      ok: false,
      error: "NapCat there is logged in as 10001, not as 10002; correct selfId, or the address",
    });
    expect(await probe({ httpUrl, selfId: "10001" })).toEqual(found);
  });

  test("claims nothing where there is nobody to ask, and tells what is wrong with the configuration", async () => {
    const reverse = await probe({ reversePath: "/qq-onebot", accessToken: TOKEN });
    expect(reverse).toEqual({
      note: expect.stringContaining("NapCat dials this gateway"),
      elapsedMs: expect.any(Number),
    });
    expect(await probe({ reversePath: "/qq-onebot" })).toMatchObject({
      ok: false,
      error: expect.stringContaining("16 characters or more"),
    });
  });
});
