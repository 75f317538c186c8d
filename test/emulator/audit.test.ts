import { afterEach, describe, expect, test } from "vitest";
import { guildId } from "../../emulator/ids.ts";
import { general, MINUTE, openGuildWorld, outcome, type GuildWorld } from "./guild-world.ts";
import { APP_ID, callHttp, type Answer } from "./raw-bot.ts";

let world: GuildWorld;
afterEach(() => world.emulator.close());
const open = async (...options: Parameters<typeof openGuildWorld>): Promise<void> => {
  world = await openGuildWorld(...options);
};
const control = (name: string, body: unknown): Promise<Answer> =>
  callHttp(world.emulator, "POST", `/_emulator/${name}`, body);
const auditId = ({ body }: Answer): string =>
  (body["data"] as { message_audit: { audit_id: string } }).message_audit.audit_id;

describe("a channel under audit", () => {
  test("answers 202, shows nothing, and tells what waits", async () => {
    await open();
    await control("channelAudit", { channel: "general", audit: true });
    const id = await world.say();
    const push = await world.send({ content: "提醒" });
    const reply = await world.send({ content: "<@!1> 回复", msg_id: id });
    expect([push.status, reply.status]).toEqual([202, 202]);
    expect(push.body).toEqual({
      code: 304023,
      message: "push message is waiting for audit now",
      data: { message_audit: { audit_id: expect.stringMatching(/^[0-9a-f-]{36}$/) } },
    });
    expect(reply.body).toMatchObject({ code: 304024, message: "reply message is waiting for audit now" });
    expect(world.fromBots()).toEqual([]);
    const at = world.state().now;
    expect(world.state().audits).toEqual([
      { id: auditId(push), at, bot: APP_ID, channel: "general", text: "提醒" },
      { id: auditId(reply), at, bot: APP_ID, channel: "general", text: "<@!1> 回复", repliesTo: id },
    ]);
    expect(world.emulator.refusals()).toEqual([]);
  });

  test("shows a message that passes, at that time, and tells the bot its id", async () => {
    await open();
    await control("channelAudit", { channel: "general", audit: true });
    const id = await world.say();
    await world.frames();
    const answer = await world.send({ content: "回复", msg_id: id });
    await world.advance(10 * MINUTE);
    expect(await control("audit", { id: auditId(answer), pass: true })).toMatchObject({ status: 200, body: {} });
    const [shown] = world.fromBots();
    expect(shown).toMatchObject({ text: "回复", repliesTo: id, at: world.state().now });
    expect(await world.frames()).toMatchObject([
      {
        t: "MESSAGE_AUDIT_PASS",
        d: {
          audit_id: auditId(answer),
          message_id: shown?.id,
          guild_id: guildId("guild", "test-guild"),
          channel_id: guildId("channel", "general"),
          audit_time: "2026-11-20T09:40:00+08:00",
          create_time: "2026-11-20T09:30:00+08:00",
          seq_in_channel: "2",
        },
      },
    ]);
    expect(world.state().audits).toEqual([]);
  });

  test("drops a message that does not, and tells the bot", async () => {
    await open();
    await control("channelAudit", { channel: "general", audit: true });
    const answer = await world.send({ content: "提醒" });
    await control("audit", { id: auditId(answer), pass: false });
    expect(world.fromBots()).toEqual([]);
    const [frame] = await world.frames();
    expect(frame).toMatchObject({ t: "MESSAGE_AUDIT_REJECT", d: { audit_id: auditId(answer) } });
    expect(frame?.d).not.toHaveProperty("message_id");
    expect(await control("audit", { id: auditId(answer), pass: true })).toMatchObject({ status: 400 });
  });

  test("refuses what is refused anywhere, counts what waits, and leaves other channels alone", async () => {
    await open();
    await control("channelAudit", { channel: "general", audit: true });
    expect(outcome(await world.send({ content: "example.com" }))).toBe(304003);
    for (let n = 0; n < 5; n += 1) await world.send({ content: "提醒" });
    expect(outcome(await world.send({ content: "提醒" }))).toBe(20028);
    expect(outcome(await world.send({ content: "提醒" }, "games"))).toBe("ok");
    await control("channelAudit", { channel: "general", audit: false });
    await world.advance(MINUTE);
    expect(outcome(await world.send({ content: "提醒" }))).toBe("ok");
    expect(await control("channelAudit", { channel: "none", audit: true })).toMatchObject({ status: 400 });
  });

  test("is told to sessions with the intent of audits only, and forgotten by a reset", async () => {
    await open();
    const deaf = await world.raw.online(1 << 30);
    await control("channelAudit", { channel: "general", audit: true });
    const first = auditId(await world.send({ content: "一" }));
    await world.send({ content: "二" });
    await control("audit", { id: first, pass: true });
    expect(await world.frames(deaf)).toEqual([]);
    await control("reset", {});
    expect(world.state().audits).toEqual([]);
    expect(outcome(await world.send({ content: "三" }))).toBe("ok");
  });
});

describe("words that security does not like", () => {
  const dm = { kind: "dm", person: "lin", bot: APP_ID } as const;
  const group = { kind: "group", group: "test-group" } as const;

  test.each<readonly [string, object]>([
    ["text", { content: "这是 BADWORD 吗" }],
    ["markdown", { msg_type: 2, markdown: { content: "# badword" } }],
  ])("are refused in %s to people and groups, and nothing is booked", async (_, body) => {
    await open();
    await control("words", { words: ["BadWord"] });
    for (const [path, chat] of [
      [world.raw.paths.dm("lin"), dm],
      [world.raw.paths.group("test-group"), group],
    ] as const) {
      const msg_id = await world.say(chat, "在吗", chat === group ? [APP_ID] : []);
      const answer = await world.raw.call("POST", path, { ...body, msg_id });
      expect([answer.status, outcome(answer)]).toEqual([400, 40034006]);
      expect(world.fromBots(chat)).toEqual([]);
      expect(outcome(await world.raw.call("POST", path, { content: "好", msg_id }))).toBe("ok");
    }
  });

  test("are those of the last call; people may say them", async () => {
    await open();
    await control("words", { words: ["甲"] });
    await control("words", { words: ["乙"] });
    await world.say(general, "乙");
    expect(outcome(await world.send({ content: "甲" }))).toBe("ok");
    expect(outcome(await world.send({ content: "乙" }))).toBe(304025);
    await control("words", { words: [] });
    expect(outcome(await world.send({ content: "乙" }))).toBe("ok");
  });
});
