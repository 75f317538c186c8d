import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseData, type ActionName, type ActionParams } from "./actions.ts";
import { sendTimeoutMs } from "./limits.ts";
import { wireId } from "./values.ts";

describe("C5: what actions answer", () => {
  it("ids are strings inside, whatever they came as", () => {
    expect(parseData("send_group_msg", { message_id: -7 }).data).toEqual({ message_id: "-7" });
    expect(parseData("get_login_info", { user_id: "10001", nickname: "Bot" }).data).toMatchObject({ user_id: "10001" });
  });

  it("a message that was sent was sent, even if nobody can read its id", () => {
    for (const data of [null, undefined, {}, { message_id: null }, { message_id: {} }, "x"]) {
      expect(parseData("send_group_msg", data).data?.message_id).toBeUndefined();
      expect(parseData("send_group_msg", data).malformed).toBeUndefined();
    }
  });

  it("an action that answers nothing may answer anything", () => {
    expect(parseData("send_like", undefined)).toEqual({ data: undefined });
    expect(parseData("delete_msg", { x: 1 })).toEqual({ data: undefined });
  });

  it("a list loses what cannot be read, and nothing else", () => {
    const groups = [
      { group_id: 30001, group_name: "A" },
      null,
      { group_id: "x" },
      { group_id: "30002", group_all_shut: -1 },
    ];
    expect(parseData("get_group_list", groups).data?.map((group) => group.group_id)).toEqual(["30001", "30002"]);
  });

  it("times and sizes come as digits too", () => {
    const contact = {
      peerUin: "20001",
      msgTime: "1795322246",
      chatType: 1,
      msgId: "7461234567890123456",
      lastestMsg: {},
    };
    expect(parseData("get_recent_contact", [contact]).data).toMatchObject([{ peerUin: "20001", msgTime: 1795322246 }]);
    expect(parseData("get_file", { file: "/x", file_size: "41" }).data).toMatchObject({ file_size: 41 });
  });

  it("a chat record is in `messages`, with Lagrange in `message`", () => {
    expect(parseData("get_forward_msg", { messages: [1] }).data).toEqual({ messages: [1] });
    expect(parseData("get_forward_msg", { message: [1] }).data).toEqual({ messages: [1] });
    expect(parseData("get_forward_msg", {}).data).toEqual({ messages: [] });
  });

  it("G4: says where it is wrong, and never what was there", () => {
    expect(parseData("get_login_info", { user_id: "secret" })).toEqual({ malformed: "wrong at user_id" });
    expect(parseData("fetch_ptt_text", null).malformed).toMatch(/^wrong at /);
  });

  it("G4: nothing is thrown, whatever comes", () => {
    const names: readonly ActionName[] = ["get_group_list", "get_recent_contact", "download_file_stream", "get_status"];
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.jsonValue(), (name, data) => {
        const reading = parseData(name, data);
        expect("data" in reading || typeof reading.malformed === "string").toBe(true);
      }),
    );
  });
});

describe("C6: ids on their way out", () => {
  it("are numbers where a number holds them, and unharmed where none does", () => {
    expect(wireId("10001")).toBe(10001);
    expect(wireId("-5")).toBe(-5);
    for (const id of ["7461234567890123456", "007", "", " 1", "1e3", "0x10", "u_abc", "/0a1b"])
      expect(wireId(id)).toBe(id);
  });

  it("a private message has no group, by its type", () => {
    // @ts-expect-error -- with a group NapCat would send there what it cannot send to the person (4.8)
    const leak: ActionParams<"send_private_msg"> = { user_id: 1, group_id: 2, message: [] };
    // @ts-expect-error -- and a group message has no person
    const crossed: ActionParams<"send_group_msg"> = { group_id: 2, user_id: 1, message: [] };
    expect([leak, crossed]).toHaveLength(2);
  });
});

describe("F9: how long NapCat waits", () => {
  it.each([
    [0, 10_000],
    [1024 * 1024, 14_000],
    [100 * 1024 * 1024, 410_000],
    [10 * 1024 ** 3, 1_800_000],
  ])("with %i bytes of media, %i ms", (bytes, ms) => {
    expect(sendTimeoutMs(bytes)).toBe(ms);
  });
});
