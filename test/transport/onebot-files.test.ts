// Files of a personal account, there and back: its NapCat's disk is in memory, so no path of ours means anything there.
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import type { ChatRef } from "../../emulator/control.ts";
import type { NapcatSettings } from "../../emulator/onebot/settings.ts";
import { decodeOneBot } from "../../extensions/qq/src/message/decode-onebot.ts";
import type { InboundAttachment } from "../../extensions/qq/src/message/inbound.ts";
import type { Target } from "../../extensions/qq/src/message/target.ts";
import { computeFile } from "../../extensions/qq/src/transport/testing/computed-file.ts";
import { openBot } from "./bot.ts";
import { BASE64_MAX_BYTES, openOnebot, openReverse, openSocketOnly } from "./onebot-roads.ts";
import type { OpenRoad } from "./roads.ts";
import { group, openWorld, type World } from "./world.ts";

const MB = 1024 * 1024;
const one = group("one");
const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex");

const roads = [
  ["socket and HTTP", openOnebot],
  ["one socket", openSocketOnly],
  ["a socket that NapCat dials", openReverse],
] as const;

async function open(road: OpenRoad, napcat: Partial<NapcatSettings> = {}) {
  const world = await openWorld({ plant: "account", account: { napcat } });
  const bot = await openBot(world, road);
  const lin: Target = { kind: "c2c", userId: world.userId("lin") };
  const here: Target = { kind: "group", groupId: world.groupId("one") };
  return { world, bot, lin, here };
}

/** Length of the longest text that went over the wires in one value, characters: the log says so of those it has cut. */
function longestText({ emulator }: World): number {
  const log = JSON.stringify(emulator.wire().map(({ body }) => body));
  const cut = [...log.matchAll(/… <(\d+) characters>/g)].map(([, length]) => Number(length));
  return Math.max(0, ...cut);
}

/** What the newest message in a chat has attached, as a line tells it. */
function attached(world: World, kind: "dm" | "group"): InboundAttachment {
  const body = world.wire(new RegExp(`^(?:ws|reverse-1) message ${kind}$`)).at(-1)?.body;
  const decoded = decodeOneBot(JSON.stringify(body), 0);
  const [attachment] = decoded.kind === "message" ? decoded.message.attachments : [];
  if (!attachment) throw new Error("nothing is attached");
  return attachment;
}

describe.each(roads)("a file of 30 MB, by %s", (_name, road) => {
  test("F6: goes out in pieces, and arrives whole, in a DM and in a group", async () => {
    const { world, bot, lin, here } = await open(road);
    for (const [target, chat] of [
      [lin, world.dm("lin")],
      [here, one],
    ] as const) {
      const file = computeFile(30 * MB, "file", "大文件.bin");
      const media = await bot.line.upload?.(target, file);
      if (!media) throw new Error("the line uploads nothing");
      await bot.send(target, { content: { kind: "media", media } });
      const [message] = world.answers(chat);
      expect(message?.media).toMatchObject({ name: "大文件.bin", size: 30 * MB, sha256: sha256(file.bytes()) });
    }
    expect(longestText(world)).toBeGreaterThan(0);
    expect(longestText(world)).toBeLessThan(MB);
    expect(world.emulator.refusals()).toEqual([]);
  });

  // Without its packet backend a NapCat gives no addresses: only the stream is left.
  test.each([true, false])("F5: comes in, where the packet backend is there: %s", async (packetBackend) => {
    const { world, bot } = await open(road, { packetBackend });
    const bytes = computeFile(30 * MB).bytes();
    const files = [{ kind: "file", name: "数据.bin", base64: Buffer.from(bytes).toString("base64") }] as const;
    const chats: readonly ChatRef[] = [world.dm("lin"), one];
    for (const chat of chats) {
      await world.say("", chat, { files });
      await world.until("the file", () =>
        world.wire(/message (?:dm|group)$/).some(({ title }) => title.endsWith(chat.kind)),
      );
      const found = await bot.line.openFile?.(attached(world, chat.kind === "dm" ? "dm" : "group"), 40 * MB);
      const got = found?.bytes ?? new Uint8Array(await (await fetch(found?.url ?? "")).arrayBuffer());
      expect(sha256(got)).toBe(sha256(bytes));
      expect(found?.url === undefined).toBe(!packetBackend);
    }
    expect(longestText(world)).toBeLessThan(MB);
  });
});

describe("a file", () => {
  test("F6: just below the limit goes in one call, just above it in pieces", async () => {
    const { world, bot, here } = await open(openOnebot);
    for (const [size, pieces] of [
      [BASE64_MAX_BYTES, 0],
      [BASE64_MAX_BYTES + 1, 17],
    ] as const) {
      const file = computeFile(size, "video", "短片.mp4");
      const media = await bot.line.upload?.(here, file);
      if (!media) throw new Error("the line uploads nothing");
      await bot.send(here, { content: { kind: "media", media } });
      expect(world.answers(one).at(-1)?.media).toMatchObject({ size, sha256: sha256(file.bytes()) });
      // One call more ends the upload.
      expect(world.wire(/upload_file_stream/)).toHaveLength(pieces === 0 ? 0 : pieces + 1);
    }
    expect(longestText(world)).toBeLessThanOrEqual(Math.ceil(BASE64_MAX_BYTES / 3) * 4 + 20);
  });

  test("F6: whose send QQ does not confirm and shows is not sent again", async () => {
    const { world, bot, here } = await open(openOnebot);
    const media = await bot.line.upload?.(here, computeFile(9 * MB, "file", "报告.pdf"));
    if (!media) throw new Error("the line uploads nothing");
    await world.trouble({ what: "send", outcome: { kind: "delivered" } });
    let over = false;
    const sending = bot.send(here, { content: { kind: "media", media } }).finally(() => (over = true));
    await world.pass("its end", () => over);
    await sending;
    expect(world.answers(one).map(({ media }) => media?.name)).toEqual(["报告.pdf"]);
  });

  test("F6: two of whose pieces are lost on the way arrives whole", async () => {
    const { world, bot, lin } = await open(openOnebot);
    const pieces = () => world.wire(/upload_file_stream/).length;
    await world.trouble({ what: "lose", action: "upload_file_stream", part: "call", times: 2 });
    let over = false;
    const file = computeFile(9 * MB);
    const uploading = bot.line.upload?.(lin, file).finally(() => (over = true));
    await world.pass("the upload", () => over);
    const media = await uploading;
    expect(pieces()).toBe(18 + 1 + 2);
    if (!media) throw new Error("the line uploads nothing");
    await bot.send(lin, { content: { kind: "media", media } });
    expect(world.answers()[0]?.media).toMatchObject({ size: 9 * MB, sha256: sha256(file.bytes()) });
  });
});

test("F1: a record of half a megabyte arrives as it was written, though NapCat spoils what is not ASCII", async () => {
  const { world, bot, here } = await open(openOnebot, { utf8Defect: true });
  const all = Array.from({ length: 25 }, (_, at) => `第${at}段🙂`.padEnd(4400, "长文本，一二三。"));
  const sent = await bot.line.sendRecord?.(here, all);
  const record = await bot.line.readForward?.(sent?.messageId ?? "");
  expect(record?.map(({ text }) => text)).toEqual(all);
  expect(JSON.stringify(world.wire(/send_group_forward_msg/).map(({ body }) => body))).not.toContain("�");
  expect(world.answers(one)).toHaveLength(1);
});
