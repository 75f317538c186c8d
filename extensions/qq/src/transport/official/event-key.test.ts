import { describe, expect, it } from "vitest";
import { c2cMessage, dispatch, groupMessage, guildMessage } from "../testing/events.ts";
import { placeEvent } from "./event-key.ts";

describe("placeEvent", () => {
  it("gives one message one key on every road", () => {
    const roads = [
      dispatch(7, "GROUP_AT_MESSAGE_CREATE", groupMessage("ROBOT1.0_x!")),
      dispatch(9, "GROUP_AT_MESSAGE_CREATE", groupMessage("ROBOT1.0_x!"), "GROUP_AT_MESSAGE_CREATE:other"),
      dispatch(10, "GROUP_MESSAGE_CREATE", groupMessage("ROBOT1.0_x!")),
      { op: 0, id: "GROUP_MESSAGE_CREATE:cb", t: "GROUP_MESSAGE_CREATE", d: groupMessage("ROBOT1.0_x!") },
    ];
    for (const event of roads) expect(placeEvent(event)).toEqual({ key: "message:ROBOT1.0_x!", lane: "group:G1" });
  });

  it("gives each conversation a lane, case kept", () => {
    expect(placeEvent(dispatch(1, "C2C_MESSAGE_CREATE", c2cMessage("m", "aBc")))).toEqual({
      key: "message:m",
      lane: "c2c:aBc",
    });
  });

  it("gives a guild message one key, whichever event brings it, and each channel and DM a lane", () => {
    const d = guildMessage("08ab");
    for (const t of ["AT_MESSAGE_CREATE", "MESSAGE_CREATE"]) {
      expect(placeEvent(dispatch(1, t, d))).toEqual({ key: "message:08ab", lane: "channel:100010" });
    }
    expect(placeEvent(dispatch(1, "DIRECT_MESSAGE_CREATE", d))).toEqual({ key: "message:08ab", lane: "dm:187" });
  });

  it.each([
    ["FRIEND_ADD", { openid: "aBc" }, "events:c2c:aBc"],
    ["FRIEND_DEL", { openid: "aBc" }, "events:c2c:aBc"],
    ["C2C_MSG_RECEIVE", { openid: "aBc" }, "events:c2c:aBc"],
    ["C2C_MSG_REJECT", { openid: "aBc" }, "events:c2c:aBc"],
    ["GROUP_ADD_ROBOT", { group_openid: "G1" }, "events:group:G1"],
    ["GROUP_DEL_ROBOT", { group_openid: "G1" }, "events:group:G1"],
    ["GROUP_MSG_RECEIVE", { group_openid: "G1" }, "events:group:G1"],
    ["GROUP_MSG_REJECT", { group_openid: "G1" }, "events:group:G1"],
  ])("C3: %s has a lane beside the chat's, and the event's id as its key", (t, d, lane) => {
    const place = placeEvent(dispatch(1, t, d, `${t}:x`));
    expect(place).toEqual({ key: `event:${t}:x`, lane });
    expect(placeEvent(dispatch(9, t, d, `${t}:x`))).toEqual(place);
    expect(placeEvent({ t, d })).toEqual({ ignored: `malformed ${t}` });
    expect(placeEvent(dispatch(1, t, {}))).toEqual({ ignored: `malformed ${t}` });
  });

  it.each(["MESSAGE_AUDIT_PASS", "MESSAGE_AUDIT_REJECT"])("C3: %s is known by the review", (t) => {
    expect(placeEvent(dispatch(1, t, { audit_id: "A" }))).toEqual({ key: "audit:A", lane: "audit:A" });
    expect(placeEvent(dispatch(1, t, {}))).toEqual({ ignored: `malformed ${t}` });
  });

  it("F10: gives each press a lane of its own, and leaves out what QQ wants no acknowledgement for", () => {
    const d = { id: "i1", type: 11, user_openid: "U1" };
    const place = { key: "interaction:i1", lane: "interaction:i1" };
    expect(placeEvent(dispatch(1, "INTERACTION_CREATE", d))).toEqual(place);
    expect(placeEvent({ t: "INTERACTION_CREATE", d: { ...d, type: 12 } })).toEqual(place);
    expect(placeEvent({ t: "INTERACTION_CREATE", d: { ...d, type: 13 } })).toEqual({ ignored: "interaction type 13" });
    expect(placeEvent({ t: "INTERACTION_CREATE", d: {} })).toEqual({ ignored: "malformed INTERACTION_CREATE" });
  });

  it.each(["GUILD_CREATE", "GROUP_MEMBER_ADD", "SUBSCRIBE_MESSAGE_STATUS", "NEW_IN_2027", "constructor"])(
    "C3: leaves %s out by name",
    (t) => {
      const name = t === "constructor" ? "of no known form" : t;
      expect(placeEvent(dispatch(1, t, {}))).toEqual({ ignored: `event ${name}` });
    },
  );

  it("makes one reason of all names that cannot be QQ's", () => {
    for (const t of ["a b", "", "x".repeat(99), "<script>"]) {
      expect(placeEvent(dispatch(1, t, {}))).toEqual({ ignored: "event of no known form" });
    }
  });

  it.each([
    undefined,
    null,
    [],
    "text",
    7,
    {},
    { ...c2cMessage("m"), id: "" },
    { ...c2cMessage("m"), id: 7 },
    { ...c2cMessage("m"), author: null },
    { ...c2cMessage("m"), author: { user_openid: "" } },
    { ...c2cMessage("m"), attachments: "none" },
  ])("calls %j malformed", (d) => {
    expect(placeEvent(dispatch(1, "C2C_MESSAGE_CREATE", d))).toEqual({ ignored: "malformed C2C_MESSAGE_CREATE" });
  });

  it("takes null where Go writes nothing", () => {
    const d = {
      ...c2cMessage("m"),
      content: null,
      attachments: null,
      message_scene: { ext: null },
      msg_elements: null,
    };
    expect(placeEvent(dispatch(1, "C2C_MESSAGE_CREATE", d)).key).toBe("message:m");
    const { content: _, ...bare } = c2cMessage("m");
    expect(placeEvent(dispatch(1, "C2C_MESSAGE_CREATE", bare)).key).toBe("message:m");
  });
});
