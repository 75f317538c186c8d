import { SsrFBlockedError } from "openclaw/plugin-sdk/ssrf-runtime";
import type { HistoryEntry } from "openclaw/plugin-sdk/reply-history";
import { beforeEach, describe, expect, test } from "vitest";
import { QQApiError, QQMediaError, type FaultKind } from "../../errors.ts";
import { sineWav } from "../../media/testing/samples.ts";
import { toSilk } from "../../media/voice.ts";
import type { InboundAttachment, InboundMessage } from "../../message/inbound.ts";
import type { InboundFile, Transport } from "../../transport/transport.ts";
import { createFakeClock, type FakeClock } from "../../transport/testing/fake-clock.ts";
import { createRecorder } from "../../transport/testing/recorder.ts";
import { receiveMedia, type ReceivedMedia } from "./media-in.ts";
import { noteImages } from "./media-recent.ts";
import type { Routed } from "../receive/route.ts";
import type { RunningAccount } from "../running.ts";
import { setQQRuntime } from "../runtime.ts";

const MB = 1024 * 1024;
const AT = 1_000_000;

/** What the host is asked to fetch. */
interface Asked {
  readonly url: string;
  readonly maxBytes: number;
  readonly originalFilename?: string;
  readonly filePathHint?: string;
  readonly requestInit: { readonly signal: AbortSignal };
}

let clock: FakeClock;
let lines: readonly string[];
let asked: Asked[];
let saved: { readonly name: string | undefined; readonly type: string | undefined; readonly bytes: Buffer }[];
let stop: AbortController;
/** What lies at an address: its bytes, or why there are none. */
let world: (asked: Asked) => Promise<Buffer> | Buffer;
let locale: "en" | "zh";
let mediaMaxMb: number | undefined;
/** What of the line is used, and of its account. */
let line: Pick<Transport, "unmetered" | "openFile">;
let account: object;

beforeEach(() => {
  clock = createFakeClock();
  asked = [];
  saved = [];
  stop = new AbortController();
  world = () => Buffer.from("bytes");
  locale = "en";
  mediaMaxMb = undefined;
  line = {};
  account = { transport: "websocket", apiBaseUrl: "https://api.sgroup.qq.com" };
  // Nothing else of the host may be asked for: reading it throws.
  setQQRuntime({ channel: { media: { saveRemoteMedia, readRemoteMediaBuffer, saveMediaBuffer } } } as never);
});

const keep = (name: string | undefined, type: string | undefined, bytes: Buffer) => {
  saved.push({ name, type, bytes });
  return { id: "x", path: `/inbound/${saved.length}`, size: bytes.length, contentType: type };
};
const saveRemoteMedia = async (wish: Asked & { readonly fallbackContentType?: string }) => {
  asked.push(wish);
  return keep(wish.originalFilename, wish.fallbackContentType, await world(wish));
};
const readRemoteMediaBuffer = async (wish: Asked) => {
  asked.push(wish);
  return { buffer: await world(wish), contentType: "application/octet-stream" };
};
const saveMediaBuffer = async (bytes: Buffer, type?: string, subdir?: string, max = 0, name?: string) => {
  expect(subdir).toBe("inbound");
  expect(bytes.length).toBeLessThanOrEqual(max);
  return keep(name, type, bytes);
};

const image = (name: string, more: Partial<InboundAttachment> = {}): InboundAttachment => ({
  kind: "image",
  url: `https://multimedia.nt.qq.com.cn/${encodeURIComponent(name)}?rkey=secret`,
  name,
  contentType: "image/png",
  ...more,
});
const voice = (more: Partial<InboundAttachment> = {}): InboundAttachment => ({
  kind: "voice",
  url: "https://multimedia.nt.qq.com.cn/v.amr?rkey=secret",
  name: "v.amr",
  contentType: "voice",
  ...more,
});

async function receive(
  attachments: readonly InboundAttachment[],
  more: Partial<InboundMessage> = {},
  history: readonly HistoryEntry[] = [],
): Promise<ReceivedMedia> {
  const recorder = createRecorder();
  lines = recorder.lines;
  const message = { id: "m", sender: { id: "U" }, text: "", at: AT, attachments, ...more };
  const cfg = { agents: { defaults: { ...(mediaMaxMb !== undefined && { mediaMaxMb }) } } };
  const routed = { cfg, account: { ...account, locale }, route: { sessionKey: "s" } };
  const running = { clock, log: recorder.log, signal: stop.signal, history: new Map([["s", history]]), line };
  // Of these only what is given here is read; anything else is undefined and fails the test.
  return receiveMedia(
    message as unknown as InboundMessage,
    routed as unknown as Routed,
    running as unknown as RunningAccount,
  );
}

const names = ({ own }: ReceivedMedia) => own.map(({ path, fileName }) => [path, fileName]);
const httpError = (status: number) => Object.assign(new Error(`HTTP ${status}`), { code: "http_error", status });
const fetchError = (cause: Error) => Object.assign(new Error("fetch failed", { cause }), { code: "fetch_failed" });

describe("F6: what came with a message", () => {
  test("costs nothing when it is only text", async () => {
    expect(await receive([])).toEqual({ own: [], quoted: [], notices: [] });
    expect(asked).toEqual([]);
  });

  test("is handed to the agent in order, with safe names that keep their Chinese", async () => {
    const received = await receive([image("一号.png"), image("..\\../etc/pass\0wd] [x.png"), image("", { name: "" })]);
    expect(names(received)).toEqual([
      ["/inbound/1", "一号.png"],
      ["/inbound/2", "passwd] [x.png"],
      ["/inbound/3", undefined],
    ]);
    expect(received.own).toMatchObject([{ kind: "image", contentType: "image/png", messageId: "m" }, {}, {}]);
    expect(JSON.stringify(received)).not.toContain("secret");
    // What the server calls a file is none of the path's business.
    expect(asked.map(({ filePathHint }) => filePathHint)).toEqual(["一号.png", "passwd] [x.png", "file"]);
  });

  test("brings what the quoted message had, as the quote's", async () => {
    const quoted = { index: "REFIDX_1", text: "", fromBot: false, attachments: [image("q.png")] };
    const received = await receive([image("a.png")], { quoted });
    expect(received).toMatchObject({
      own: [{ messageId: "m" }],
      quoted: [{ messageId: "REFIDX_1", fileName: "q.png" }],
    });
  });

  test("is asked for with the host's limit, and not at all when it is announced as larger", async () => {
    mediaMaxMb = 5;
    const { notices } = await receive([image("a.png", { size: 5 * MB }), image("b.png", { size: 5 * MB + 1 })]);
    expect(asked).toMatchObject([{ maxBytes: 5 * MB }]);
    expect(notices).toEqual(["[the image b.png could not be downloaded: it is larger than 5 MB]"]);
    mediaMaxMb = undefined;
    await receive([image("a.png")]);
    expect(asked[1]).toMatchObject({ maxBytes: 20 * MB });
  });

  test("is fetched four at a time and ten in all", async () => {
    let now = 0;
    let most = 0;
    world = async () => {
      most = Math.max(most, (now += 1));
      for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
      now -= 1;
      return Buffer.from("x");
    };
    const received = await receive(Array.from({ length: 13 }, (_, at) => image(`${at}.png`)));
    expect(most).toBe(4);
    expect(received.own).toHaveLength(10);
    expect(received.notices).toEqual(["[3 more files were not downloaded: that was too many at once]"]);
  });

  test("waits twenty seconds, and brings what came by then", async () => {
    world = ({ url, requestInit: { signal } }) =>
      url.includes("slow")
        ? new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)))
        : Buffer.from("x");
    const pending = receive([image("slow.png"), image("a.png")]);
    await clock.advance(19_999);
    expect(await Promise.race([pending, Promise.resolve("waiting")])).toBe("waiting");
    await clock.advance(1);
    expect(await pending).toMatchObject({
      own: [{ fileName: "a.png" }],
      notices: ["[the image slow.png could not be downloaded: it took too long]"],
    });
  });

  test("is left for later when the account stops", async () => {
    world = ({ requestInit: { signal } }) =>
      new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    const pending = receive([image("a.png")]);
    stop.abort(new Error("stopping"));
    await expect(pending).rejects.toThrow("stopping");
  });
});

describe("F6 G4: a file that does not come costs a line, in the user's language and in the log", () => {
  test.each([
    [httpError(403), "its address is no longer good", "链接已失效", "gone"],
    [httpError(500), "the download failed", "下载出错", "failed"],
    [fetchError(new SsrFBlockedError("private")), "its address is not allowed", "地址不允许访问", "not-allowed"],
    [fetchError(Object.assign(new Error("t"), { name: "TimeoutError" })), "it took too long", "下载超时", "too-slow"],
    [Object.assign(new Error("big"), { code: "max_bytes" }), "it is larger than 20 MB", "超过 20 MB", "too-large"],
    [fetchError(new Error("ECONNRESET")), "the download failed", "下载出错", "failed"],
    [new TypeError("no url"), "the download failed", "下载出错", "failed"],
  ])("%s", async (error, en, zh, why) => {
    world = () => Promise.reject(error);
    expect(await receive([image("a].png")])).toMatchObject({
      own: [],
      notices: [`[the image a_.png could not be downloaded: ${en}]`],
    });
    expect(lines).toEqual([expect.stringContaining(`media not received kind=image why=${why}`)]);
    locale = "zh";
    expect((await receive([image("图.png")])).notices).toEqual([`[图片 图.png 未能下载：${zh}]`]);
  });

  test("an address of another kind is not asked for", async () => {
    const { notices } = await receive([image("a.png", { url: "file:///etc/passwd" })]);
    expect(asked).toEqual([]);
    expect(notices).toEqual(["[the image a.png could not be downloaded: its address is not allowed]"]);
  });

  test("the log names of an address only the host, and keeps to its line", async () => {
    const said = 'Failed to fetch media from https://x.qpic.cn/secret/a?rkey=secret: HTTP 404; "\nfoo';
    world = () => Promise.reject(new Error(said));
    await receive([image("a.png")]);
    expect(lines).toEqual([
      'warn media not received kind=image why=failed cause="Failed to fetch media from https://x.qpic.cn: HTTP 404;  foo"',
    ]);
  });
});

describe("F6: a voice message", () => {
  test("that the platform has heard is not fetched; the host knows of it, and that nobody must hear it again", async () => {
    const received = await receive([voice({ transcript: "明天", wavUrl: "https://a.ugcimg.cn/v.wav" })]);
    expect(asked).toEqual([]);
    expect(received).toMatchObject({ own: [{ kind: "audio", transcribed: true }], notices: [] });
    expect(received.own[0]?.path).toBeUndefined();
  });

  test("that is quoted is not taken for the sender's own", async () => {
    const quoted = { index: "REFIDX_1", text: "", fromBot: false, attachments: [voice({ transcript: "明天" })] };
    expect(await receive([], { quoted })).toEqual({ own: [], quoted: [], notices: [] });
  });

  test("is taken as the platform's WAV", async () => {
    const received = await receive([voice({ wavUrl: "https://a.ugcimg.cn/v.wav" })]);
    expect(asked).toMatchObject([{ url: "https://a.ugcimg.cn/v.wav" }]);
    expect(names(received)).toEqual([["/inbound/1", "v.wav"]]);
  });

  test.each([
    ["there is no WAV", {}],
    ["the WAV cannot be had", { wavUrl: "https://a.ugcimg.cn/v.wav" }],
  ])("is made from QQ's SILK when %s", async (_, more) => {
    const { silk } = await toSilk(sineWav(440, 0.5, 0.4, 24_000));
    world = ({ url }) => (url.includes(".wav") ? Promise.reject(httpError(404)) : Buffer.from(silk));
    const received = await receive([voice(more)]);
    expect(received).toMatchObject({
      own: [{ kind: "audio", contentType: "audio/wav", fileName: "v.wav" }],
      notices: [],
    });
    expect(saved[0]?.bytes.toString("latin1", 0, 4)).toBe("RIFF");
    expect(saved[0]?.bytes.length).toBeGreaterThan(24_000 * 2 * 0.3);
  });

  test.each([
    ["AMR", Buffer.from("#!AMR\nxxxx")],
    ["broken SILK", Buffer.from("\x02#!SILK_V3\xff\x7f", "latin1")],
  ])("stays %s when that is what it is", async (_, bytes) => {
    world = () => bytes;
    const received = await receive([voice()]);
    expect(names(received)).toEqual([["/inbound/1", "v.amr"]]);
    expect(saved[0]?.bytes).toEqual(bytes);
  });
});

/** How the history of a group keeps a picture. */
const pictureEntry = (name: string, at: number, sender = "U"): HistoryEntry =>
  noteImages({ sender, body: "", timestamp: at }, {
    attachments: [image(name), voice()],
  } as unknown as InboundMessage);

describe("F6: a picture first, the question about it next, in a group", () => {
  test("comes with the question, when it is the same person's and no older than two minutes", async () => {
    const history = [
      pictureEntry("old.png", AT - 120_001),
      pictureEntry("other.png", AT - 10, "ming"),
      pictureEntry("new.png", AT - 120_000),
    ];
    const received = await receive([], {}, history);
    expect(asked).toMatchObject([{ url: expect.stringContaining("new.png") }]);
    expect(names(received)).toEqual([["/inbound/1", "new.png"]]);
  });

  test("is left out when the question has a picture of its own, and beyond the last four", async () => {
    const history = Array.from({ length: 6 }, (_, at) => pictureEntry(`${at}.png`, AT - 10 + at));
    await receive([image("own.png")], {}, history);
    expect(asked).toHaveLength(1);
    await receive([], {}, history);
    expect(asked.slice(1).map(({ url }) => new URL(url).pathname)).toEqual(["/2.png", "/3.png", "/4.png", "/5.png"]);
  });

  test("costs one line in the log when it is gone", async () => {
    world = () => Promise.reject(httpError(403));
    const received = await receive([], {}, [pictureEntry("a.png", AT)]);
    expect(received).toEqual({ own: [], quoted: [], notices: [] });
    expect(lines).toHaveLength(1);
  });
});

describe("F6: a file of a personal account", () => {
  const wav = sineWav(440, 0.5, 0.1, 16_000);
  let wanted: string[];
  let opened: (attachment: InboundAttachment) => InboundFile | Error;
  beforeEach(() => {
    wanted = [];
    opened = () => new QQApiError("gone", refusalOf("target"));
    account = { transport: "onebot", addresses: { httpUrl: "http://192.168.1.9:3000" } };
    line = {
      unmetered: true,
      openFile: async (attachment) => {
        wanted.push(`${attachment.kind} ${attachment.key}`);
        const file = opened(attachment);
        if (file instanceof Error) throw file;
        return file;
      },
    };
  });

  test("comes from its address, and nobody is asked for it while that works", async () => {
    await receive([image("a.png", { key: "A.png" })]);
    expect([wanted, asked.length]).toEqual([[], 1]);
  });

  test("G4: is never an action of the API, whoever gave the address; the file store beside that is", async () => {
    const api = "http://192.168.1.9:3000";
    expect((await receive([image("a.png", { key: "A.png", url: `${api}/get_cookies/a.png` })])).own).toEqual([]);
    opened = () => ({ url: `${api}/get_credentials` });
    expect((await receive([image("a.png", { key: "A.png", url: `${api}/get_cookies` })])).own).toEqual([]);
    expect(asked).toEqual([]);
    expect((await receive([image("a.png", { url: `${api}/_qq/download?rkey=1` })])).own).toHaveLength(1);
  });

  test("is asked for again when its address is over, and fetched from the new one", async () => {
    world = ({ url }) => (url.includes("fresh") ? Buffer.from("png") : Promise.reject(httpError(400)));
    opened = () => ({ url: "https://gchat.qpic.cn/fresh?rkey=new" });
    expect((await receive([image("a.png", { key: "A.png" })])).own).toHaveLength(1);
    expect(wanted).toEqual(["image A.png"]);
    expect(asked.map(({ url }) => new URL(url).host)).toEqual(["multimedia.nt.qq.com.cn", "gchat.qpic.cn"]);
  });

  test("comes as bytes where it has no address, and a voice that is sound already stays what it is", async () => {
    opened = ({ kind }) => ({ bytes: kind === "voice" ? Uint8Array.from(wav) : new Uint8Array([1, 2]), name: "x" });
    const media = await receive([
      { kind: "file", key: "/uuid", name: "报告.pdf" },
      { kind: "voice", key: "v.amr" },
    ]);
    expect(media.own).toHaveLength(2);
    expect(saved.map(({ bytes }) => bytes.length)).toEqual([2, wav.length]);
  });

  test("a voice message comes through the implementation, as what everybody reads, and by its address where that fails", async () => {
    const silk = await toSilk(wav);
    world = () => Buffer.from(silk.silk);
    opened = () => ({ bytes: Uint8Array.from(wav), name: "v.wav" });
    await receive([voice({ key: "v.amr" })]);
    expect([wanted, asked.length, saved[0]?.bytes.length]).toEqual([["voice v.amr"], 0, wav.length]);
    opened = () => new QQApiError("no", refusalOf("media"));
    const { own, notices } = await receive([voice({ key: "v.amr" })]);
    expect([own.length, notices, asked.length, saved[1]?.type]).toEqual([1, [], 1, "audio/wav"]);
  });

  test("that has no key is not asked for, and its loss is that of its address", async () => {
    world = () => Promise.reject(httpError(404));
    expect((await receive([image("a.png")])).notices.join()).toContain("no longer good");
    expect(wanted).toEqual([]);
  });

  test("is fetched from the implementation's own address though it be private, and from no other private one", async () => {
    opened = () => ({ url: "http://192.168.1.9:3000/_qq/download?rkey=1" });
    await receive([{ kind: "file", key: "/a" }]);
    expect(asked[0]).toMatchObject({ ssrfPolicy: expect.anything() });
    opened = () => ({ url: "http://192.168.1.8:3000/file" });
    await receive([{ kind: "file", key: "/a" }]);
    expect(asked[1]).not.toHaveProperty("ssrfPolicy");
  });

  test("that is too large or gone costs a line that says so", async () => {
    opened = () => new QQMediaError({ en: "it is larger than 5 MB", zh: "超过 5 MB" });
    expect((await receive([{ kind: "file", key: "/a", name: "a" }])).notices.join()).toContain(
      "file a could not be downloaded: it is larger than 5 MB",
    );
    opened = () => new QQApiError("no", refusalOf("media"));
    expect((await receive([{ kind: "file", key: "/a", name: "a" }])).notices.join()).toContain("no longer good");
  });
});

function refusalOf(kind: FaultKind) {
  return { kind, retry: "never", status: 200, platformCode: 1200, traceId: undefined, call: "get_file" } as const;
}
