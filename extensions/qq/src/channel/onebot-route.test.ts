import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { RawSocket } from "../transport/socket.ts";
import type { RequestHeaders } from "../transport/onebot/onebot.ts";
import { answerPost } from "./onebot-post.ts";
import { openOneBotRoute, type OneBotTarget } from "./onebot-route.ts";
import { acceptUpgrade } from "./onebot-upgrade.ts";

/** A line that knows its token, and keeps what reaches it. */
interface FakeLine extends OneBotTarget {
  readonly sockets: { readonly socket: RawSocket; readonly headers: RequestHeaders }[];
  readonly bodies: string[];
  readonly reasons: string[];
  /** How often it was told that events were turned away. */
  missed: number;
  /** Before this an event is not stored. */
  storing?: Promise<void>;
}

const PATH = "/qq-onebot";
let server: Server;
let origin: string;
const closing: (() => void)[] = [];

beforeAll(async () => {
  server = createServer((req, res) => void answerPost(req, res));
  server.on("upgrade", (req, socket, head) => acceptUpgrade(req, socket, head));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A server that listens on a port has such an address.
  origin = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => closing.splice(0).forEach((close) => close()));
afterAll(() => server.close());

function open(accountId: string, token: string, more: { path?: string; selfId?: string } = {}): FakeLine {
  const fake: FakeLine = {
    path: more.path ?? PATH,
    accountId,
    selfId: more.selfId,
    sockets: [],
    bodies: [],
    reasons: [],
    missed: 0,
    dropped: (reason) => fake.reasons.push(reason),
    line: {
      admits: ({ authorization }) => (authorization === `Bearer ${token}` ? undefined : 401),
      acceptSocket: (socket, headers) => void fake.sockets.push({ socket, headers }),
      receivePost: async ({ headers, body }) => {
        if (headers["x-signature"] !== sign(body, token)) return { status: 401 };
        await fake.storing;
        fake.bodies.push(Buffer.from(body).toString());
        return { status: 204 };
      },
      missed: () => void fake.missed++,
    } satisfies OneBotTarget["line"],
  };
  closing.push(openOneBotRoute(fake));
  return fake;
}

/** Dials as NapCat does; resolves with the open socket, or with the status of the refusal. */
async function dial(token: string, { path = PATH, id = "10001" } = {}): Promise<WebSocket | number> {
  const headers = { Authorization: `Bearer ${token}`, "X-Self-ID": id, "x-client-role": "Universal" };
  const socket = new WebSocket(`ws://${origin}${path}`, { headers });
  const { promise, resolve } = Promise.withResolvers<WebSocket | number>();
  socket.on("error", () => {});
  socket.on("unexpected-response", (_request, { statusCode }) => resolve(statusCode ?? 0));
  socket.on("open", () => resolve(socket));
  return await promise;
}

function sign(body: string | Uint8Array, token: string): string {
  return `sha1=${createHmac("sha1", token).update(body).digest("hex")}`;
}

/** Posts as NapCat does; a `token` in the headers stands for its signature. */
async function post(body: string, { token, ...rest }: Record<string, string>, path = PATH): Promise<number> {
  const headers = { ...rest, ...(token !== undefined && { "x-signature": sign(body, token) }) };
  const response = await fetch(`http://${origin}${path}`, { method: "POST", body, headers });
  return response.status;
}

/** Sends the head of a post, and as much of its body as there is; resolves with the status line. */
async function postSlowly(headers: Record<string, string>, sent: string, whole: number): Promise<string> {
  const socket = connect({ host: "127.0.0.1", port: Number(origin.split(":")[1]) });
  closing.push(() => socket.destroy());
  const lines = Object.entries({ Host: "x", "Content-Length": String(whole), ...headers });
  socket.write(`POST ${PATH} HTTP/1.1\r\n${lines.map((line) => line.join(": ")).join("\r\n")}\r\n\r\n${sent}`);
  return String((await once(socket, "data"))[0]).split("\r\n", 1)[0] ?? "";
}

describe("C4: a reverse WebSocket", () => {
  test("with the token reaches the line, with its headers, and is read both ways", async () => {
    const line = open("default", "right");
    const napcat = await dial("right");
    if (typeof napcat === "number") throw new Error(`refused with ${napcat}`);
    expect(line.sockets).toHaveLength(1);
    const [accepted] = line.sockets;
    expect(accepted?.headers).toMatchObject({ "x-self-id": "10001", "x-client-role": "Universal" });
    const asked = once(napcat, "message");
    accepted?.socket.send("from the line");
    expect(String((await asked)[0])).toBe("from the line");
    const heard = new Promise((resolve) => accepted?.socket.addEventListener("message", ({ data }) => resolve(data)));
    napcat.send("from NapCat");
    expect(await heard).toBe("from NapCat");
  });

  test.each(["wrong", ""])("with the token %j is refused, and counted", async (token) => {
    const line = open("default", "right");
    expect(await dial(token)).toBe(401);
    expect(line.sockets).toEqual([]);
    expect(line.reasons).toEqual(["reverse connection refused with HTTP 401"]);
  });

  test("to a path that nobody waits on is refused, below another too", async () => {
    open("default", "right");
    expect(await dial("right", { path: `${PATH}/nobody` })).toBe(404);
    expect(await dial("right", { path: "/qq-onebots" })).toBe(404);
  });

  test("is there with a slash or a query behind the path", async () => {
    const line = open("default", "right");
    for (const path of [`${PATH}/`, `${PATH}?x=1`]) expect(await dial("right", { path })).toBeInstanceOf(WebSocket);
    expect(line.sockets).toHaveLength(2);
  });

  test("that sends before it is let in is refused by its head alone", async () => {
    const line = open("default", "right");
    const socket = connect({ host: "127.0.0.1", port: Number(origin.split(":")[1]) });
    const head = `GET ${PATH} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${"A".repeat(22)}==\r\nSec-WebSocket-Version: 13\r\n\r\n`;
    socket.write(`${head}{"post_type":"message"}`);
    expect(String((await once(socket, "data"))[0])).toMatch(/^HTTP\/1\.1 401 /);
    await once(socket, "close");
    expect(line.sockets).toEqual([]);
  });

  test("G5: closes with its account, and its sibling's stays", async () => {
    const one = open("one", "one", { selfId: "10001" });
    open("two", "two", { selfId: "10002" });
    const [first, second] = [await dial("one", { id: "10001" }), await dial("two", { id: "10002" })];
    if (typeof first === "number" || typeof second === "number") throw new Error("refused");
    const closed = once(first, "close");
    closing.shift()?.();
    await closed;
    expect(one.reasons).toEqual([]);
    expect(await dial("one", { id: "10001" })).toBe(401);
    expect(second.readyState).toBe(WebSocket.OPEN);
  });
});

describe("C4: several accounts on one path", () => {
  test("are told apart by the number that NapCat names, whatever the token", async () => {
    const one = open("one", "shared", { selfId: "10001" });
    const two = open("two", "shared", { selfId: "10002" });
    expect(await dial("shared", { id: "10002" })).toBeInstanceOf(WebSocket);
    expect([one.sockets.length, two.sockets.length]).toEqual([0, 1]);
    expect(await dial("shared", { id: "10003" })).toBe(401);
    expect(await post("{}", { "x-self-id": "10001", token: "shared" })).toBe(204);
    expect([one.bodies, two.bodies]).toEqual([["{}"], []]);
  });

  test("else by the token", async () => {
    const one = open("one", "of one");
    const two = open("two", "of two");
    expect(await dial("of two")).toBeInstanceOf(WebSocket);
    expect([one.sockets.length, two.sockets.length]).toEqual([0, 1]);
    expect(await post("{}", { "x-self-id": "10009", token: "of two" })).toBe(204);
    expect([one.bodies, two.bodies]).toEqual([[], ["{}"]]);
  });

  test("and when neither tells, nobody gets it", async () => {
    const lines = [open("one", "same"), open("two", "same")];
    expect(await dial("same")).toBe(403);
    for (const { sockets, reasons } of lines) {
      expect(sockets).toEqual([]);
      expect(reasons).toEqual(["reverse connection that fits several accounts: give each its selfId"]);
    }
  });
});

describe("C4: posted events", () => {
  test("reach the line byte for byte", async () => {
    const line = open("default", "right");
    const body = `{ "text" :  "你好 ${"x".repeat(200_000)}"}`;
    expect(await post(body, { token: "right" })).toBe(204);
    expect(line.bodies).toEqual([body]);
  });

  test.each([
    ["a wrong signature", { token: "wrong" }, []],
    ["no signature", {}, ["posted event without signature"]],
    ["what is no signature", { "x-signature": "sha1=00" }, ["posted event without signature"]],
    ["another number", { token: "right", "x-self-id": "10002" }, ["posted event for another account"]],
  ])("with %s are refused, and counted where the line does not", async (_what, headers, reasons) => {
    const line = open("default", "right", { selfId: "10001" });
    expect(await post("{}", { "x-self-id": "10001", ...headers })).toBe(401);
    expect([line.reasons, line.bodies]).toEqual([reasons, []]);
  });

  test.each([
    ["that is no signature", { "X-Signature": "x" }],
    ["for an account that nobody has", { "X-Signature": `sha1=${"0".repeat(40)}`, "X-Self-ID": "10002" }],
  ])("with a head %s are refused before anything of their body comes", async (_what, headers) => {
    open("default", "right", { selfId: "10001" });
    expect(await postSlowly({ "X-Self-ID": "10001", ...headers }, "", 4_000_000)).toMatch(/^HTTP\/1\.1 401 /);
  });

  test("that are too large are refused with an answer", async () => {
    const line = open("default", "right");
    expect(await post("x".repeat(4 * 1024 * 1024 + 1), { token: "right" })).toBe(413);
    expect(line.reasons).toEqual(["posted event refused with HTTP 413"]);
    expect(line.bodies).toEqual([]);
  });

  test("G1: that find no room are refused, and read from history; those before them are stored", async () => {
    const line = open("default", "right");
    expect(await post("{}", { token: "right" })).toBe(204);
    const storing = Promise.withResolvers<void>();
    line.storing = storing.promise;
    const large = "x".repeat(4 * 1024 * 1024);
    const statuses: number[] = [];
    const posts = Array.from({ length: 17 }, async () => {
      statuses.push(await post(large, { token: "right" }));
      storing.resolve();
    });
    await Promise.all(posts);
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThan(0);
    expect(line.missed).toBe(statuses.filter((status) => status === 503).length);
    expect(line.bodies).toHaveLength(18 - line.missed);
    expect(await post(large, { token: "right" })).toBe(204);
  });

  test("are posted, and to a path that somebody waits on", async () => {
    open("default", "right");
    expect((await fetch(`http://${origin}${PATH}`)).status).toBe(405);
    expect(await post("{}", { token: "right" }, `${PATH}/nobody`)).toBe(404);
  });
});

// The last one: the count is the address's, and everybody here has the same.
test("C4: who is refused again and again is told 429; who has the token comes in all the same", async () => {
  const line = open("default", "right");
  const statuses = new Set<number>();
  for (let n = 0; n < 61; n++) statuses.add(await post("{}", { token: "wrong" }));
  expect(statuses).toContain(429);
  expect(await dial("wrong")).toBe(429);
  expect(await dial("right")).toBeInstanceOf(WebSocket);
  expect(line.sockets).toHaveLength(1);
});
