import { describe, expect, it } from "vitest";
import { c2cMessage, dispatch, groupMessage } from "../testing/events.ts";
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

  it.each(["INTERACTION_CREATE", "FRIEND_ADD", "GROUP_MEMBER_ADD", "AT_MESSAGE_CREATE", "NEW_IN_2027"])(
    "leaves %s out by name",
    (t) => {
      expect(placeEvent(dispatch(1, t, {}))).toEqual({ ignored: `event ${t}` });
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
