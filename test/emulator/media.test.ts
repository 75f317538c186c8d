import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createManualClock, type MovableClock } from "../../emulator/clock.ts";
import type { ChatMessage, ChatRef } from "../../emulator/control.ts";
import { createEmulator, type Emulator, type EmulatorOptions } from "../../emulator/emulator.ts";
import { defaultSeed } from "../../emulator/seed.ts";
import { bmp, digest, gif, jpg, mp3, mp4, ogg, plainSilk, png, quickTime, silk, wav, webp } from "./files.ts";
import { APP_ID, callHttp, rawBot, type Answer, type RawBot } from "./raw-bot.ts";

const SECOND = 1000;
const DAY = 24 * 60 * 60 * SECOND;
const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
const group = { kind: "group", group: "test-group" } as const;

let emulator: Emulator;
let clock: MovableClock;
let raw: RawBot;
const closing: (() => void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) close();
  await emulator.close();
});

const start = async (options: EmulatorOptions = {}): Promise<void> => {
  clock = createManualClock();
  emulator = await createEmulator({ clock, ...options });
  raw = await rawBot(emulator);
  await raw.online();
};
const uploadDm = (body: object): Promise<Answer> =>
  raw.call("POST", raw.paths.dm("lin").replace("messages", "files"), body);
const uploadGroup = (body: object): Promise<Answer> =>
  raw.call("POST", raw.paths.group("test-group").replace("messages", "files"), body);
const data = (file_type: number, bytes: Buffer, more: object = {}): object => ({
  file_type,
  file_data: bytes.toString("base64"),
  srv_send_msg: false,
  ...more,
});
const showDm = (file_info: unknown, more: object = {}): Promise<Answer> =>
  raw.call("POST", raw.paths.dm("lin"), { msg_type: 7, media: { file_info }, ...more });
const showGroup = (file_info: unknown, more: object = {}): Promise<Answer> =>
  raw.call("POST", raw.paths.group("test-group"), { msg_type: 7, media: { file_info }, ...more });
const outcome = ({ status, body }: Answer): number | "ok" => (status === 200 ? "ok" : Number(body.err_code));
const lastOf = (chat: ChatRef): ChatMessage | undefined => emulator.world.messages(chat).at(-1);
const say = async (chat: ChatRef): Promise<string> =>
  (await emulator.control.call("say", { person: "lin", chat, text: "图", mention: chat.kind === "dm" ? [] : [APP_ID] }))
    .id;

/** A server that hands out files. Answers its origin. */
async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("an upload", () => {
  test("answers a file_info, and a message of type 7 shows the file", async () => {
    await start();
    const answer = await uploadDm(data(1, png, { file_name: "红.png" }));
    expect(answer.body).toEqual({
      file_uuid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      file_info: expect.stringMatching(/^\S{76}$/),
      ttl: 300,
      id: "",
      raw_url: "",
    });
    expect(emulator.world.messages(dm)).toEqual([]);
    const msg_id = await say(dm);
    const sent = await showDm(answer.body["file_info"], { msg_id, content: " 看 " });
    expect(sent.body).toMatchObject({ ext_info: { ref_idx: expect.stringContaining("REFIDX_") } });
    expect(lastOf(dm)).toEqual({
      id: sent.body.id,
      at: clock.now(),
      from: { kind: "bot", id: APP_ID, name: "小助手" },
      text: "看",
      media: {
        kind: "image",
        name: "红.png",
        size: png.length,
        sha256: digest("sha256", png),
        url: expect.stringMatching(/^\/_emulator\/media\//),
      },
      repliesTo: msg_id,
    });
  });

  test("is waited for like any other reply, and its bytes can be had", async () => {
    await start();
    const after = await say(group);
    const { body } = await uploadGroup(data(3, silk));
    expect(outcome(await showGroup(body["file_info"], { msg_id: after }))).toBe("ok");
    const { text, media } = await emulator.waitForReply({ chat: group, after });
    expect({ text, media }).toMatchObject({
      text: "",
      media: { kind: "voice", name: `${digest("md5", silk)}.silk`, durationMs: 60 },
    });
    const served = await fetch(emulator.url + media?.url);
    expect(served.headers.get("content-type")).toBe("audio/silk");
    expect(Buffer.from(await served.arrayBuffer())).toEqual(silk);
  });

  test.each([
    ["png", 1, png, "ok"],
    ["jpg", 1, jpg, "ok"],
    ["gif", 1, gif, "ok"],
    ["webp", 1, webp, "ok"],
    ["bmp", 1, bmp, "ok"],
    ["a text as image", 1, Buffer.from("BM or not BM"), 850019],
    ["mp4", 2, mp4, "ok"],
    ["QuickTime", 2, quickTime, 850019],
    ["Tencent's SILK", 3, silk, "ok"],
    ["plain SILK", 3, plainSilk, "ok"],
    ["mp3 as voice", 3, mp3, 850019],
    ["wav as voice", 3, wav, 850019],
    ["ogg as voice", 3, ogg, 850019],
    ["mp3 as file", 4, mp3, "ok"],
    ["a file_type that is none", 5, png, 50035],
    ["nothing", 4, Buffer.alloc(0), 50035],
  ])("of %s: its bytes decide", async (_, type, bytes, expected) => {
    await start();
    expect(outcome(await uploadDm(data(type, bytes)))).toBe(expected);
  });

  test("of mp3, wav and ogg as voice passes for bots whose platform converts them", async () => {
    await start({ tune: { voiceFormats: ["silk", "mp3", "wav", "ogg"] } });
    const answers = await Promise.all([mp3, wav, ogg].map((bytes) => uploadDm(data(3, bytes))));
    expect(answers.map(outcome)).toEqual(["ok", "ok", "ok"]);
  });

  test.each([
    ["base64 that is none", { file_type: 1, file_data: "data:image/png;base64,AAAA" }, 50035],
    ["neither address nor data", { file_type: 1 }, 50035],
  ])("with %s is refused", async (_, body, code) => {
    await start();
    expect(outcome(await uploadDm(body))).toBe(code);
  });

  test("for nobody is refused", async () => {
    await start();
    const answer = await raw.call("POST", "/v2/users/0123456789ABCDEF0123456789ABCDEF/files", data(1, png));
    expect(outcome(answer)).toBe(11255);
  });

  test("above the soft limit becomes a file, and nobody is told", async () => {
    await start({ tune: { softBytes: { image: png.length - 1, video: 0, voice: 0, file: 1000 } } });
    const { body } = await uploadDm(data(1, png, { file_name: "a.png" }));
    await showDm(body["file_info"]);
    expect(lastOf(dm)?.media).toMatchObject({ kind: "file", name: "a.png", degraded: true });
  });

  test("above the hard limit is refused, and what is exactly at it is not", async () => {
    await start({ tune: { hardBytes: png.length } });
    expect(outcome(await uploadDm(data(4, png)))).toBe("ok");
    expect(outcome(await uploadDm(data(4, Buffer.concat([png, png]))))).toBe(850031);
  });

  test("counts for the day, and the next day is another", async () => {
    await start({ tune: { dayBytes: 2 * png.length } });
    const all = [];
    for (let n = 0; n < 3; n += 1) all.push(outcome(await uploadDm(data(1, png))));
    expect(all).toEqual(["ok", "ok", 40093002]);
    clock.advance(DAY);
    raw = await rawBot(emulator);
    expect(outcome(await uploadDm(data(1, png)))).toBe("ok");
  });

  test("of more than the emulator keeps leaves size and digest", async () => {
    await start({ tune: { keptMediaBytes: 10 } });
    const { body } = await uploadDm(data(4, silk, { file_name: "a.bin" }));
    await showDm(body["file_info"]);
    const media = lastOf(dm)?.media;
    expect(media).toMatchObject({ size: silk.length, sha256: digest("sha256", silk), notKept: true });
    expect((await callHttp(emulator, "GET", media?.url ?? "")).status).toBe(410);
  });
});

describe("an upload by address", () => {
  test("is fetched, and named by the address", async () => {
    await start();
    const origin = await serve((_, response) => response.end(png));
    const { body } = await uploadDm({ file_type: 1, url: `${origin}/some/%E7%BA%A2.png?x=1` });
    await showDm(body["file_info"]);
    expect(lastOf(dm)?.media).toMatchObject({ kind: "image", name: "红.png", sha256: digest("sha256", png) });
  });

  test.each([
    ["that answers 404", (origin: string) => `${origin}/missing`],
    ["where nobody is", () => "http://127.0.0.1:9/"],
    ["that is not http", () => "file:///etc/hostname"],
    ["that is none", () => "picture.png"],
  ])("%s is refused under two codes", async (_, address) => {
    await start();
    const origin = await serve((_request, response) => response.writeHead(404).end());
    const { status, body } = await uploadDm({ file_type: 1, url: address(origin) });
    expect({ status, code: body.code, err_code: body.err_code }).toEqual({
      status: 400,
      code: 850026,
      err_code: 40034001,
    });
  });

  test("that is too slow is refused", async () => {
    await start();
    const asked = Promise.withResolvers<void>();
    const origin = await serve(() => asked.resolve());
    const answer = uploadDm({ file_type: 1, url: origin });
    await asked.promise;
    clock.advance(5 * SECOND);
    expect(outcome(await answer)).toBe(850027);
  });

  test("is given up as soon as there is too much", async () => {
    await start({ tune: { hardBytes: 100_000 } });
    const ended = Promise.withResolvers<void>();
    const origin = await serve((_, response) => {
      response.on("close", ended.resolve);
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(64_000)));
      };
      response.on("drain", more);
      more();
    });
    expect(outcome(await uploadDm({ file_type: 4, url: origin }))).toBe(850031);
    await ended.promise;
  });
});

describe("a file_info", () => {
  test("is good for any target of its scene, and not for the other scene", async () => {
    await start();
    const ofDm = (await uploadDm(data(1, png))).body["file_info"];
    const ofGroup = (await uploadGroup(data(1, png))).body["file_info"];
    const toMing = await raw.call("POST", raw.paths.dm("ming"), { msg_type: 7, media: { file_info: ofDm } });
    expect(outcome(toMing)).toBe("ok");
    expect(outcome(await showGroup(ofDm))).toBe(304080);
    expect(outcome(await showDm(ofGroup))).toBe(304080);
    expect(outcome(await showGroup(ofGroup))).toBe("ok");
  });

  test("ends with its ttl", async () => {
    await start();
    const { file_info } = (await uploadDm(data(1, png))).body;
    clock.advance(300 * SECOND - 1);
    expect(outcome(await showDm(file_info))).toBe("ok");
    clock.advance(1);
    expect(outcome(await showDm(file_info))).toBe(304080);
  });

  test("lives on where the ttl is 0", async () => {
    await start({ tune: { fileInfoMs: 0 } });
    const { file_info, ttl } = (await uploadDm(data(1, png))).body;
    expect(ttl).toBe(0);
    clock.advance(DAY);
    raw = await rawBot(emulator);
    expect(outcome(await showDm(file_info))).toBe("ok");
  });

  test("of another bot is worth nothing", async () => {
    const other = { appId: "102000002", secret: "another-secret", name: "别的" };
    await start({ seed: { ...defaultSeed, bots: [...defaultSeed.bots, other] } });
    const stranger = await rawBot(emulator, other);
    const { file_info } = (
      await stranger.call("POST", stranger.paths.dm("lin").replace("messages", "files"), data(1, png))
    ).body;
    expect(outcome(await showDm(file_info))).toBe(304080);
  });

  test.each([
    ["an unknown one", { file_info: "x" }, 304080],
    ["none", {}, 22006],
  ])("%s is refused and uses no reply up", async (_, media, code) => {
    await start({ tune: { c2cReplies: 1 } });
    const msg_id = await say(dm);
    expect(outcome(await raw.call("POST", raw.paths.dm("lin"), { msg_type: 7, media, msg_id }))).toBe(code);
    expect(outcome(await raw.call("POST", raw.paths.dm("lin"), { content: "好", msg_id }))).toBe("ok");
  });

  test("counts as a reply, and its msg_seq as taken", async () => {
    await start({ tune: { groupReplies: 2 } });
    const { file_info } = (await uploadGroup(data(1, png))).body;
    const msg_id = await say(group);
    const outcomes = [];
    for (const msg_seq of [1, 1, 2, 3]) outcomes.push(outcome(await showGroup(file_info, { msg_id, msg_seq })));
    expect(outcomes).toEqual(["ok", 40054005, "ok", 40034128]);
  });

  test("with an address in its caption is refused where addresses are", async () => {
    await start();
    const { file_info } = (await uploadGroup(data(1, png))).body;
    expect(outcome(await showGroup(file_info, { content: "https://example.com" }))).toBe(40054010);
  });
});

describe("srv_send_msg", () => {
  const atOnce = { srv_send_msg: true };

  test("sends at once as a proactive message, and answers its id", async () => {
    await start();
    const { body } = await uploadGroup(data(1, png, atOnce));
    expect(lastOf(group)).toMatchObject({ id: body.id, text: "", media: { kind: "image" } });
    expect(lastOf(group)).not.toHaveProperty("repliesTo");
  });

  test.each([
    ["a person who refuses them", uploadDm, { proactive: { chat: dm, allowed: false } }, 40054013],
    ["a group that refuses them", uploadGroup, { proactive: { chat: group, allowed: false } }, 40034105],
    ["a muted group", uploadGroup, { mute: { group: "test-group", muted: true } }, 40054002],
    ["a stranger", uploadDm, { friend: { person: "lin", bot: APP_ID, friends: false } }, 40054004],
  ])("to %s is refused, and nothing counts", async (_, upload, change, code) => {
    await start({ tune: { dayBytes: png.length } });
    for (const [name, body] of Object.entries(change)) await callHttp(emulator, "POST", `/_emulator/${name}`, body);
    expect(outcome(await upload(data(1, png, atOnce)))).toBe(code);
    expect(outcome(await upload(data(1, png)))).toBe("ok");
  });

  test("is metered with the other proactive messages", async () => {
    await start();
    const outcomes = [];
    for (let n = 0; n < 21; n += 1) outcomes.push(outcome(await uploadGroup(data(1, png, atOnce))));
    expect(outcomes.filter((each) => each === "ok")).toHaveLength(20);
    expect(outcomes.at(-1)).toBe(40034100);
  });
});

describe("the size of bodies", () => {
  test("a body above the limit is answered in HTML, whatever the call", async () => {
    await start();
    const large = { content: "x".repeat(33 * 1024 * 1024) };
    for (const path of [raw.paths.dm("lin"), raw.paths.dm("lin").replace("messages", "files"), "/v2/menu"]) {
      const answer = await raw.call("POST", path, large);
      expect(answer.status).toBe(413);
      expect(answer.headers.get("content-type")).toContain("text/html");
      expect(answer.trace).toMatch(/^[0-9a-f]{32}$/);
    }
    // Not even read.
    const requests = emulator.refusals().map(({ body }) => body);
    expect(requests).toEqual(
      requests.map(() => expect.objectContaining({ request: expect.stringMatching(/^<\d+ bytes>$/) })),
    );
    expect(requests).toHaveLength(3);
  });

  test("a body that does not announce its size is counted", async () => {
    await start({ tune: { bodyBytes: 1000 } });
    const body = new Blob(["x".repeat(1001)]).stream();
    const init = { method: "POST", body, duplex: "half" } as const;
    expect((await fetch(`${emulator.url}/v2/menu`, init)).status).toBe(413);
  });

  test("the limit can be another", async () => {
    await start({ tune: { bodyBytes: 1000 } });
    expect((await uploadDm(data(4, Buffer.alloc(1000)))).status).toBe(413);
    expect(outcome(await uploadDm(data(4, Buffer.alloc(500))))).toBe("ok");
  });
});

test("the wire log holds the length of base64 and of bytes, not themselves", async () => {
  await start();
  const { body } = await uploadDm(data(1, png));
  await showDm(body["file_info"]);
  await emulator.control.call("say", {
    person: "lin",
    chat: dm,
    text: "",
    files: [{ kind: "image", name: "a.png", base64: png.toString("base64") }],
  });
  const log = JSON.stringify(emulator.wire());
  expect(log).toContain(`<${png.toString("base64").length} characters>`);
  expect(log).not.toContain(png.toString("base64").slice(0, 40));
});

test("reset forgets uploads and files", async () => {
  await start();
  const { file_info } = (await uploadDm(data(1, png))).body;
  await showDm(file_info);
  const url = lastOf(dm)?.media?.url ?? "";
  emulator.reset();
  expect(outcome(await showDm(file_info))).toBe(304080);
  expect((await callHttp(emulator, "GET", url)).status).toBe(404);
});
