// Files that the agent sends with its answers: from its workspace, on a machine without FFmpeg.
import { existsSync } from "node:fs";
import { mkdir, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ChatMedia, ChatMessage, ChatRef } from "../../emulator/control.ts";
import { openid } from "../../emulator/ids.ts";
import { readSample, sineWav, TONE } from "../../extensions/qq/src/media/testing/samples.ts";
import { digest, png } from "../emulator/files.ts";
import { bot, dm, group, openWorld, seed, type World } from "./support.ts";

const MB = 1024 * 1024;
const one = bot(1);
const direct = dm("lin", one);
const inGroup = group("one");
const inGuild: ChatRef = { kind: "channel", channel: "general" };
const chats: readonly (readonly [name: string, chat: ChatRef])[] = [
  ["C2C", direct],
  ["a group", inGroup],
  ["a guild channel", inGuild],
];

/** What the agent has, by name. */
const files: Readonly<Record<string, Uint8Array>> = {
  "cat.png": png,
  "tone.mp3": readSample("tone.mp3"),
  "tone.wav": sineWav(TONE.frequency, TONE.amplitude, TONE.ms / 1000, 24_000),
  "notes.md": Buffer.from("# Notes\n\nRun install.sh\n"),
  "odd.png": Buffer.concat([png, Buffer.from("odd")]),
  "big.zip": bigZip(),
  "huge.zip": Buffer.from("PK\x03\x04"),
};

/** What the agent says when it is asked for one of them. */
const answers: Readonly<Record<string, string>> = {
  "cat.png": "a cat, as you wished\nMEDIA:./cat.png",
  "tone.mp3": "[[audio_as_voice]]\nMEDIA:./tone.mp3",
  "tone.wav": "[[audio_as_voice]]\nMEDIA:./tone.wav",
  "notes.md": "the notes are ready\nMEDIA:./notes.md",
  "odd.png": "an odd one\nMEDIA:./odd.png",
  "big.zip": "all of it\nMEDIA:./big.zip",
  "huge.zip": "even more of it\nMEDIA:./huge.zip",
};

/** An archive of 100 MB, by its first bytes; no two parts of it are the same. */
function bigZip(): Buffer {
  const bytes = Buffer.alloc(100 * MB);
  bytes.write("PK\x03\x04");
  for (let at = 4; at < bytes.length; at += 1024) bytes.writeUInt32LE(at, at);
  return bytes;
}

let world: World;
const inWorkspace = (name: string): string => join(world.gateway.directory, "workspace", name);

beforeAll(async () => {
  const general = { id: "general", name: "general", guild: "guild", guildName: "guild" };
  world = await openWorld({
    seed: { ...seed([one]), channels: [{ ...general, members: ["lin"], bots: [one.appId] }] },
    // Small parts, so that one in a hundred of them fails.
    emulator: { tune: { partBytes: MB / 2 } },
    model: { reply: (text) => answers[/send (\S+)/.exec(text)?.[1] ?? ""] ?? "send what?" },
    env: { PATH: dirname(process.execPath) },
    channel: () => ({
      appId: one.appId,
      appSecret: one.secret,
      dmPolicy: "open",
      allowFrom: ["*"],
      groupPolicy: "open",
      typing: false,
      // The host takes 5 MB of an answer's files where nothing is said.
      mediaMaxMb: 200,
    }),
  });
  await world.gateway.ready;
  await mkdir(inWorkspace(""), { recursive: true });
  for (const [name, bytes] of Object.entries(files)) await writeFile(inWorkspace(name), bytes);
  await truncate(inWorkspace("huge.zip"), 250 * MB);
  await world.emulator.waitForSessions(one.appId, 1, 30_000);
});

afterAll(async () => world?.close());

/** Asks for a file, and waits for `count` messages. */
async function askFor(name: string, chat: ChatRef, count = 1): Promise<readonly ChatMessage[]> {
  const mention = chat.kind === "dm" ? [] : [one.appId];
  const after = await world.say("lin", chat, `send ${name} please`, { mention });
  return world.emulator.waitForReplies({ chat, after, count, timeoutMs: 90_000 });
}

const sha256 = (name: string): string => digest("sha256", Buffer.from(files[name] ?? []));

/** The bytes that the chat's people get. */
const download = async ({ url }: ChatMedia): Promise<Buffer> =>
  Buffer.from(await (await fetch(`${world.emulator.url}${url}`)).arrayBuffer());

/** Calls of uploads since entry `n` of the wire log, without the ids in their paths. */
const uploadsSince = (n: number): readonly string[] =>
  world.emulator
    .wire()
    .filter((entry) => entry.n > n && /\/(?:files|upload_\w+) |\/_cos\//.test(entry.title))
    .map(({ title }) => title.replaceAll(/[0-9A-F]{32}/g, "ID"));

const lastEntry = (): number => world.emulator.wire().at(-1)?.n ?? 0;

describe("pictures", () => {
  test.each(chats)("F6: a picture is shown in %s, with what the agent says of it", async (_, chat) => {
    const [shown] = await askFor("cat.png", chat);
    expect(shown).toMatchObject({ text: "a cat, as you wished", media: { kind: "image", sha256: sha256("cat.png") } });
    expect(world.answers(chat)).toHaveLength(1);
  });

  test("F6: a picture that QQ does not take leaves a line, with its name", async () => {
    const call = `POST /v2/users/${openid(one.appId, "user", "lin")}/files`;
    const answer = { kind: "error", status: 400, code: 850026, message: "下载失败" } as const;
    await world.emulator.control.call("fault", { do: "http", call, times: 2, answer });
    const [shown] = await askFor("odd.png", direct);
    expect(shown?.media).toBeUndefined();
    expect(shown?.text).toMatch(/^an odd one\n.*odd\.png/);
  });
});

describe("sound", () => {
  const voices = ["tone.wav", "tone.mp3"].flatMap((name) => [direct, inGroup].map((chat) => [name, chat] as const));

  test.each(voices)("F6: %s is a voice bubble of SILK, without FFmpeg", async (name, chat) => {
    for (const folder of world.gateway.env["PATH"]?.split(delimiter) ?? []) {
      expect(existsSync(join(folder, "ffmpeg"))).toBe(false);
    }
    const [shown] = await askFor(name, chat);
    expect(shown?.media?.kind).toBe("voice");
    expect(Math.abs((shown?.media?.durationMs ?? 0) - TONE.ms)).toBeLessThanOrEqual(100);
    const bytes = await download(shown?.media as ChatMedia);
    expect(bytes.subarray(0, 10).toString("latin1")).toBe("\x02#!SILK_V3");
  });
});

describe("files", () => {
  test("F6: a document keeps its name, although the host gives its copy another", async () => {
    const [shown] = await askFor("notes.md", inGroup);
    const media = { kind: "file", name: "notes.md", sha256: sha256("notes.md") };
    expect(shown).toMatchObject({ text: "the notes are ready", media });
  });

  test("F6: 100 MB arrive whole although one part in a hundred fails", async () => {
    for (const call of ["put", "finish"] as const) {
      await world.emulator.control.call("fault", { do: "fail-parts", every: 100, call });
    }
    const since = lastEntry();
    const shown = await askFor("big.zip", direct);
    const media = shown.at(-1)?.media;
    expect(media).toMatchObject({ kind: "file", name: "big.zip", size: 100 * MB, sha256: sha256("big.zip") });
    const failed = world.emulator.refusals().filter(({ n }) => n > since);
    expect(failed.map(({ refused }) => refused?.replace(/^\d+ \D+ fault/, "fault"))).toEqual(
      expect.arrayContaining(["fault: fail-parts, connection cut", "fault: fail-parts"]),
    );
    expect(failed).toHaveLength(4);
    expect(uploadsSince(since).filter((title) => title.includes("upload_prepare"))).toHaveLength(1);
  });

  test("F6: 250 MB are refused before they are read, with a line in the chat", async () => {
    const path = inWorkspace("huge.zip");
    // A file system notes the reading of what was changed after it was last read.
    await utimes(path, new Date(2000, 0), new Date());
    const [since, before] = [lastEntry(), await stat(path)];
    const [shown] = await askFor("huge.zip", direct);
    expect(shown?.media).toBeUndefined();
    expect(shown?.text).toMatch(/huge\.zip/);
    expect(uploadsSince(since)).toEqual([]);
    expect((await stat(path)).atimeMs).toBe(before.atimeMs);
    expect((await stat(inWorkspace("big.zip"))).atimeMs).toBeGreaterThan(before.atimeMs);
  });
});
