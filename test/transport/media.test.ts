// Files out: the plugin's uploads through the emulated QQ, as a chat shows them in the end.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ChatMessage, ChatRef } from "../../emulator/control.ts";
import type { EmulatorOptions } from "../../emulator/emulator.ts";
import { toSilk } from "../../extensions/qq/src/media/voice.ts";
import type { MediaFile, MediaKind } from "../../extensions/qq/src/message/outbound.ts";
import type { Target } from "../../extensions/qq/src/message/target.ts";
import { officialAbilities } from "../../extensions/qq/src/transport/official/abilities.ts";
import { createOfficialApi } from "../../extensions/qq/src/transport/official/api.ts";
import { createTokenSource } from "../../extensions/qq/src/transport/official/token.ts";
import { computeFile } from "../../extensions/qq/src/transport/testing/computed-file.ts";
import type { Outside, Transport } from "../../extensions/qq/src/transport/transport.ts";
import { openBot } from "./bot.ts";
import { countOutside } from "./outside.ts";
import { openWebsocket } from "./roads.ts";
import { APP_ID, dm, group, groupId, openWorld, SECRET, userId, type World } from "./world.ts";

const MB = 1024 * 1024;
/** A picture of one point. */
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);
const lin: Target = { kind: "c2c", userId: userId("lin") };
const one: Target = { kind: "group", groupId: groupId("one") };

/** A bot that is up, and the same bot's calls through a network that is watched. */
interface Stage {
  readonly world: World;
  readonly line: Omit<Transport, "run">;
  /** Most bytes of parts that were on their way at once. */
  readonly mostHeld: () => number;
  /** Uploads, and sends as the answer to a new message of `lin`; resolves with what the chat shows. */
  readonly show: (file: MediaFile, chat?: ChatRef, target?: Target) => Promise<ChatMessage>;
}

async function openStage(emulator: EmulatorOptions = {}): Promise<Stage> {
  const world = await openWorld({ emulator });
  await openBot(world, openWebsocket);
  const { outside, mostHeld } = watchParts(countOutside(world).outside);
  const account = { appId: APP_ID, appSecret: SECRET, apiBaseUrl: world.emulator.url };
  const api = createOfficialApi(outside, account, createTokenSource(outside, account));
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const line = officialAbilities({ outside, api, apiBaseUrl: account.apiBaseUrl, log });
  const shown = (chat: ChatRef): readonly ChatMessage[] => world.answers(chat).filter(({ media }) => media);
  return {
    world,
    line,
    mostHeld,
    async show(file, chat = dm("lin"), target = lin) {
      const msgId = await world.say("send it", chat, chat.kind === "group" ? { mention: [APP_ID] } : {});
      const before = shown(chat).length;
      let over = false;
      const sent = line.upload!(target, file)
        .then(async (media) => {
          await line.send(target, { content: { kind: "media", media }, anchor: { msgId, msgSeq: 50 } });
        })
        .finally(() => (over = true));
      // Who fails says so by itself, below.
      void sent.catch(() => undefined);
      await world.hurry(`${file.name} to be sent`, () => over);
      await sent;
      const message = shown(chat)[before];
      if (!message) throw new Error(`${file.name} is not in the chat`);
      return message;
    },
  };
}

/** Counts the bytes of parts from their PUT to their confirmation. */
function watchParts(outside: Outside): { outside: Outside; mostHeld: () => number } {
  const held = new Set<object>();
  let most = 0;
  const fetch: typeof globalThis.fetch = async (input, init = {}) => {
    const { body } = init;
    if (body instanceof Uint8Array) held.add(body.buffer);
    most = Math.max(most, sum([...held].map((buffer) => (buffer as ArrayBuffer).byteLength)));
    const response = await outside.fetch(input, init);
    if (new Request(input).url.endsWith("/upload_part_finish") && response.ok) held.clear();
    return response;
  };
  return { outside: { ...outside, fetch }, mostHeld: () => most };
}
const sum = (all: readonly number[]): number => all.reduce((total, each) => total + each, 0);

function fileOf(bytes: Uint8Array, kind: MediaKind, name: string): MediaFile {
  return { kind, name, size: bytes.length, read: async (start, end) => bytes.subarray(start, end) };
}

describe("a file", () => {
  test.each([
    ["C2C", dm("lin"), lin],
    ["group", group("one"), one],
  ] as const)("F6: a picture and a file arrive in a %s chat", async (_, chat, target) => {
    const { world, show } = await openStage();
    const picture = await show(fileOf(png, "image", "图.png"), chat, target);
    expect(picture.media).toMatchObject({ kind: "image", size: png.length, sha256: sha256(png) });
    const note = Buffer.from("# 你好\n");
    const text = await show(fileOf(note, "file", "笔记.md"), chat, target);
    expect(text.media).toMatchObject({ kind: "file", name: "笔记.md", sha256: sha256(note) });
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("F6: the same picture again is not uploaded again, until QQ has forgotten it", async () => {
    const { world, line, show } = await openStage({ tune: { fileInfoMs: 300_000 } });
    const file = fileOf(png, "image", "a.png");
    await show(file);
    await show(file);
    expect(world.wire(/users.*files 200$/)).toHaveLength(1);
    world.time.advance(271_000);
    await show(file);
    expect(world.wire(/users.*files 200$/)).toHaveLength(2);
    // Forgotten before its time: the send says so, and the next upload is a new one.
    const media = await line.upload!(lin, file);
    world.emulator.world.media.fileInfos.clear();
    const refused = line.send(lin, { content: { kind: "media", media } });
    await expect(refused).rejects.toMatchObject({ kind: "media", refusal: { platformCode: 304080 } });
    await show(file);
    expect(world.wire(/users.*files 200$/)).toHaveLength(3);
  });

  test("F6: what QQ does not take as a voice arrives as a file", async () => {
    const { show } = await openStage();
    const message = await show(fileOf(Buffer.from("ID3\x04 and so on"), "voice", "song.mp3"));
    expect(message.media).toMatchObject({ kind: "file", name: "song.mp3" });
  });

  test("F6: sound arrives as a voice of its length", async () => {
    const { show } = await openStage();
    const { silk, durationMs } = await toSilk(tone(2));
    expect(Math.abs(durationMs - 2000)).toBeLessThanOrEqual(60);
    const { media } = await show(fileOf(silk, "voice", "a.silk"));
    expect(media).toMatchObject({ kind: "voice", sha256: sha256(silk) });
    expect(Math.abs((media?.durationMs ?? 0) - 2000)).toBeLessThanOrEqual(60);
  });
});

describe("a large file", () => {
  test("F6: 100 MB arrive though parts fail: none is read again, and one block is held at a time", async () => {
    const { world, show, mostHeld } = await openStage({ tune: { partBytes: MB } });
    await world.fault({ do: "fail-parts", every: 25, call: "put" });
    await world.fault({ do: "fail-parts", every: 33, call: "finish" });
    const file = computeFile(100 * MB, "file", "大文件.bin");
    const { media } = await show(file);
    expect(media).toMatchObject({ kind: "file", name: "大文件.bin", size: 100 * MB, sha256: sha256(file.bytes()) });
    expect(world.wire(/_cos/).length).toBeGreaterThan(103);
    expect(world.wire(/upload_prepare/)).toHaveLength(1);
    // Once for its digests and once for its parts.
    expect(sum(file.reads.map(([, length]) => length))).toBe(200 * MB);
    expect(Math.max(...file.reads.map(([, length]) => length))).toBe(MB);
    expect(mostHeld()).toBeLessThanOrEqual(MB + 8);
  }, 60_000);

  test("F6: one that QQ has already is there at once", async () => {
    const { world, show } = await openStage();
    const file = computeFile(6 * MB, "file", "a.bin");
    await show(file);
    const parts = world.wire(/_cos/).length;
    const again = await show({ ...file, name: "b.bin" });
    expect(again.media).toMatchObject({ name: "b.bin", sha256: sha256(file.bytes()) });
    expect(world.wire(/_cos/)).toHaveLength(parts);
  });

  test("F6: 250 MB are refused before anything is read or asked", async () => {
    const { world, line } = await openStage();
    const file = computeFile(250 * MB);
    await expect(line.upload!(lin, file)).rejects.toMatchObject({ code: "QQ_MEDIA", retry: "never" });
    expect(file.reads).toEqual([]);
    expect(world.wire(/files|upload_/)).toEqual([]);
  });

  test("F6: when today's volume is used up nothing is tried again", async () => {
    const { world, line } = await openStage({ tune: { dayBytes: 10 * MB } });
    await line.upload!(lin, computeFile(6 * MB, "file", "a.bin"));
    const refused = line.upload!(one, computeFile(6 * MB, "file", "b.bin"));
    await expect(refused).rejects.toMatchObject({ kind: "quota", message: expect.stringMatching(/tomorrow/) });
    expect(world.emulator.refusals()).toHaveLength(1);
  });
});

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

/** WAV of so many seconds, 16 kHz, 16 bits. */
function tone(seconds: number): Buffer {
  const samples = Buffer.alloc(32_000 * seconds);
  for (let at = 0; at < samples.length / 2; at++) samples.writeInt16LE(Math.round(9000 * Math.sin(at / 6)), at * 2);
  const head = Buffer.from(
    "RIFF\0\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x80\x3e\0\0\0\x7d\0\0\x02\0\x10\0data\0\0\0\0",
    "latin1",
  );
  head.writeUInt32LE(36 + samples.length, 4);
  head.writeUInt32LE(samples.length, 40);
  return Buffer.concat([head, samples]);
}
