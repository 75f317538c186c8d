import { afterEach, describe, expect, test } from "vitest";
import type { EmulatorOptions } from "../../emulator/emulator.ts";
import {
  button,
  dm,
  group,
  openButtonStage,
  outcome,
  rowsOf,
  type ButtonParts,
  type ButtonStage,
} from "./button-stage.ts";

let stage: ButtonStage;
const open = async (options: EmulatorOptions = {}): Promise<void> => {
  stage = await openButtonStage(options);
};
afterEach(() => stage.emulator.close());

const many = (count: number): object[] => Array.from({ length: count }, (_, at) => button({ id: `b${at}` }));
const one = (parts: ButtonParts): object => rowsOf([button(parts)]);
const modal = (parts: object): object => one({ action: { modal: { content: "确定吗", ...parts } } });
const commands = (action: object): object => rowsOf([button({ action: { type: 2, data: "/help", ...action } })]);
const rowOfFive = (at: number): object[] =>
  many(5).map((_, n) => button({ id: `${at}${n}`, render: { label: "✅二三四五六七八九十" } }));

describe("a keyboard", () => {
  test.each([
    ["markdown", { msg_type: 2, markdown: { content: "请批准" } }],
    ["text", { msg_type: 0, content: "请批准" }],
  ])("is shown under %s", async (_, message) => {
    await open();
    const keyboard = rowsOf(
      [button(), button({ id: "no", render: { label: "拒绝", style: 3 } })],
      [
        button({ id: "docs", render: { label: "文档" }, action: { type: 0, data: "https://example.com/x" } }),
        button({ id: "help", render: { label: "帮助", style: 0 }, action: { type: 2, data: "/help" } }),
      ],
    );
    const answer = await stage.raw.call("POST", stage.pathOf(group), {
      ...message,
      keyboard,
      msg_id: await stage.say(group),
    });
    expect(outcome(answer)).toBe("ok");
    expect(stage.find(group, String(answer.body.id))?.buttons).toEqual([
      [
        { id: "ok", label: "批准", style: 1, type: "callback" },
        { id: "no", label: "拒绝", style: 3, type: "callback" },
      ],
      [
        { id: "docs", label: "文档", style: 1, type: "link", url: "https://example.com/x" },
        { id: "help", label: "帮助", style: 0, type: "command" },
      ],
    ]);
  });

  test.each<[string, object, number]>([
    ["six buttons in a row", rowsOf(many(6)), 40034029],
    ["six rows", rowsOf(...Array.from({ length: 6 }, (_, at) => [button({ id: `b${at}` })])), 40034029],
    ["a template", { id: "1070001" }, 305007],
    ["no rows", { content: { rows: [] } }, 305007],
    ["no content", { rows: [] }, 305007],
    ["an empty row", rowsOf([]), 305007],
    ["a row that is none", { content: { rows: [5] } }, 305007],
    ["a button that is none", { content: { rows: [{ buttons: ["ok"] }] } }, 305007],
    [
      "a button without an action",
      { content: { rows: [{ buttons: [{ id: "x", render_data: { label: "x" } }] }] } },
      305007,
    ],
    ["the same id twice", rowsOf([button()], [button()]), 305007],
    ["no id", one({ id: "" }), 305007],
    ["no label", one({ render: { label: "" } }), 305007],
    ["a label of 11 characters", one({ render: { label: "一二三四五六七八九十多" } }), 305007],
    ["an unknown style", one({ render: { style: 5 } }), 305007],
    ["an action of botgo's", one({ action: { type: 3 } }), 40034106],
    ["no kind of action", one({ action: { type: undefined } }), 40034106],
    ["a callback without data", one({ action: { data: "" } }), 305007],
    ["a callback with 129 characters", one({ action: { data: "字".repeat(129) } }), 305007],
    ["a command without data", one({ action: { type: 2, data: undefined } }), 40034109],
    ["a command with 129 characters", one({ action: { type: 2, data: "字".repeat(129) } }), 40034108],
    ["a link to nowhere", one({ action: { type: 0, data: "approve" } }), 305007],
    ["no permission", one({ action: { permission: undefined } }), 305007],
    ["an unknown permission", one({ action: { permission: { type: 4 } } }), 305007],
    ["nobody listed", one({ action: { permission: { type: 0, specify_user_ids: [] } } }), 305007],
    ["no role listed", one({ action: { permission: { type: 3 } } }), 305007],
    ["`enter` that is no boolean", one({ action: { type: 2, enter: "yes" } }), 305007],
    ["an address in its question", modal({ content: "看 https://example.com" }), 305007],
    ["a question of 41 characters", modal({ content: "问".repeat(41) }), 305007],
    ["five characters to confirm", modal({ confirm_text: "我很确定吧" }), 305007],
  ])("with %s is refused and leaves no trace", async (_, keyboard, code) => {
    await open();
    const msg_id = await stage.say(group);
    const body = { msg_type: 2, markdown: { content: "请批准" }, keyboard, msg_id };
    expect(outcome(await stage.raw.call("POST", stage.pathOf(group), body))).toBe(code);
    expect(stage.emulator.world.messages(group)).toHaveLength(1);
    expect(outcome(await stage.raw.call("POST", stage.pathOf(group), { content: "好", msg_id }))).toBe("ok");
  });

  test("of five rows of five, 10 characters on each, is taken", async () => {
    await open();
    const keyboard = rowsOf(...[0, 1, 2, 3, 4].map(rowOfFive));
    expect(stage.find(group, await stage.show(group, keyboard))?.buttons?.flat()).toHaveLength(25);
  });

  test("goes with text and markdown only", async () => {
    await open();
    const typing = { msg_type: 6, input_notify: { input_type: 1, input_second: 5 }, keyboard: rowsOf([button()]) };
    expect(outcome(await stage.raw.call("POST", stage.pathOf(dm), { ...typing, msg_id: await stage.say(dm) }))).toBe(
      50037,
    );
  });
});

describe("other buttons", () => {
  test("a command in a group is a message that mentions the bot", async () => {
    await open();
    const message = await stage.show(group, commands({}));
    expect(await stage.press({ chat: group, message, person: "ming" })).toEqual({ result: "sent" });
    expect(await stage.gateway.next()).toMatchObject({
      t: "GROUP_AT_MESSAGE_CREATE",
      d: { content: " /help", message_type: 0 },
    });
    expect(stage.emulator.world.messages(group).at(-1)).toMatchObject({
      text: "/help",
      mentions: ["小助手"],
      from: { id: "ming" },
    });
    expect(stage.find(group, message)?.buttons?.[0]?.[0]).toMatchObject({ label: "已批准", pressed: true });
  });

  test("a command in C2C is sent with `enter`, as a quote with `reply`", async () => {
    await open();
    const message = await stage.show(dm, commands({ enter: true, reply: true }));
    expect(await stage.press({ chat: dm, message })).toEqual({ result: "sent" });
    const frame = await stage.gateway.next();
    expect(frame).toMatchObject({ t: "C2C_MESSAGE_CREATE", d: { content: "/help", message_type: 103 } });
    expect(stage.emulator.world.messages(dm).at(-1)?.quote?.id).toBe(message);
  });

  test.each([
    ["C2C", dm, {}],
    ["C2C", dm, { enter: false }],
    ["a group", group, { enter: false }],
  ])("a command in %s without `enter` stands in the input", async (_, chat, action) => {
    await open();
    const message = await stage.show(chat, commands(action));
    const before = stage.emulator.world.messages(chat).length;
    expect(await stage.press({ chat, message })).toEqual({ result: "typed", text: "/help" });
    expect(stage.emulator.world.messages(chat)).toHaveLength(before);
  });

  test("a link leads to its address, and the bot hears nothing of it", async () => {
    await open();
    const message = await stage.show(group, rowsOf([button({ action: { type: 0, data: "https://example.com/x" } })]));
    expect(await stage.press({ chat: group, message })).toEqual({ result: "https://example.com/x" });
    expect(stage.gateway.waiting()).toEqual([]);
  });
});
