import { describe, expect, it } from "vitest";
import { apiUrl, isGatewayAddress, paths, tokenUrl } from "./endpoints.ts";

describe("endpoints", () => {
  it.each([
    ["https://api.bot.qq.com", "https://api.bot.qq.com/app/getAppAccessToken"],
    ["https://api.sgroup.qq.com", "https://bots.qq.com/app/getAppAccessToken"],
    ["https://api.sgroup.qq.com/", "https://bots.qq.com/app/getAppAccessToken"],
    ["https://sandbox.api.sgroup.qq.com", "https://bots.qq.com/app/getAppAccessToken"],
    ["http://127.0.0.1:3400", "http://127.0.0.1:3400/app/getAppAccessToken"],
    ["https://proxy.example/qq/", "https://proxy.example/qq/app/getAppAccessToken"],
    ["https://api.sgroup.qq.com.evil.example", "https://api.sgroup.qq.com.evil.example/app/getAppAccessToken"],
  ])("asks for a token of %s at %s", (base, url) => {
    expect(tokenUrl(base)).toBe(url);
  });

  it("keeps ids byte for byte and inside their segment", () => {
    expect(apiUrl("https://a.example/", paths.v2Messages("users", "AbC/..?"))).toBe(
      "https://a.example/v2/users/AbC%2F..%3F/messages",
    );
    expect(paths.v2Messages("groups", "G1")).toBe("/v2/groups/G1/messages");
  });

  it("never takes the token from TLS to a bare socket", () => {
    expect(isGatewayAddress("https://api.bot.qq.com", "wss://api.sgroup.qq.com/websocket")).toBe(true);
    expect(isGatewayAddress("https://api.bot.qq.com", "ws://api.sgroup.qq.com/websocket")).toBe(false);
    expect(isGatewayAddress("http://127.0.0.1:1", "ws://127.0.0.1:1/websocket")).toBe(true);
    expect(isGatewayAddress("http://127.0.0.1:1", "https://127.0.0.1:1/")).toBe(false);
    expect(isGatewayAddress("https://api.bot.qq.com", "")).toBe(false);
  });
});
