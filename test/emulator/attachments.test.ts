import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createManualClock, type MovableClock } from "../../emulator/clock.ts";
import type { ChatRef, Say, SayFile } from "../../emulator/control.ts";
import { createEmulator, type Emulator } from "../../emulator/emulator.ts";
import { bmp, digest, gif, jpg, mp3, mp4, png, silk, wav, webp } from "./files.ts";
import { APP_ID, callHttp, GROUP_AND_C2C, rawBot, type RawBot, type RawGateway } from "./raw-bot.ts";

const MINUTE = 60_000;
const GUILDS = 1 << 30;
const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
const group = { kind: "group", group: "test-group" } as const;
const channel = { kind: "channel", channel: "general" } as const;

let emulator: Emulator;
let clock: MovableClock;
let raw: RawBot;
let gateway: RawGateway;
beforeEach(async () => {
  clock = createManualClock();
  emulator = await createEmulator({ clock, heartbeatMs: 60 * MINUTE });
  raw = await rawBot(emulator);
  gateway = await raw.online(GROUP_AND_C2C | GUILDS);
});
afterEach(() => emulator.close());

type Attachment = Record<string, string | number>;

/** What the bot is told of what 小林 says. */
const hear = async (chat: ChatRef, say: Partial<Say>): Promise<Record<string, unknown>> => {
  const mention = chat.kind === "dm" ? [] : [APP_ID];
  await emulator.control.call("say", { person: "lin", chat, text: "", mention, ...say });
  return (await gateway.next()).d;
};
const fileOf = (kind: SayFile["kind"], name: string, bytes: Buffer, more: Partial<SayFile> = {}): SayFile => ({
  kind,
  name,
  base64: bytes.toString("base64"),
  ...more,
});
const hearFile = async (file: SayFile, chat: ChatRef = dm): Promise<Attachment> => {
  const { attachments } = await hear(chat, { files: [file] });
  return (attachments as Attachment[])[0] ?? {};
};
const download = async (url: unknown): Promise<Buffer> => Buffer.from(await (await fetch(String(url))).arrayBuffer());

describe("a file that a person sends", () => {
  test("comes as attachment, with an address that needs no authorization", async () => {
    const heard = await hear(dm, { text: "看看", files: [fileOf("image", "a1.png", png)] });
    expect(heard).toMatchObject({ content: "看看", message_type: 0 });
    expect(heard["attachments"]).toEqual([
      {
        content_type: "image/png",
        content: "",
        filename: "a1.png",
        width: 1,
        height: 1,
        size: png.length,
        url: expect.stringMatching(`^${emulator.url}/download/${digest("md5", png)}\\.png\\?appid=1406&rkey=\\S{76}$`),
      },
    ]);
    expect(await download((heard["attachments"] as Attachment[])[0]?.["url"])).toEqual(png);
  });

  test.each([
    ["jpg", jpg, "image/jpeg", 32, 16],
    ["gif", gif, "image/gif", 3, 2],
    ["webp", webp, "image/webp", 10, 20],
    ["bmp", bmp, "image/bmp", 5, 7],
  ])("is measured: %s", async (ending, bytes, content_type, width, height) => {
    expect(await hearFile(fileOf("image", `x.${ending}`, bytes))).toMatchObject({ content_type, width, height });
  });

  test("is of the type of its kind, unless the sender says another", async () => {
    const types = [];
    for (const file of [
      fileOf("video", "v.mp4", mp4),
      fileOf("file", "表.xlsx", Buffer.from("x")),
      fileOf("image", "broken.png", Buffer.from("x")),
      fileOf("voice", "v.mp3", mp3, { contentType: "audio/mpeg" }),
    ]) {
      types.push((await hearFile(file))["content_type"]);
    }
    expect(types).toEqual(["video/mp4", "file", "image/jpeg", "audio/mpeg"]);
  });

  test("comes to groups too, with others beside it, and the chat shows them all", async () => {
    const files = [fileOf("image", "a.png", png), fileOf("file", "b.pdf", Buffer.from("%PDF"))];
    const { attachments } = await hear(group, { text: "两个", files });
    expect(attachments).toMatchObject([{ filename: "a.png" }, { filename: "b.pdf", content_type: "file" }]);
    expect(emulator.world.messages(group)).toMatchObject([
      { text: "两个", media: { kind: "image", name: "a.png" }, moreMedia: [{ kind: "file", name: "b.pdf" }] },
    ]);
  });

  test("comes to guilds without the scheme of its address", async () => {
    const { url } = await hearFile(fileOf("image", "a.png", png), channel);
    expect(String(url)).toMatch(/^127\.0\.0\.1:\d+\/download\//);
    expect(await download(`http://${url}`)).toEqual(png);
  });

  test("is had for ten minutes", async () => {
    const { url } = await hearFile(fileOf("image", "a.png", png));
    clock.advance(10 * MINUTE - 1);
    expect((await fetch(String(url))).status).toBe(200);
    clock.advance(1);
    expect((await fetch(String(url))).status).toBe(403);
  });

  test.each([
    ["another rkey", (url: string) => url.replace(/rkey=..../, "rkey=none")],
    ["no rkey", (url: string) => url.replace(/\?.*/, "")],
    ["the name of another file", (url: string) => url.replace(/[0-9a-f]{32}/, "0".repeat(32))],
  ])("is not had with %s", async (_, change) => {
    const { url } = await hearFile(fileOf("image", "a.png", png));
    expect((await fetch(change(String(url)))).status).toBe(403);
  });

  test.each([
    ["without name", fileOf("file", "", png)],
    ["of something else than base64", { ...fileOf("file", "a", png), base64: "äöü" }],
  ])("%s is nonsense", async (_, file) => {
    const answer = await callHttp(emulator, "POST", "/_emulator/say", {
      person: "lin",
      chat: dm,
      text: "",
      files: [file],
    });
    expect(answer.status).toBe(400);
    expect(emulator.world.messages(dm)).toEqual([]);
  });
});

describe("a voice message", () => {
  test("comes as SILK named .amr, as WAV, and with what was heard", async () => {
    const voice = await hearFile(fileOf("voice", "录音.silk", silk, { transcript: "明天见" }));
    expect(voice).toMatchObject({
      content_type: "voice",
      filename: `${digest("md5", silk)}.amr`,
      size: silk.length,
      url: expect.stringMatching(/\.amr\?/),
      voice_wav_url: expect.stringMatching(/\.wav\?/),
      asr_refer_text: "明天见",
    });
    expect(await download(voice["url"])).toEqual(silk);
    const decoded = await download(voice["voice_wav_url"]);
    expect(decoded.toString("latin1", 0, 4)).toBe("RIFF");
    // 60 ms of 16 bits at 16 kHz.
    expect(decoded.length).toBe(44 + 1920);
  });

  test("that was recorded as WAV is offered as such; its SILK is silence of the same length", async () => {
    const voice = await hearFile(fileOf("voice", "录音.wav", wav));
    expect(await download(voice["voice_wav_url"])).toEqual(wav);
    const encoded = await download(voice["url"]);
    expect(encoded.toString("latin1", 0, 10)).toBe("\x02#!SILK_V3");
    expect(encoded.length).toBe(10 + 25 * 2);
    expect(emulator.world.messages(dm)[0]?.media?.durationMs).toBe(500);
  });

  test("can come without WAV and without transcript", async () => {
    const voice = await hearFile(fileOf("voice", "a.silk", silk, { wav: false }));
    expect(voice).not.toHaveProperty("voice_wav_url");
    expect(voice).not.toHaveProperty("asr_refer_text");
  });
});

describe("a quote", () => {
  test("repeats the files of a person's message, with addresses of their own", async () => {
    const { id, attachments } = await hear(dm, { files: [fileOf("image", "a.png", png)] });
    clock.advance(10 * MINUTE);
    const heard = await hear(dm, { text: "这是什么", quote: String(id) });
    const [element] = heard["msg_elements"] as { attachments: Attachment[] }[];
    const [again] = element?.attachments ?? [];
    expect(heard).toMatchObject({ message_type: 103 });
    expect(heard).not.toHaveProperty("attachments");
    expect(again).toMatchObject({ content_type: "image/png", filename: "a.png" });
    expect(again?.["url"]).not.toBe((attachments as Attachment[])[0]?.["url"]);
    expect(await download(again?.["url"])).toEqual(png);
  });

  test("repeats the file of a bot's message", async () => {
    const uploaded = await raw.call("POST", raw.paths.dm("lin").replace("messages", "files"), {
      file_type: 1,
      file_data: png.toString("base64"),
    });
    const media = { file_info: uploaded.body["file_info"] };
    const sent = await raw.call("POST", raw.paths.dm("lin"), { msg_type: 7, media });
    const { msg_elements } = await hear(dm, { text: "好看", quote: String(sent.body.id) });
    expect(msg_elements).toMatchObject([{ author: { bot: true }, attachments: [{ content_type: "image/png" }] }]);
  });

  test("of text has no attachments", async () => {
    const { id } = await hear(dm, { text: "早" });
    const { msg_elements } = await hear(dm, { text: "早", quote: String(id) });
    expect((msg_elements as object[])[0]).not.toHaveProperty("attachments");
  });
});

describe("forwarded messages and cards", () => {
  const forward = [
    { name: "阿明", text: "几点？" },
    { name: "Alice", text: "三点" },
  ];
  const card = { title: "周末去哪", desc: "三条路线", url: "https://example.com/a" };

  test("a chat record comes as elements, one per message", async () => {
    const heard = await hear(dm, { text: "看这个", forward });
    expect(heard).toMatchObject({
      message_type: 102,
      content: "看这个",
      msg_elements: [
        { message_type: 0, content: "几点？", author: { username: "阿明" } },
        { message_type: 0, content: "三点", author: { username: "Alice" } },
      ],
    });
    expect(emulator.world.messages(dm)[0]?.text).toBe("看这个\n[聊天记录]\n1. 阿明: 几点？\n2. Alice: 三点");
  });

  test("a card comes with its data, and with text that stands for it", async () => {
    expect(await hear(group, { card })).toMatchObject({
      message_type: 3,
      content: " [卡片消息] 周末去哪\n摘要: 三条路线",
      ark_data: { ark_type: "tuwen", fields: { title: "周末去哪", desc: "三条路线", jump_url: card.url } },
    });
  });

  test.each([
    ["a card with text", dm, { card, text: "x" }],
    ["a card with a file", dm, { card, files: [fileOf("image", "a.png", png)] }],
    ["a chat record with a card", dm, { card, forward }],
    ["a chat record with a quote", dm, { forward, quote: "x" }],
    ["a chat record in a guild", channel, { forward }],
    ["a card in a guild", channel, { card }],
  ])("%s is nonsense", async (_, chat, say) => {
    const answer = await callHttp(emulator, "POST", "/_emulator/say", { person: "lin", chat, text: "", ...say });
    expect(answer.status).toBe(400);
    expect(emulator.world.messages(chat)).toEqual([]);
  });
});

test("what a person sends runs nowhere: only pictures, sound and films are shown by a browser", async () => {
  await hear(dm, {
    files: [fileOf("file", "x.html", Buffer.from("<script>alert(1)</script>")), fileOf("image", "a.png", png)],
  });
  const [message] = emulator.world.messages(dm);
  const dispositions = [];
  for (const media of [message?.media, ...(message?.moreMedia ?? [])]) {
    const { headers } = await fetch(emulator.url + media?.url);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    dispositions.push([headers.get("content-type"), headers.get("content-disposition")?.split(";")[0]]);
  }
  expect(dispositions).toEqual([
    ["application/octet-stream", "attachment"],
    ["image/png", "inline"],
  ]);
});
