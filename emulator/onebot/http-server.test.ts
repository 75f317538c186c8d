import { request } from "node:http";
import { afterEach, describe, expect, test } from "vitest";
import { GROUP, group, openStage, UIN, type Stage } from "./testing/raw-client.ts";

let stage: Stage;
afterEach(() => stage.emulator.close());
const url = (path: string): string => stage.emulator.napcat(UIN).httpUrl + path;

/** Sends a body in pieces, each a chunk of its own. */
function postPieces(path: string, pieces: readonly Buffer[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url(path), { method: "POST", headers: { "content-type": "application/json" } }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (piece: string) => (text += piece));
      response.on("end", () => resolve(text));
    });
    sent.on("error", reject);
    const [last, ...rest] = pieces.toReversed();
    const next = ([piece, ...others]: readonly Buffer[]): void => {
      if (!piece) return void sent.end(last);
      // The other side must have read the piece before the next is written, or they come as one.
      sent.write(piece, () => setImmediate(() => setTimeout(() => next(others), 20)));
    };
    next(rest.toReversed());
  });
}

describe("a call by HTTP", () => {
  test.each([
    ["GET", "/get_login_info", undefined, undefined],
    ["POST", "/get_login_info", "{}", "application/json"],
    ["POST", "/get_login_info/more?x=1", undefined, undefined],
    ["PUT", "/get_login_info/", "{a: 1,}", "text/plain"],
    ["POST", "/get_login_info", "no_cache=true", "application/x-www-form-urlencoded"],
    ["POST", "/get_login_info", "[1, 2]", "application/json"],
  ])("may be %s %s", async (method, path, body, type) => {
    stage = await openStage();
    const response = await fetch(url(path), {
      method,
      ...(body !== undefined && { body }),
      ...(type !== undefined && { headers: { "content-type": type } }),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("application/json; charset=utf-8");
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    const answer = (await response.json()) as object;
    expect(answer).toMatchObject({
      retcode: 0,
      data: { user_id: Number(UIN) },
      echo: expect.stringMatching(/^[0-9a-z]+$/),
    });
    expect(Object.keys(answer)).toEqual(["status", "retcode", "data", "message", "wording", "echo", "stream"]);
  });

  test("takes the query before the body, and the echo from either", async () => {
    stage = await openStage();
    const { body } = await stage.call("get_group_info?group_id=" + GROUP, { group_id: 1, echo: "mine" });
    expect(body).toMatchObject({ data: { group_id: Number(GROUP) }, echo: "mine" });
  });

  test("that fails answers 200 with its own numbers", async () => {
    stage = await openStage();
    expect(await stage.call("fly")).toMatchObject({
      status: 200,
      body: { retcode: 200, message: "不支持的Api fly", echo: null },
    });
    expect(await stage.call("get_msg", { message_id: 1 })).toMatchObject({
      status: 200,
      body: { retcode: 200, message: "消息不存在" },
    });
    expect(await stage.call("get_msg")).toMatchObject({
      status: 200,
      body: { retcode: 400, message: "Schema compilation error: Expected required property", echo: null },
    });
  });

  test("whose check breaks is answered with JavaScript's account of it", async () => {
    stage = await openStage();
    const { status, body } = await stage.call("send_group_msg", { group_id: GROUP });
    expect([status, body["retcode"]]).toEqual([200, 200]);
    expect(body["message"]).toMatch(/^TypeError: .+\n +at /);
  });

  test("with a body that is no JSON5 answers 400 before the token is looked at", async () => {
    stage = await openStage({ token: "secret" });
    expect(await stage.call("get_status", "{{")).toEqual({ status: 400, body: { text: "Invalid JSON" } });
    const form = new FormData();
    form.set("a", "1");
    expect((await fetch(url("/get_status"), { method: "POST", body: form })).status).toBe(400);
  });

  test("with a wrong token answers 403, at the root too", async () => {
    stage = await openStage({ token: "secret" });
    for (const path of ["/get_status", "/", "/get_status?access_token=nope"]) {
      const response = await fetch(url(path), {
        headers: path.includes("nope") ? { authorization: "Bearer secret" } : {},
      });
      expect(response.status).toBe(403);
      expect(response.headers.get("content-type")).toMatch("text/html");
      expect(await response.text()).toBe(`{"message":"token verify failed!"}`);
    }
    expect((await stage.call("get_status", {}, { authorization: "Bearer secret" })).body).toMatchObject({ retcode: 0 });
    expect(JSON.stringify(stage.emulator.wire())).not.toContain("secret");
  });

  test("to the root is greeted, and OPTIONS need no token", async () => {
    stage = await openStage();
    expect(await (await fetch(url("/"))).json()).toEqual({
      status: "ok",
      retcode: 0,
      data: {},
      message: "NapCat4 Is Running",
      wording: "",
      echo: null,
      stream: "normal-action",
    });
    expect((await fetch(url("/x"), { method: "OPTIONS" })).status).toBe(204);
  });

  test("is spoilt where a character lies across two pieces, unless it is escaped", async () => {
    stage = await openStage();
    const body = Buffer.from(JSON.stringify({ group_id: GROUP, message: "中文" }));
    const middle = body.indexOf("中") + 1;
    await postPieces("/send_group_msg", [body.subarray(0, middle), body.subarray(middle)]);
    const escaped = Buffer.from(`{"group_id":${GROUP},"message":"\\u4e2d\\u6587"}`);
    const inside = escaped.indexOf("4e2d");
    await postPieces("/send_group_msg", [escaped.subarray(0, inside), escaped.subarray(inside)]);
    await stage.emulator.control.call("napcat", { account: UIN, settings: { utf8Defect: false } });
    await postPieces("/send_group_msg", [body.subarray(0, middle), body.subarray(middle)]);
    const [spoilt, whole, right] = stage.emulator.world.messages(group).map(({ text }) => text);
    expect(spoilt).toMatch(/\uFFFD/);
    expect([whole, right]).toEqual(["中文", "中文"]);
  });
});

test("the HTTP server takes WebSockets where it is set so, with a heartbeat of its own", async () => {
  stage = await openStage({ napcat: { httpWebsocket: true, heartInterval: 1000 } });
  const { rawClient } = await import("./testing/raw-client.ts");
  const client = rawClient(url("/").replace("http", "ws"));
  await client.next();
  stage.clock.advance(30_000);
  expect(await client.next()).toMatchObject({ meta_event_type: "heartbeat", interval: 30_000 });
  expect(client.waiting()).toEqual([]);
});
