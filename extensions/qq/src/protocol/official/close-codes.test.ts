import { describe, expect, it } from "vitest";
import { closeRule } from "./close-codes.ts";

// QQ, "Websocket close codes" (2026-09), row by row; those of its SDK and of ours are marked.
const table: readonly (readonly [code: number, next: string, waitMs?: number])[] = [
  [1000, "resume"],
  [1005, "resume"], // ours: no status
  [1006, "resume"], // ours: the network
  [4000, "identify"], // SDK
  [4001, "stop"],
  [4002, "stop"],
  [4003, "identify"], // SDK
  [4004, "identify"], // SDK
  [4005, "identify"], // SDK
  [4006, "identify"],
  [4007, "identify"],
  [4008, "resume", 60_000],
  [4009, "resume"],
  [4010, "stop"],
  [4011, "stop"],
  [4012, "stop"],
  [4013, "stop"],
  [4014, "lower-intents"],
  [4902, "identify"],
  [4903, "identify"],
  [4914, "stop"],
  [4915, "stop"],
  [4999, "resume"], // ours: not listed
];

describe("close codes", () => {
  it.each(table.map(([code, next, waitMs]) => ({ code, next, waitMs })))(
    "$code leads to $next",
    ({ code, next, waitMs }) => {
      expect(closeRule(code).next).toBe(next);
      expect(closeRule(code).waitMs).toBe(waitMs);
    },
  );

  it.each(Array.from({ length: 14 }, (_, index) => 4900 + index))("%i, internal, leads to identify", (code) => {
    expect(closeRule(code).next).toBe("identify");
  });

  it("asks for a fresh token where the token was the trouble", () => {
    expect([4004, 4903, 4009, 4006].map((code) => closeRule(code).freshToken ?? false)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});
