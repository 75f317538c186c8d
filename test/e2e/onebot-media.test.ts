// Files on personal accounts, both ways. The emulated NapCat has a disk of its own: no path of it leads anywhere here.
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quote } from "../../demo/model.ts";
import type { ChatMedia, ChatMessage, ChatRef, Say, SayFile } from "../../emulator/control.ts";
import type { AccountSeed } from "../../emulator/seed.ts";
import { readSample, sineWav, TONE } from "../../extensions/qq/src/media/testing/samples.ts";
import { digest, mp4, png } from "../emulator/files.ts";
import { account, lineTo, openWorld, personalDm, personalSeed, type World } from "./support.ts";

const MB = 1024 * 1024;
/** Its NapCat tells addresses of everything. */
const full = account(1);
/** Its NapCat has no packet backend, and so tells none of voice messages and files. */
const bare = account(2, { napcat: { packetBackend: false } });
/** Its NapCat writes CQ strings. */
const cq = account(3, { napcat: { wsFormat: "string" } });
const group: ChatRef = { kind: "group", group: "123456789" };

/** What the agent has, by name. */
const files: Readonly<Record<string, Buffer>> = {
  "cat.png": png,
  "tone.mp3": Buffer.from(readSample("tone.mp3")),
  "tone.wav": Buffer.from(sineWav(TONE.frequency, TONE.amplitude, TONE.ms / 1000, 24_000)),
  "notes.md": Buffer.from("# Notes\n\nRun install.sh\n"),
  "clip.mp4": mp4,
  "big.zip": bigZip(1),
};

/** What the agent says when it is asked for one of them. */
const answers: Readonly<Record<string, string>> = {
  "cat.png": "a cat, as you wished\nMEDIA:./cat.png",
  "tone.mp3": "[[audio_as_voice]]\nMEDIA:./tone.mp3",
  "tone.wav": "[[audio_as_voice]]\nMEDIA:./tone.wav",
  "notes.md": "the notes are ready\nMEDIA:./notes.md",
  "clip.mp4": "MEDIA:./clip.mp4",
  "big.zip": "all of it\nMEDIA:./big.zip",
};

/** An archive of 30 MB, by its first bytes; no two parts of it are the same. */
function bigZip(seed: number): Buffer {
  const bytes = Buffer.alloc(30 * MB);
  for (let at = 0; at < bytes.length; at += 1024) bytes.writeUInt32LE(at + seed, at);
  bytes.write("PK\x03\x04");
  return bytes;
}

let world: World;

beforeAll(async () => {
  world = await openWorld({
    seed: personalSeed([full, bare, cq], { "123456789": [full, bare] }),
    model: {
      reply: (text) => {
        const [, name] = /^send (\S+)/.exec(text) ?? [];
        return (name !== undefined && answers[name]) || quote(text);
      },
    },
    config: {
      agents: { defaults: { mediaMaxMb: 50 } },
      session: { dmScope: "per-account-channel-peer" },
    },
    channel: (emulator) => ({
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      typing: false,
      ackReaction: "",
      sendGapMs: 0,
      replyToMode: "off",
      mediaMaxMb: 50,
      base64MaxMb: 1,
      accounts: { full: lineTo(emulator, full), bare: lineTo(emulator, bare), cq: lineTo(emulator, cq) },
    }),
  });
  await world.gateway.ready;
  const workspace = join(world.gateway.directory, "workspace");
  await mkdir(workspace, { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(workspace, name), bytes);
  for (const { uin } of [full, bare, cq]) await world.emulator.waitForSessions(uin, 1, 30_000);
});

afterAll(async () => world?.close());

const fileOf = (kind: SayFile["kind"], name: string, bytes: Uint8Array): SayFile => ({
  kind,
  name,
  base64: Buffer.from(bytes).toString("base64"),
});

/** All that the model was told when it was asked about this text. */
function prompt(text: string): string {
  const asked = world.model.requests.filter((request) => request.text.includes(text));
  expect(asked).toHaveLength(1);
  return JSON.stringify(asked[0]?.messages.filter(({ role }) => role === "user"));
}

/** Pictures that came with the prompt. */
const pictures = (text: string): readonly string[] =>
  [...prompt(text).matchAll(/data:image\/\w+;base64,([A-Za-z0-9+/=]+)/g)].map(([, data]) => data ?? "");

/** What lies where the prompt says that the last file is: the agent's tools read it there. */
function attached(text: string): Buffer {
  const [, path = ""] = [...prompt(text).matchAll(/\[media attached: (\/[^\]]+?) \(/g)].at(-1) ?? [];
  return readFileSync(path);
}

const lastEntry = (): number => world.emulator.wire().at(-1)?.n ?? 0;

/** Actions that the account has called since entry `n` of the wire log. */
const actionsSince = (n: number, { uin }: AccountSeed): readonly string[] =>
  world.emulator
    .wire()
    .filter((entry) => entry.n > n && entry.bot === uin)
    .flatMap(({ title }) => /^http \/(\w+) /.exec(title)?.[1] ?? []);

/** A file of 30 MB has gone in pieces: by the log, which tells the length of every text above 2000 characters. */
function expectPieces(since: number): void {
  const wire = JSON.stringify(world.emulator.wire().filter((entry) => entry.n > since));
  const lengths = [...wire.matchAll(/<(\d+) characters>/g)].map(([, length]) => Number(length));
  expect(lengths.length).toBeGreaterThan(40);
  expect(Math.max(...lengths)).toBeLessThan(1.4 * MB);
}

/** Sends files with a text to an account, and waits for the answer. */
async function show(to: AccountSeed, text: string, ...sent: readonly SayFile[]): Promise<number> {
  const since = lastEntry();
  await world.ask("lin", personalDm("lin", to), text, { files: sent });
  return since;
}

describe("in", () => {
  test.each([
    ["segments", full],
    ["CQ strings", cq],
  ] as const)("F6 C5: a picture reaches the model by its address, told in %s", async (how, to) => {
    const text = `picture in ${how}`;
    const since = await show(to, text, fileOf("image", "p.png", png));
    expect(pictures(text)).toEqual([png.toString("base64")]);
    expect(actionsSince(since, to)).not.toContain("get_image");
  });

  test("F6: a picture whose address is over is got anew", async () => {
    const chat = personalDm("lin", full);
    await world.ask("lin", chat, "first sight", { files: [fileOf("image", "q.png", png)] });
    const [key] = keysOf("image");
    const since = lastEntry();
    const dead = `${world.emulator.napcat(full.uin).httpUrl}/_qq/download?appid=1407&rkey=over`;
    const segments = [{ type: "image", data: { file: key, url: dead, file_size: String(png.length) } }];
    await world.ask("lin", chat, "second sight", { segments });
    expect(pictures("second sight")).toContain(png.toString("base64"));
    expect(actionsSince(since, full)).toContain("get_image");
  });

  test.each([
    ["with", full],
    ["without", bare],
  ] as const)("F6: a voice message is there as WAV, %s an address", async (how, to) => {
    const text = `voice ${how}`;
    const wav = sineWav(440, 0.5, 1, 16_000);
    const since = await show(to, text, fileOf("voice", "v.wav", wav));
    expect(actionsSince(since, to)).toContain("get_record");
    expect(attached(text)).toEqual(Buffer.from(wav));
  });

  test("F6: a voice message that NapCat cannot convert is converted here", async () => {
    const fault = { do: "napcat", account: bare.uin, what: "unsupported", action: "get_record" } as const;
    await world.emulator.control.call("fault", fault);
    const wav = Buffer.from(sineWav(440, 0.5, 1, 16_000));
    const since = await show(bare, "voice as SILK", fileOf("voice", "v.wav", wav));
    await world.emulator.control.call("fault", { ...fault, on: false });
    expect(actionsSince(since, bare)).toEqual(expect.arrayContaining(["get_record", "download_file_stream"]));
    expect(attached("voice as SILK").toString("latin1", 0, 4)).toBe("RIFF");
  });

  test("F6: a video without an address is got piece by piece", async () => {
    await show(bare, "a video", fileOf("video", "v.mp4", mp4));
    const [key] = keysOf("video");
    const since = lastEntry();
    const segments = [{ type: "video", data: { file: key, file_size: String(mp4.length) } }];
    await world.ask("lin", personalDm("lin", bare), "the same video", { segments });
    expect(actionsSince(since, bare)).toContain("download_file_stream");
    expect(attached("the same video")).toEqual(mp4);
  });

  test.each([
    ["a direct message", (): ChatRef => personalDm("ming", bare), {}],
    ["a group", (): ChatRef => group, { mention: [bare.uin] }],
  ] as const)("F6: a file without an address is there byte for byte, in %s", async (where, chat, more) => {
    const bytes = Buffer.concat([
      Buffer.from("PK\x03\x04", "latin1"),
      Buffer.from(`资料 ${where}`),
      Buffer.alloc(3000, 7),
    ]);
    const text = `file in ${where}`;
    await world.ask("ming", chat(), text, { ...more, files: [fileOf("file", "资料.zip", bytes)] });
    expect(prompt(text)).toContain("资料.zip");
    expect(attached(text)).toEqual(bytes);
  });

  test.each([
    ["by its address", full],
    ["piece by piece", bare],
  ] as const)("F6: 30 MB arrive whole, %s, and never in one frame", async (how, to) => {
    const bytes = bigZip(2);
    const text = `thirty ${how}`;
    const since = await show(to, text, fileOf("file", "大文件.zip", bytes));
    expect(digest("sha256", attached(text))).toBe(digest("sha256", bytes));
    if (to === bare) expectPieces(since);
  });

  test("F6: a quoted picture", async () => {
    const said = await world.say("ming", group, "", { files: [fileOf("image", "r.png", png)] });
    await world.ask("lin", group, "what is on it", { mention: [full.uin], quote: said });
    expect(pictures("what is on it")).toEqual([png.toString("base64")]);
  });
});

/** Keys that NapCats have told of a kind of file, the latest first. */
function keysOf(type: "image" | "video"): readonly string[] {
  const wire = world.emulator.wire().map(({ body }) => JSON.stringify(body ?? ""));
  const found = wire.flatMap((body) => [
    ...body.matchAll(new RegExp(`"type":"${type}","data":\\{[^}]*?"file":"([^"]+)"`, "g")),
  ]);
  return found.map(([, key]) => key ?? "").toReversed();
}

/** Asks for a file, and waits for `count` messages. */
async function askFor(name: string, chat: ChatRef, count = 1): Promise<readonly ChatMessage[]> {
  const more: Partial<Say> = chat.kind === "dm" ? {} : { mention: [full.uin] };
  const after = await world.say("lin", chat, `send ${name} please`, more);
  return world.emulator.waitForReplies({ chat, after, count, timeoutMs: 90_000 });
}

const sha256 = (name: string): string => digest("sha256", files[name] ?? Buffer.alloc(0));

/** The bytes that the chat's people get. */
const download = async ({ url }: ChatMedia): Promise<Buffer> =>
  Buffer.from(await (await fetch(`${world.emulator.url}${url}`)).arrayBuffer());

const chats: readonly (readonly [string, ChatRef])[] = [
  ["a direct message", personalDm("lin", full)],
  ["a group", group],
];

describe.each(chats)("out, in %s", (_, chat) => {
  test("F6: a picture, with what the agent says of it, as one message", async () => {
    const [shown] = await askFor("cat.png", chat);
    expect(shown).toMatchObject({ text: "a cat, as you wished", media: { kind: "image", sha256: sha256("cat.png") } });
  });

  test.each(["tone.wav", "tone.mp3"])("F6: %s as a voice message", async (name) => {
    const [shown] = await askFor(name, chat);
    expect(shown?.media?.kind).toBe("voice");
    expect(Math.abs((shown?.media?.durationMs ?? 0) - TONE.ms)).toBeLessThanOrEqual(100);
    const bytes = await download(shown?.media as ChatMedia);
    expect(bytes.subarray(0, 10).toString("latin1")).toBe("\x02#!SILK_V3");
  });

  test("F6: a video", async () => {
    const [shown] = await askFor("clip.mp4", chat);
    expect(shown?.media).toMatchObject({ kind: "video", sha256: sha256("clip.mp4") });
  });

  test("F6: a file under its name, with what the agent says of it before it", async () => {
    const shown = await askFor("notes.md", chat, 2);
    const media = { kind: "file", name: "notes.md", sha256: sha256("notes.md") };
    expect(shown).toMatchObject([{ text: "the notes are ready" }, { media }]);
  });

  test("F6: 30 MB, whole and never in one frame", async () => {
    const since = lastEntry();
    const shown = await askFor("big.zip", chat, 2);
    const media = { kind: "file", name: "big.zip", size: 30 * MB, sha256: sha256("big.zip") };
    expect(shown).toMatchObject([{ text: "all of it" }, { media }]);
    // A call is in the log when it has ended.
    const isOver = (): boolean => actionsSince(since, full).some((action) => /^upload_\w+_file$/.test(action));
    await world.until("the end of the call", isOver);
    expectPieces(since);
  });
});

test("F6: only what had to be was refused", () => {
  const refused = new Set(world.emulator.refusals().map(({ title }) => title.replace(/^http \/(\w+) .*/, "$1")));
  expect([...refused].toSorted()).toEqual(["get_group_file_url", "get_private_file_url", "get_record"]);
});

test("G3: neither the log nor the prompts hold a key that opens a file", () => {
  expect(world.gateway.log()).not.toContain("rkey=");
  expect(JSON.stringify(world.model.requests)).not.toContain("rkey=");
});
