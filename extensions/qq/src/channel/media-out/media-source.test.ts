import { createHash } from "node:crypto";
import { mkdir, mkdtemp, open, readdir, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { resolvePreferredOpenClawTmpDir } from "openclaw/plugin-sdk/temp-path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { QQMediaError } from "../../errors.ts";
import type { AnswerMedia } from "../../journal/parked.ts";
import { createFakeClock } from "../../transport/testing/fake-clock.ts";
import { openAllowed } from "./media-local.ts";
import { keepBody } from "./media-spool.ts";
import { openMedia, type MediaAccess, type OpenMedia } from "./media-source.ts";

const MB = 1024 * 1024;
const png = Buffer.from("89504e470d0a1a0a0000000d49484452", "hex");
const mp4 = Buffer.from("\0\0\0\x18ftypisom\0\0\0\0isommp42", "latin1");

let root: string;
let lines: string[];
let before: readonly string[];
beforeEach(async () => {
  before = await readdir(resolvePreferredOpenClawTmpDir());
  root = await realpath(await mkdtemp(join(tmpdir(), "qq-media-")));
  lines = [];
  onTestFinished(() => rm(root, { recursive: true }));
});

/** An account whose own address is `apiBaseUrl`. Its clock stands still and lets nobody wait. */
function running(apiBaseUrl: string): Parameters<typeof openMedia>[2] {
  const log = { debug() {}, info: (line: string) => void lines.push(line), warn() {}, error() {} };
  const clock = { ...createFakeClock(), sleep: async () => undefined };
  // Of the account only this is read.
  return { clock, log, current: () => ({ account: { transport: "websocket", apiBaseUrl } }) as never };
}

async function openIt(
  media: string | AnswerMedia,
  access: MediaAccess = { mediaAccess: { localRoots: [root] } },
  apiBaseUrl = "https://api.bot.qq.com",
  signal?: AbortSignal,
): Promise<OpenMedia> {
  const wish = typeof media === "string" ? { source: media } : media;
  const file = await openMedia(wish, access, running(apiBaseUrl), signal);
  onTestFinished(() => file.close().catch(() => undefined));
  return file;
}

async function refusal(...args: Parameters<typeof openIt>): Promise<QQMediaError> {
  const error: unknown = await openIt(...args).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(QQMediaError);
  expect(String(error)).not.toContain(root);
  return error as QQMediaError;
}

async function put(name: string, bytes: Uint8Array | string): Promise<string> {
  const path = join(root, name);
  await writeFile(path, bytes);
  return path;
}
/** The host's reader, where it would hold too much. */
const neverRead = async (): Promise<Buffer> => {
  throw new Error("read after all");
};
const all = async (file: OpenMedia): Promise<Buffer> => Buffer.from(await file.read(0, file.size));

/** A tone of `seconds`, 16 kHz, 16 bits. */
function wav(seconds: number): Buffer {
  const samples = Buffer.alloc(16_000 * 2 * seconds);
  for (let at = 0; at < samples.length / 2; at++) samples.writeInt16LE(Math.round(9000 * Math.sin(at / 6)), at * 2);
  const head = Buffer.alloc(44);
  head.write("RIFF", 0);
  head.writeUInt32LE(36 + samples.length, 4);
  head.write("WAVEfmt ", 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(16_000, 24);
  head.writeUInt32LE(32_000, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}

describe("what a file is shown as", () => {
  test.each([
    ["图.png", png, {}, "image"],
    ["图.png", png, { asFile: true }, "file"],
    ["film.mp4", mp4, {}, "video"],
    ["not-really.png", Buffer.from("<html>404</html>"), {}, "file"],
    ["picture.svg", Buffer.from("<svg/>"), {}, "file"],
    ["song.mp3", Buffer.from("ID3\x04"), {}, "file"],
    ["page.pdf", Buffer.from("%PDF-1.7"), { asVoice: true }, "file"],
  ] as const)("F6: %s, by its bytes", async (name, bytes, wish, kind) => {
    const file = await openIt({ source: await put(name, bytes), ...wish });
    expect(file).toMatchObject({ kind, name, size: bytes.length });
    expect(await all(file)).toEqual(bytes);
  });

  test("F6: sound as a voice becomes SILK, and stays a file for chats that take no voice", async () => {
    const sound = wav(2);
    const file = await openIt({ source: await put("说话.wav", sound), asVoice: true });
    expect(file).toMatchObject({ kind: "voice", name: "说话.silk", original: { kind: "file", name: "说话.wav" } });
    expect((await all(file)).toString("latin1", 0, 10)).toBe("\x02#!SILK_V3");
    expect(Buffer.from((await file.original?.read(0, sound.length)) ?? [])).toEqual(sound);
  });

  test("F6: what cannot be converted stays a file, and the log says so", async () => {
    const file = await openIt({ source: await put("a.mp3", Buffer.from("ID3 and nothing else")), asVoice: true });
    expect(file).toMatchObject({ kind: "file", name: "a.mp3" });
    expect(lines).toEqual([expect.stringMatching(/^voice goes as a file format=mp3/)]);
  });

  test("a name without an extension gets that of its bytes", async () => {
    expect(await openIt(await put("picture", png))).toMatchObject({ name: "picture.png" });
  });
});

describe("a path", () => {
  test("F6: of 250 MB is refused before it is read", async () => {
    const path = join(root, "big.bin");
    await using file = await open(path, "w");
    await file.truncate(250 * MB);
    expect((await refusal(path)).message).toMatch(/250 MB.*200 MB/);
    expect((await refusal(path, { mediaAccess: { localRoots: [root], readFile: neverRead } })).message).toMatch(
      /250 MB/,
    );
  });

  test("F6: of 100 MB is read piece by piece, from where it lies", async () => {
    const path = join(root, "大文件.bin");
    await using handle = await open(path, "w+");
    await handle.truncate(100 * MB);
    await handle.write(Buffer.from("middle"), 0, 6, 50 * MB);
    const file = await openIt(path);
    expect(file).toMatchObject({ size: 100 * MB, name: "大文件.bin" });
    expect(Buffer.from(await file.read(50 * MB, 50 * MB + 6)).toString()).toBe("middle");
    // With the host's own reader come its rules on what may leave; they are asked with the beginning only.
    const access = { mediaAccess: { localRoots: [root], readFile: neverRead } };
    expect((await refusal(path, access)).message).toMatch(/of no kind/);
    await handle.write(png, 0, png.length, 0);
    expect(await openIt(path, access)).toMatchObject({ size: 100 * MB });
  });

  test("small files are read by the host's own reader where it gives one", async () => {
    const path = await put("a.png", png);
    const seen: string[] = [];
    const mediaReadFile = async (path: string): Promise<Buffer> => {
      seen.push(path);
      return Buffer.concat([png, png]);
    };
    expect(await openIt(path, { mediaLocalRoots: [root], mediaReadFile })).toMatchObject({ size: 32 });
    expect(seen).toEqual([path]);
  });

  test("G4: the host's reader lets no text out that is none of its kinds", async () => {
    const path = await put("id_rsa", "-----BEGIN OPENSSH PRIVATE KEY-----\n");
    const access = { mediaAccess: { localRoots: [root], readFile: (path: string) => readFile(path) } };
    expect(await refusal(path, access)).toMatchObject({ retry: "never", message: expect.stringMatching(/of no kind/) });
  });

  test("a large text is looked at whatever character its beginning ends in", async () => {
    for (const lead of ["", "a", "ab"]) {
      const path = await put("长.txt", `${lead}${"长".repeat(3 * MB)}`);
      expect(await openIt(path, { mediaAccess: { localRoots: [root], readFile: neverRead } })).toMatchObject({
        name: "长.txt",
      });
    }
  });

  test("relative ones lie in the agent's workspace, and file:// is a path", async () => {
    await put("a.png", png);
    const access = { mediaAccess: { localRoots: [root], workspaceDir: root } };
    expect(await openIt("a.png", access)).toMatchObject({ kind: "image" });
    expect(await openIt(`file://${root}/a.png`)).toMatchObject({ kind: "image" });
  });

  test("G4: outside the allowed folders is refused: straight, by dots, by a link", async () => {
    const outside = await mkdtemp(join(tmpdir(), "qq-outside-"));
    onTestFinished(() => rm(outside, { recursive: true }));
    await writeFile(join(outside, "secret.png"), png);
    await mkdir(join(root, "in"));
    await symlink(join(outside, "secret.png"), join(root, "in", "link.png"));
    await symlink(outside, join(root, "in", "folder"));
    const access = { mediaAccess: { localRoots: [join(root, "in")] } };
    for (const source of [
      join(outside, "secret.png"),
      `${root}/in/../../${outside.split("/").at(-1)}/secret.png`,
      join(root, "in", "link.png"),
      join(root, "in", "folder", "secret.png"),
      "/etc/passwd",
    ]) {
      expect((await refusal(source, access)).message).toMatch(/outside the agent's folders/);
      const withReader = { mediaAccess: { ...access.mediaAccess, readFile: neverRead } };
      expect((await refusal(source, withReader)).message).toMatch(/outside the agent's folders/);
    }
  });

  test("G4: that has come to lead elsewhere since the host looked is not read", async () => {
    const outside = await put("secret.png", png);
    await mkdir(join(root, "in"));
    const path = join(root, "in", "link.png");
    await symlink(outside, path);
    await expect(openAllowed(path, [join(root, "in")], undefined)).rejects.toThrow(/outside the agent's folders/);
    const inside = await openAllowed(path, [root], undefined);
    expect(inside.size).toBe(png.length);
    await inside.close();
  });

  test("that is missing or a folder is refused", async () => {
    expect((await refusal(join(root, "none.png"))).message).toMatch(/no such file/);
    await mkdir(join(root, "folder"));
    expect((await refusal(join(root, "folder"))).message).toMatch(/not a file/);
  });
});

/** A server on this machine, which only an account with the same base address may read from. */
async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("an address", () => {
  test("F6: is read, with the name and the kind that it has", async () => {
    const base = await serve((req, res) => {
      const named = req.url === "/named" ? { "content-disposition": "attachment; filename*=UTF-8''%E5%9B%BE.png" } : {};
      res.writeHead(200, { "content-type": "image/png", ...named }).end(png);
    });
    expect(await openIt(`${base}/a%20b.png?x=1`, undefined, base)).toMatchObject({ kind: "image", name: "a b.png" });
    expect(await openIt(`${base}/named`, undefined, base)).toMatchObject({ name: "图.png" });
    const file = await openIt(`${base}/none`, undefined, base);
    expect(file).toMatchObject({ name: "none.png", size: png.length });
    expect(await all(file)).toEqual(png);
  });

  test("F6: in a private network is refused unasked, and so is one behind a redirect", async () => {
    let asked = 0;
    const inside = await serve((_, res) => {
      asked += 1;
      res.end(png);
    });
    const base = await serve((_, res) => res.writeHead(302, { location: `${inside}/x.png` }).end());
    expect((await refusal(`${inside}/x.png`)).message).toMatch(/private network/);
    expect((await refusal(`${base}/x.png`, undefined, base)).message).toMatch(/private network/);
    expect(asked).toBe(0);
  });

  test("F6: of 250 MB is refused by what the server says", async () => {
    const base = await serve((_, res) => res.writeHead(200, { "content-length": String(250 * MB) }).flushHeaders());
    expect((await refusal(`${base}/told`, undefined, base)).message).toMatch(/250 MB.*200 MB/);
  });

  test("F6: is cut off at 200 MB where the server says nothing, and leaves nothing behind", async () => {
    let pulled = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => (pulled++ < 250 ? controller.enqueue(Buffer.alloc(MB)) : controller.close()),
    });
    const kept = keepBody(new Response(body), { name: "" }, () => undefined);
    await expect(kept).rejects.toThrow(/201 MB.*200 MB/);
    expect(pulled).toBeLessThan(210);
    expect(await spooled()).toEqual([]);
  });

  test("above 8 MB it lies in a temporary file until it is closed", async () => {
    const bytes = Buffer.alloc(20 * MB, "0123456789");
    const base = await serve((_, res) => res.end(bytes));
    const file = await openIt(`${base}/large.bin`, undefined, base);
    expect(await spooled()).toHaveLength(1);
    expect(sha1(await all(file))).toBe(sha1(bytes));
    await file.close();
    expect(await spooled()).toEqual([]);
  });

  test("a busy server is asked once more, a missing file is not", async () => {
    const asked: string[] = [];
    const base = await serve((req, res) => {
      asked.push(req.url ?? "");
      if (req.url === "/missing") res.writeHead(404).end();
      else if (asked.filter((url) => url === req.url).length === 1) res.writeHead(503).end();
      else if (req.url === "/broken") req.socket.destroy();
      else res.end(png);
    });
    expect(await openIt(`${base}/busy`, undefined, base)).toMatchObject({ kind: "image" });
    const missing = await refusal(`${base}/missing`, undefined, base);
    expect(missing).toMatchObject({ retry: "never", message: expect.stringMatching(/HTTP 404/) });
    expect(missing.message).not.toContain("127.0.0.1");
    await refusal(`${base}/broken`, undefined, base);
    expect(asked).toEqual(["/busy", "/busy", "/missing", "/broken", "/broken"]);
  });

  test("an abort ends the download", async () => {
    const stop = new AbortController();
    const base = await serve((_, res) => {
      res.write(png);
      stop.abort(new Error("stopped"));
    });
    await expect(openIt(`${base}/slow`, undefined, base, stop.signal)).rejects.toMatchObject({ code: "QQ_TRANSPORT" });
  });
});

describe("a data: URL", () => {
  test("F6: is what it says", async () => {
    const file = await openIt(`data:image/png;base64,${png.toString("base64")}`);
    expect(file).toMatchObject({ kind: "image", name: "file.png", size: png.length });
    expect(await all(file)).toEqual(png);
    const text = await openIt("data:text/plain,%E4%BD%A0%E5%A5%BD,%20a");
    expect((await all(text)).toString()).toBe("你好, a");
    expect(text.name).toBe("file.txt");
  });

  test("without data is refused", async () => {
    expect((await refusal("data:image/png")).message).toMatch(/has no data/);
  });
});

const sha1 = (bytes: Uint8Array): string => createHash("sha1").update(bytes).digest("hex");

/** Downloads in the host's temporary folder that were not there when the test began. */
async function spooled(): Promise<string[]> {
  const names = await readdir(resolvePreferredOpenClawTmpDir());
  return names.filter((name) => name.startsWith("openclaw-qq") && !before.includes(name));
}

test("F6 G4: on a personal account an address at its own API is never asked, whoever named it", async () => {
  const asked: string[] = [];
  const api = await serve((request, response) => {
    asked.push(request.url ?? "");
    response.end(png);
  });
  const at = (account: object) => ({ ...running(""), current: () => ({ account }) as never });
  const oneBot = at({ transport: "onebot", addresses: { httpUrl: api } });
  for (const path of ["/get_cookies?domain=qun.qq.com", "/get_cookies/a.png", "/_qq/download"])
    await expect(openMedia({ source: `${api}${path}` }, {}, oneBot)).rejects.toThrow(/private network/);
  expect(asked).toEqual([]);
  const official = await openMedia({ source: `${api}/a.png` }, {}, running(api));
  expect(official.address).toBeUndefined();
});
