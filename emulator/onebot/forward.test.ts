import { describe, expect, it } from "vitest";
import { png } from "../../test/emulator/files.ts";
import { dm, group, openNapcat, segmentOf, type Frame, type NapcatStage } from "./media/testing/napcat-stage.ts";
import { groupUin, personUin } from "./numbers.ts";

const group_id = groupUin("g");
const user_id = personUin("lin");
const text = (words: string): object => ({ type: "text", data: { text: words } });
const node = (content: unknown, more: object = {}): object => ({ type: "node", data: { ...more, content } });
const send = (napcat: NapcatStage, messages: unknown, more: object = {}): Promise<Frame> =>
  napcat.call("send_group_forward_msg", { group_id, messages, ...more });

interface Inner {
  readonly user_id: number;
  readonly time: number;
  readonly sender: object;
  readonly raw_message: string;
  readonly message: { type: string; data: Record<string, unknown> }[];
}
const read = async (napcat: NapcatStage, params: object): Promise<readonly Inner[]> =>
  ((await napcat.call("get_forward_msg", params)).data?.["messages"] ?? []) as Inner[];

describe("records that people send", () => {
  const forward = [
    { name: "小林", text: "几点？" },
    { name: "别人", text: "三点" },
  ];
  const saying = async (napcat: NapcatStage): Promise<Frame> => {
    await napcat.emulator.control.call("say", { person: "lin", chat: group, text: "", forward });
    await expect.poll(() => napcat.events.length).toBe(1);
    return napcat.events[0] ?? {};
  };

  it("are an id of 19 digits, and are read by it or by the message's number (10.35)", async () => {
    await using napcat = await openNapcat();
    const event = await saying(napcat);
    const { type, data } = segmentOf(event);
    expect([type, Object.keys(data)]).toEqual(["forward", ["id"]]);
    expect(data["id"]).toMatch(/^\d{19}$/);
    const inner = await read(napcat, { id: data["id"] });
    expect(inner).toMatchObject([
      { user_id: Number(user_id), sender: { nickname: "小林" }, raw_message: "几点？", message: [text("几点？")] },
      { sender: { nickname: "别人" }, message: [text("三点")] },
    ]);
    expect(await read(napcat, { message_id: event["message_id"] })).toEqual(inner);
  });

  it("are expanded in events where it is set so", async () => {
    await using napcat = await openNapcat({ parseMultMsg: true });
    const { data } = segmentOf(await saying(napcat));
    expect(data["content"]).toMatchObject([{ raw_message: "几点？" }, { raw_message: "三点" }]);
  });

  it("are expanded in histories unless the caller does not want it", async () => {
    await using napcat = await openNapcat();
    await saying(napcat);
    const first = async (more: object): Promise<object> => {
      const { data } = await napcat.call("get_group_msg_history", { group_id, ...more });
      return segmentOf(((data?.["messages"] ?? []) as Frame[])[0]).data;
    };
    expect(await first({})).toHaveProperty("content");
    expect(await first({ parse_mult_msg: false })).not.toHaveProperty("content");
  });

  it("are CQ strings for who wants messages so", async () => {
    await using napcat = await openNapcat({ httpFormat: "string" });
    const event = await saying(napcat);
    expect(await read(napcat, { message_id: event["message_id"] })).toMatchObject([
      { message: "几点？" },
      { message: "三点" },
    ]);
  });

  it("are not found by anything else", async () => {
    await using napcat = await openNapcat();
    expect(await napcat.call("get_forward_msg", { id: "1" })).toMatchObject({ status: "failed", retcode: 200 });
    expect(await napcat.call("get_forward_msg", {})).toMatchObject({ status: "failed" });
  });
});

describe("records that the account sends (6.2)", () => {
  it("answer three ids, each of which opens them (10.35)", async () => {
    await using napcat = await openNapcat();
    const sent = await send(napcat, [
      node([text("第一部分")], { user_id: 10_001, nickname: "助手" }),
      node("第二[CQ:face,id=76]", { uin: 10_001, name: "助手", time: 1_795_322_246 }),
    ]);
    expect(Object.keys(sent.data ?? {})).toEqual(["message_id", "res_id", "forward_id"]);
    const inner = await read(napcat, { id: sent.data?.["res_id"] });
    expect(inner).toMatchObject([
      { user_id: 10_001, sender: { nickname: "助手" }, message: [text("第一部分")] },
      { time: 1_795_322_246, message: [text("第二"), { type: "face" }] },
    ]);
    expect(await read(napcat, { message_id: sent.data?.["message_id"] })).toEqual(inner);
    const told = await napcat.call("get_msg", { message_id: sent.data?.["message_id"] });
    expect(await read(napcat, { id: segmentOf(told.data as Frame).data["id"] })).toEqual(inner);
    expect(napcat.emulator.world.messages(group)[0]?.text).toBe("[聊天记录]\n助手: 第一部分\n助手: 第二[赞]");
  });

  it("go to a person as well, by either action", async () => {
    await using napcat = await openNapcat();
    await napcat.call("send_private_forward_msg", { user_id, messages: [node([text("a")])] });
    await napcat.call("send_forward_msg", { user_id, message: [node([text("b")])] });
    expect(napcat.emulator.world.messages(dm)).toHaveLength(2);
  });

  it("have messages that are there already as nodes; unknown ones are left out", async () => {
    await using napcat = await openNapcat();
    const [event] = await napcat.sendFile(dm, { kind: "image", name: "a.png", bytes: png });
    const sent = await send(napcat, [
      { type: "node", data: { id: String(event?.["message_id"]) } },
      { type: "node", data: { id: "12345" } },
    ]);
    const inner = await read(napcat, { id: sent.data?.["res_id"] });
    expect(inner).toMatchObject([{ user_id: Number(user_id), message: [{ type: "image" }] }]);
    const none = await send(napcat, [{ type: "node", data: { id: "12345" } }]);
    expect(none.message).toMatch(/^发送合并转发消息失败:/);
  });

  it("can be in one another three deep, which only the outermost opens", async () => {
    await using napcat = await openNapcat();
    const nested = (depth: number): object => node(depth === 0 ? [text("innermost")] : [nested(depth - 1)]);
    const sent = await send(napcat, [nested(2)]);
    const [outer] = await read(napcat, { id: sent.data?.["res_id"] });
    const middle = outer?.message[0]?.data;
    const [inner] = (middle?.["content"] ?? []) as Inner[];
    const [innermost] = (inner?.message[0]?.data["content"] ?? []) as Inner[];
    expect(innermost?.raw_message).toBe("innermost");
    expect(await napcat.call("get_forward_msg", { id: middle?.["id"] })).toMatchObject({ status: "failed" });
    expect((await send(napcat, [nested(3)])).message).toMatch(/^发送伪造合并转发消息失败:/);
  });

  it("are refused by the check when only some are nodes", async () => {
    await using napcat = await openNapcat();
    const mixed = [node([text("a")]), text("b")];
    expect(await send(napcat, mixed)).toMatchObject({ status: "failed", retcode: 400, data: null });
    const [frame] = await napcat.stream("send_group_forward_msg", { group_id, messages: mixed });
    expect(frame).toMatchObject({ retcode: 1400 });
    expect(napcat.emulator.world.messages(group)).toEqual([]);
  });

  it("are messages like any other without nodes", async () => {
    await using napcat = await openNapcat();
    const sent = await send(napcat, [text("plain")]);
    expect(Object.keys(sent.data ?? {})).toEqual(["message_id"]);
    expect(napcat.emulator.world.messages(group)[0]?.text).toBe("plain");
  });

  it("have no res_id without the packet backend (10.40)", async () => {
    await using napcat = await openNapcat({ packetBackend: false });
    const { data } = await send(napcat, [node([text("a")])]);
    expect(data).not.toHaveProperty("res_id");
    expect(await read(napcat, { id: data?.["forward_id"] })).toHaveLength(1);
  });

  it("can be sent again by their res_id", async () => {
    await using napcat = await openNapcat();
    const { data } = await send(napcat, [node([text("again")])]);
    const again = await napcat.call("send_private_msg", {
      user_id,
      message: [{ type: "forward", data: { id: data?.["res_id"] } }],
    });
    expect(await read(napcat, { message_id: again.data?.["message_id"] })).toMatchObject([{ raw_message: "again" }]);
    const unknown = await napcat.call("send_private_msg", {
      user_id,
      message: [{ type: "forward", data: { id: "x" } }],
    });
    expect(unknown.message).toMatch(/^发送转发消息（res_id：x/);
  });
});
