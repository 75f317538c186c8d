import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { WebSocketServer, type WebSocket } from "ws";
import { GROUP, group, LIN, openStage, UIN, type Frame, type Stage } from "./testing/raw-client.ts";

let stage: Stage;
let close: () => Promise<unknown> = () => Promise.resolve();
afterEach(async () => {
  await stage.emulator.close();
  await close();
});

const listen = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
};

describe("the reverse WebSocket client", () => {
  interface Come {
    readonly socket: WebSocket;
    readonly headers: IncomingHttpHeaders;
    readonly frames: Frame[];
  }

  const openBot = async (): Promise<{ url: string; come: Come[] }> => {
    const server = createServer();
    const sockets = new WebSocketServer({ server });
    const come: Come[] = [];
    sockets.on("connection", (socket, request) => {
      const frames: Frame[] = [];
      socket.on("message", (data: Buffer) => frames.push(JSON.parse(data.toString()) as Frame));
      come.push({ socket, headers: request.headers, frames });
    });
    const url = `ws://${await listen(server)}/onebot`;
    close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve), sockets.close()));
    return { url, come };
  };

  test("comes with four headers, lifecycle first, and takes calls", async () => {
    const { url, come } = await openBot();
    stage = await openStage({ napcat: { reverse: [{ url, token: "secret", heartInterval: 1000 }] } });
    await expect.poll(() => come[0]?.frames.length).toBe(1);
    expect(come[0]?.headers).toMatchObject({
      "x-self-id": UIN,
      authorization: "Bearer secret",
      "x-client-role": "Universal",
      "user-agent": "OneBot/11",
    });
    expect(come[0]?.headers["sec-websocket-extensions"]).toBeUndefined();
    await stage.say("早");
    come[0]?.socket.send(JSON.stringify({ action: "fly", echo: 1 }));
    await expect.poll(() => come[0]?.frames.length).toBe(3);
    stage.clock.advance(1000);
    await expect.poll(() => come[0]?.frames.length).toBe(4);
    expect(come[0]?.frames).toMatchObject([
      { meta_event_type: "lifecycle", sub_type: "connect" },
      { raw_message: "早" },
      { retcode: 1404, message: "不支持的Api fly", echo: 1 },
      { meta_event_type: "heartbeat", interval: 1000 },
    ]);
  });

  test.each([
    [undefined, 5000],
    [700, 700],
  ])("sends its header even without a token, and comes again after its interval, for ever: %s", async (wish, ms) => {
    const { url, come } = await openBot();
    stage = await openStage();
    await stage.emulator.control.call("napcat", {
      account: UIN,
      settings: { reverse: [{ url, ...(wish !== undefined && { reconnectInterval: wish }) }] },
    });
    for (const times of [1, 2, 3]) {
      await expect.poll(() => come[times - 1]?.frames.length).toBe(1);
      expect(come[times - 1]?.headers.authorization).toMatch(/^Bearer ?$/);
      come[times - 1]?.socket.terminate();
      const closed = (): number => stage.emulator.wire().filter(({ title }) => title.endsWith("closed")).length;
      await expect.poll(closed).toBe(times);
      stage.clock.advance(ms);
    }
    await expect.poll(() => come.length).toBe(4);
  });
});

describe("the HTTP client", () => {
  interface Posted {
    readonly headers: IncomingHttpHeaders;
    readonly raw: string;
    readonly event: Frame;
  }

  const openBot = async (answer: (event: Frame) => { status?: number; body?: string }) => {
    const posted: Posted[] = [];
    const server = createServer((request, response) => {
      const pieces: Buffer[] = [];
      request.on("data", (piece: Buffer) => pieces.push(piece));
      request.on("end", () => {
        if (request.url === "/moved") return void response.writeHead(307, { location: "/" }).end();
        const raw = Buffer.concat(pieces).toString();
        const event = JSON.parse(raw) as Frame;
        posted.push({ headers: request.headers, raw, event });
        const { status = 204, body = "" } = answer(event);
        response.writeHead(status).end(body);
      });
    });
    const url = `http://${await listen(server)}`;
    close = () => new Promise((resolve) => (server.closeAllConnections(), server.close(resolve)));
    return { url, posted };
  };

  test("posts what happened, signed over its bytes and chunked, without lifecycle or heartbeats", async () => {
    const { url, posted } = await openBot(() => ({}));
    stage = await openStage({ napcat: { post: [{ url: `${url}/moved`, token: "secret" }] } });
    stage.clock.advance(120_000);
    await stage.say("早，中文");
    await expect.poll(() => posted.length).toBe(1);
    const [{ headers, raw, event }] = posted as [Posted];
    expect(headers).toMatchObject({
      "content-type": "application/json",
      "x-self-id": UIN,
      "transfer-encoding": "chunked",
      "x-signature": `sha1=${createHmac("sha1", "secret").update(raw).digest("hex")}`,
    });
    expect(headers).not.toHaveProperty("content-length");
    expect(headers).not.toHaveProperty("authorization");
    expect(event).toMatchObject({ post_type: "message", raw_message: "早，中文" });
  });

  test("does what the answer asks: a quoted reply, a mention only when asked, a decision", async () => {
    const { url, posted } = await openBot((event) => {
      if (event["post_type"] === "request") return { status: 200, body: `{approve: true, remark: "友"}` };
      return event["raw_message"] === "早"
        ? { status: 200, body: `{"reply":"你好","at_sender":true,"delete":true}` }
        : {};
    });
    stage = await openStage({ napcat: { post: [{ url }] } });
    const id = await stage.say("早");
    const reply = await stage.emulator.waitForReply({ chat: group, after: id });
    expect(reply).toMatchObject({ text: "@小林你好", quote: { id } });
    expect(stage.emulator.world.messages(group)[0]).not.toHaveProperty("recalled");
    await stage.emulator.control.call("request", { account: UIN, person: "20003", kind: "friend" });
    await expect.poll(() => stage.emulator.world.state.accounts.get(UIN)?.friends.has("20003")).toBe(true);
    expect(posted.map(({ headers }) => headers["x-signature"])).not.toContainEqual(expect.anything());
  });

  test("tries once", async () => {
    const { url, posted } = await openBot(() => ({ status: 500 }));
    stage = await openStage({ napcat: { post: [{ url }] } });
    await stage.say("早");
    await expect.poll(() => stage.emulator.refusals().length).toBe(1);
    stage.clock.advance(600_000);
    await stage.say("晚");
    await expect.poll(() => posted.length).toBe(2);
    expect(posted.map(({ event }) => event["raw_message"])).toEqual(["早", "晚"]);
  });
});

test("every adapter has its own format and its own mind about own messages", async () => {
  stage = await openStage({ napcat: { wsFormat: "string", httpFormat: "array", reportSelfMessage: false } });
  const client = await stage.online();
  await stage.say("早", { mention: [UIN], person: LIN });
  const { message, message_id } = await client.next();
  expect(message).toBe(`[CQ:at,qq=${UIN}] 早`);
  expect((await stage.call("get_msg", { message_id })).body).toMatchObject({ data: { message_format: "array" } });
  expect(await client.call("send_group_msg", { group_id: GROUP, message: "ok" })).toMatchObject({ retcode: 0 });
  await client.call("get_status");
  expect(client.waiting()).toEqual([]);
});
