import { describe, expect, it } from "vitest";
import { HistoryEntry, historyPage } from "./history.ts";
import { softwareOf } from "./software.ts";

const before = HistoryEntry.parse({ message_id: 812450734, message_seq: 1016, real_seq: "1017" });
const cq = HistoryEntry.parse({ message_id: -5, message_seq: 1016 });

describe("C5: implementations", () => {
  it.each([
    ["NapCat.Onebot", "napcat"],
    ["LLOneBot", "llonebot"],
    ["LuckyLilliaBot", "llonebot"],
    ["Lagrange.OneBot", "lagrange"],
    ["go-cqhttp", "go-cqhttp"],
    ["SnowLuma", "other"],
    ["", "other"],
    [undefined, "other"],
  ])("%s is %s", (appName, kind) => {
    expect(softwareOf(appName).kind).toBe(kind);
  });

  it("all of them send and read messages; what the standard has not is asked for where it may be", () => {
    for (const name of ["NapCat.Onebot", "LLOneBot", "Lagrange.OneBot", "go-cqhttp", "x"]) {
      expect(softwareOf(name).has("send_group_msg")).toBe(true);
    }
    const streams = ["NapCat.Onebot", "LLOneBot", "Lagrange.OneBot", "go-cqhttp", "x"].map((name) =>
      softwareOf(name).has("upload_file_stream"),
    );
    expect(streams).toEqual([true, false, false, false, false]);
    expect(softwareOf("go-cqhttp").has("send_group_forward_msg")).toBe(true);
    expect(softwareOf("x").has("send_group_forward_msg")).toBe(false);
  });
});

describe("G2: pages of history", () => {
  it("NapCat goes back from an id, which is a number", () => {
    expect(historyPage(softwareOf("NapCat.Onebot"), 20, before)).toMatchObject({
      count: 20,
      message_seq: 812450734,
      reverse_order: true,
      parse_mult_msg: false,
    });
    expect(historyPage(softwareOf("NapCat.Onebot"), 20)).not.toHaveProperty("message_seq");
  });

  it("LLOneBot and go-cqhttp go back from QQ's own sequence", () => {
    expect(historyPage(softwareOf("LLOneBot"), 20, before)).toEqual({ count: 20, message_seq: 1017 });
    expect(historyPage(softwareOf("go-cqhttp"), 20, cq)).toEqual({ count: 20, message_seq: 1016 });
  });

  it("without a sequence there is no older page", () => {
    expect(historyPage(softwareOf("LLOneBot"), 20, HistoryEntry.parse({ message_id: 1 }))).toBeUndefined();
  });

  it("Lagrange goes back from `message_id`", () => {
    expect(historyPage(softwareOf("Lagrange.OneBot"), 20, cq)).toEqual({ count: 20, message_id: -5 });
  });

  it("others have none that we know how to ask for", () => {
    expect(historyPage(softwareOf("x"), 20)).toBeUndefined();
  });
});
