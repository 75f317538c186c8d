import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../emulator/emulator.ts";
import { openid } from "../../emulator/ids.ts";
import { button, dm, group, openButtonStage, otherBot, outcome, rowsOf, type ButtonStage } from "./button-stage.ts";
import { APP_ID, GROUP_AND_C2C, rawBot } from "./raw-bot.ts";

let stage: ButtonStage;
const open = async (options: EmulatorOptions = {}): Promise<void> => {
  stage = await openButtonStage(options);
};
afterEach(() => stage.emulator.close());

const permitted = (permission: object): object => rowsOf([button({ action: { permission } })]);

describe("a click on a callback", () => {
  test("in a group reaches the bot, and its acknowledgement the person", async () => {
    await open();
    const message = await stage.show(group, rowsOf([button()]));
    const pressed = stage.press({ chat: group, message, person: "ming" });
    const frame = await stage.gateway.next();
    const id = String(frame.d["id"]);
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(frame).toMatchObject({ t: "INTERACTION_CREATE", id: `INTERACTION_CREATE:${id}` });
    expect(frame.d).toEqual({
      id,
      type: 11,
      scene: "group",
      chat_type: 1,
      timestamp: "2026-11-20T09:30:00+08:00",
      group_openid: openid(APP_ID, "group", "test-group"),
      group_member_openid: openid(APP_ID, "member", "ming"),
      data: { type: 11, resolved: { button_data: "approve:42", button_id: "ok" } },
      version: 1,
      application_id: APP_ID,
    });
    expect(await stage.acknowledge(frame)).toMatchObject({ status: 200, body: {} });
    expect(await pressed).toEqual({ result: "0" });
    expect(stage.find(group, message)?.buttons).toEqual([
      [{ id: "ok", label: "已批准", style: 1, type: "callback", pressed: true }],
    ]);
  });

  test("in C2C names the user", async () => {
    await open();
    const message = await stage.show(dm, rowsOf([button()]));
    const pressed = stage.press({ chat: dm, message });
    const frame = await stage.gateway.next();
    expect(frame.d).toMatchObject({ scene: "c2c", chat_type: 2, user_openid: openid(APP_ID, "user", "lin") });
    expect(frame.d).not.toHaveProperty("group_openid");
    await stage.acknowledge(frame);
    expect(await pressed).toEqual({ result: "0" });
  });

  test("is posted to the webhook of a bot that has one", async () => {
    await open();
    const callbacks: { t?: string; d?: { id: string } }[] = [];
    const server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        callbacks.push(JSON.parse(Buffer.concat(parts).toString()));
        response.end();
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    const message = await stage.show(group, rowsOf([button()]));
    // What the console does: the address itself is proved in webhook.test.ts.
    Object.assign(stage.emulator.world.state.bots.get(APP_ID) ?? {}, {
      mode: "webhook",
      webhookUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    });
    const posted = stage.emulator.waitFor("callback", ({ event, data }) =>
      event === "wire" && data.channel === "webhook" ? true : undefined,
    );
    const pressed = stage.press({ chat: group, message });
    await posted;
    expect(callbacks).toMatchObject([{ t: "INTERACTION_CREATE" }]);
    await stage.raw.call("PUT", `/interactions/${callbacks[0]?.d?.id}`, { code: 0 });
    expect(await pressed).toEqual({ result: "0" });
    server.close();
  });

  test.each([1, 2, 3, 4, 5])("that the bot answers with %i leaves the button as it was", async (code) => {
    await open();
    const message = await stage.show(group, rowsOf([button()]));
    const before = stage.find(group, message);
    const pressed = stage.press({ chat: group, message });
    await stage.acknowledge(await stage.gateway.next(), { code });
    expect(await pressed).toEqual({ result: String(code) });
    expect(stage.find(group, message)).toEqual(before);
  });

  test("waits 3 s and no longer, and a late acknowledgement is refused", async () => {
    await open();
    const message = await stage.show(group, rowsOf([button()]));
    const pressed = stage.press({ chat: group, message });
    const frame = await stage.gateway.next();
    stage.clock.advance(2999);
    expect(await Promise.race([pressed, Promise.resolve("waiting")])).toBe("waiting");
    stage.clock.advance(1);
    expect(await pressed).toEqual({ result: "timeout" });
    expect(outcome(await stage.acknowledge(frame))).toBe(630004);
    expect(stage.find(group, message)?.buttons?.[0]?.[0]).not.toHaveProperty("pressed");
  });

  test("is acknowledged once, by its bot, with a code there is, under its inner id", async () => {
    await open();
    const foreign = await rawBot(stage.emulator, otherBot);
    const message = await stage.show(group, rowsOf([button()]));
    const pressed = stage.press({ chat: group, message });
    const frame = await stage.gateway.next();
    const path = `/interactions/${String(frame.d["id"])}`;
    expect(outcome(await stage.acknowledge(frame, { code: 6 }))).toBe(630001);
    expect(outcome(await stage.acknowledge(frame, {}))).toBe(630001);
    expect(outcome(await stage.acknowledge(frame, []))).toBe(630001);
    expect(outcome(await stage.raw.call("PUT", `/interactions/${frame.id}`, { code: 0 }))).toBe(630001);
    expect(outcome(await stage.raw.call("PUT", "/interactions/unknown", { code: 0 }))).toBe(630001);
    expect(outcome(await foreign.call("PUT", path, { code: 0 }))).toBe(630003);
    expect(outcome(await stage.acknowledge(frame))).toBe("ok");
    expect(outcome(await stage.acknowledge(frame))).toBe(630004);
    expect(await pressed).toEqual({ result: "0" });
  });

  test("greys the others of its group, and those cannot be pressed but by force", async () => {
    await open();
    const no = button({ id: "no", group_id: "g", render: { label: "拒绝" } });
    const message = await stage.show(group, rowsOf([button({ group_id: "g" }), no], [button({ id: "more" })]));
    const pressed = stage.press({ chat: group, message });
    await stage.acknowledge(await stage.gateway.next());
    await pressed;
    expect(stage.find(group, message)?.buttons).toMatchObject([
      [{ pressed: true }, { id: "no", disabled: true }],
      [{ id: "more" }],
    ]);
    expect(stage.find(group, message)?.buttons?.[1]?.[0]).not.toHaveProperty("disabled");
    expect(await stage.press({ chat: group, message, button: "no" })).toEqual({ result: "disabled" });
    const forced = stage.press({ chat: group, message, button: "no", forced: true });
    const frame = await stage.gateway.next();
    expect(frame.d).toMatchObject({ data: { resolved: { button_id: "no" } } });
    await stage.acknowledge(frame);
    expect(await forced).toEqual({ result: "0" });
  });

  test.each([
    ["a reset", async () => stage.emulator.reset()],
    ["the emulator", async () => stage.emulator.close()],
  ])("that nobody has acknowledged ends with %s", async (_, end) => {
    await open();
    const message = await stage.show(group, rowsOf([button()]));
    const pressed = stage.press({ chat: group, message });
    await stage.gateway.next();
    await end();
    expect(await pressed).toEqual({ result: "timeout" });
  });

  test("does not reach a session without the intent", async () => {
    await open();
    stage.gateway = await stage.raw.online(GROUP_AND_C2C);
    const message = await stage.show(group, rowsOf([button()]));
    const pressed = stage.press({ chat: group, message });
    stage.clock.advance(3000);
    expect(await pressed).toEqual({ result: "timeout" });
    expect(stage.gateway.waiting()).toEqual([]);
  });

  test("over HTTP can wait while other calls are served", async () => {
    await open();
    const message = await stage.show(group, rowsOf([button()]));
    const control = async (name: string, body: object): Promise<unknown> => {
      const response = await fetch(`${stage.emulator.url}/_emulator/${name}`, {
        method: "POST",
        body: JSON.stringify(body),
      });
      return response.json();
    };
    const pressed = control("press", { person: "ming", chat: group, message, button: "ok" });
    const frame = await stage.gateway.next();
    expect(await control("say", { person: "lin", chat: group, text: "等一下" })).toMatchObject({
      id: expect.any(String),
    });
    expect(outcome(await stage.raw.call("GET", "/users/@me"))).toBe("ok");
    await stage.acknowledge(frame);
    expect(await pressed).toEqual({ result: "0" });
    expect(await control("press", { person: "ming", chat: group, message, button: "nope" })).toEqual({
      error: expect.stringContaining("nope"),
    });
  });

  test("on a message that was taken back, or that has none, makes no sense", async () => {
    await open();
    const message = await stage.show(group, rowsOf([button()]));
    await stage.raw.call("DELETE", `${stage.pathOf(group)}/${encodeURIComponent(message)}`);
    await expect(stage.press({ chat: group, message })).rejects.toThrow("no message");
    await expect(stage.press({ chat: group, message: await stage.say(group) })).rejects.toThrow("no button");
    await expect(stage.press({ chat: dm, message, person: "ming" })).rejects.toThrow("not in the DM");
    expect(stage.find(group, message)).not.toHaveProperty("buttons");
  });
});

describe("who may press", () => {
  const ming = openid(APP_ID, "member", "ming");
  test.each<[string, object, string, boolean]>([
    ["everybody", { type: 2 }, "ming", true],
    ["a listed member", { type: 0, specify_user_ids: [ming] }, "ming", true],
    ["a member who is not listed", { type: 0, specify_user_ids: [ming] }, "alice", false],
    ["a member listed as a user", { type: 0, specify_user_ids: [openid(APP_ID, "user", "ming")] }, "ming", false],
    ["the owner where managers may", { type: 1 }, "lin", true],
    ["a member where managers may", { type: 1 }, "ming", false],
    ["a role, in a group", { type: 3, specify_role_ids: ["11"] }, "lin", false],
  ])("%s", async (_, permission, person, may) => {
    await open();
    const message = await stage.show(group, permitted(permission));
    const pressed = stage.press({ chat: group, message, person });
    if (may) await stage.acknowledge(await stage.gateway.next());
    expect(await pressed).toEqual({ result: may ? "0" : "not permitted" });
    expect(stage.gateway.waiting()).toEqual([]);
  });

  test("in C2C goes by the user's openid, and a DM has no managers", async () => {
    await open();
    const listed = await stage.show(dm, permitted({ type: 0, specify_user_ids: [openid(APP_ID, "user", "lin")] }));
    const pressed = stage.press({ chat: dm, message: listed });
    await stage.acknowledge(await stage.gateway.next());
    expect(await pressed).toEqual({ result: "0" });
    const managers = await stage.show(dm, permitted({ type: 1 }));
    expect(await stage.press({ chat: dm, message: managers })).toEqual({ result: "not permitted" });
  });

  test("a forged click comes with the openid of who has forged it", async () => {
    await open();
    const message = await stage.show(group, permitted({ type: 0, specify_user_ids: [ming] }));
    const pressed = stage.press({ chat: group, message, person: "alice", forced: true });
    const frame = await stage.gateway.next();
    expect(frame.d["group_member_openid"]).toBe(openid(APP_ID, "member", "alice"));
    await stage.acknowledge(frame);
    expect(await pressed).toEqual({ result: "0" });
  });
});
