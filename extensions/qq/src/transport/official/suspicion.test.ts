import { describe, expect, it } from "vitest";
import { canVanish, isProvable, repeatAt, suspiciousWindow } from "./suspicion.ts";

describe("the window of a drop", () => {
  it("opens with the last sign of life and ends 150 s after the drop, or when the line is up", () => {
    expect(suspiciousWindow({ at: 100_000, doubtFrom: 70_000 }, 101_000)).toEqual({ from: 70_000, until: 250_000 });
    expect(suspiciousWindow({ at: 100_000, doubtFrom: 70_000 }, 400_000)).toEqual({ from: 70_000, until: 400_000 });
  });

  it("does not open where the platform asked for the new connection and it is there before sends stop waiting", () => {
    expect(suspiciousWindow({ at: 100_000, doubtFrom: undefined }, 101_000)).toBeUndefined();
    expect(suspiciousWindow({ at: 100_000, doubtFrom: undefined }, 115_000)).toBeUndefined();
    expect(suspiciousWindow({ at: 100_000, doubtFrom: undefined }, 115_001)).toEqual({ from: 100_000, until: 250_000 });
  });
});

it("a message is sent again 5, 60 and 150 s after the line is up, or after its answer when that was later", () => {
  const message = { content: { kind: "text", text: "" } } as const;
  const doubted = { target: { kind: "c2c", userId: "U" }, message, at: 1000 } as const;
  expect([0, 1, 2, 3].map((repeats) => repeatAt({ ...doubted, repeats }, 2000))).toEqual([
    7000,
    62_000,
    152_000,
    undefined,
  ]);
  expect(repeatAt({ ...doubted, at: 50_000, repeats: 0 }, 2000)).toBe(55_000);
});

it("messages to people and groups can vanish, and of those replies can be proved", () => {
  const reply = { content: { kind: "text", text: "" }, anchor: { msgId: "m", msgSeq: 1 } } as const;
  const at = 0;
  expect(isProvable({ target: { kind: "group", groupId: "G" }, message: reply, at })).toBe(true);
  expect(isProvable({ target: { kind: "group", groupId: "G" }, message: { content: reply.content }, at })).toBe(false);
  expect(canVanish({ target: { kind: "c2c", userId: "U" }, message: reply, at })).toBe(true);
  expect(canVanish({ target: { kind: "channel", channelId: "C" }, message: reply, at })).toBe(false);
});
