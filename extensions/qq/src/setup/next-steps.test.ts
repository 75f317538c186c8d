import { describe, expect, test } from "vitest";
import { resolveAccount } from "../config/account.ts";
import { nextSteps, nextStepsContext } from "./next-steps.ts";

const TOKEN = "a-token-of-16-or-more";
const context = { gatewayPort: 18_789 };

function steps(qq: object, locale: "en" | "zh" = "en", more: { publicUrl?: string } = {}): readonly string[] {
  return nextSteps(resolveAccount({ channels: { qq } }, undefined, {}, "inspect"), { ...context, ...more }, locale);
}

/** The part of NapCat's file that a step holds, which stands in a line of its own. */
function networkOf(lines: readonly string[]): unknown {
  const json = lines.flatMap((line) => line.split("\n")).filter((line) => line.startsWith("{"));
  expect(json).toHaveLength(1);
  return (JSON.parse(json[0] ?? "") as { network: unknown }).network;
}

describe("A2: what is left to do", () => {
  test("an official bot by WebSocket: write to it, and approve", () => {
    expect(steps({ appId: "1020", appSecret: "s" })).toEqual([
      "1. Write to the bot in QQ. It answers with a pairing code; then run: openclaw pairing approve qq CODE (after that it answers what you wrote)",
      "A running gateway takes this over by itself; if none runs, start it: openclaw gateway",
    ]);
    expect(steps({ appId: "1020", appSecret: "s" }, "zh")).toEqual([
      "1. 在 QQ 中给机器人发一条消息。它会回复配对码，然后运行：openclaw pairing approve qq 配对码（批准后会回答你写的消息）",
      "正在运行的网关会自动生效；若未运行，请启动：openclaw gateway",
    ]);
  });

  test.each(["en", "zh"] as const)(
    "webhook, %s: this gateway's port and path, the callback address, the events",
    (locale) => {
      const channel = { appId: "1020", appSecret: "s", webhookPath: "/hook" };
      const lines = steps(channel, locale, { publicUrl: "https://bot.example.com/" });
      expect(lines).toHaveLength(5);
      expect(lines[0]).toContain("http://127.0.0.1:18789/hook");
      // The signature's loop first: QQ is to be asked only once it works.
      expect(lines[0]).toContain("openclaw qq doctor --public-url https://bot.example.com");
      expect(lines[1]).toMatch(/https:\/\/bot\.example\.com\/hook$/);
      for (const event of [
        "C2C_MESSAGE_CREATE",
        "GROUP_AT_MESSAGE_CREATE",
        "GROUP_MESSAGE_CREATE",
        "INTERACTION_CREATE",
      ])
        expect(lines[2]).toContain(event);
      expect(steps(channel, locale)[1]).toMatch(/https:\/\/<.+>\/hook$/);
    },
  );

  test("NapCat: the entry for the address, with the token", () => {
    const lines = steps({ wsUrl: "ws://127.0.0.1:3001", accessToken: TOKEN });
    expect(networkOf(lines)).toEqual({
      websocketServers: [
        {
          name: "openclaw-ws",
          enable: true,
          host: "127.0.0.1",
          port: 3001,
          token: TOKEN,
          messagePostFormat: "array",
          reportSelfMessage: false,
          heartInterval: 30_000,
        },
      ],
    });
    expect(lines[1]).toMatch(/^2\. Write to this account from another QQ account\. .*pairing approve qq CODE/);
    expect(steps({ wsUrl: "ws://127.0.0.1:3001", accessToken: TOKEN }, "zh")[1]).toMatch(/^2\. 用另一个 QQ 号给本账号/);
  });

  test("NapCat on another machine listens on every address there; with an HTTP address it needs both servers", () => {
    expect(networkOf(steps({ httpUrl: "http://napcat:3000", accessToken: TOKEN }))).toMatchObject({
      httpServers: [{ name: "openclaw-http", host: "0.0.0.0", port: 3000, token: TOKEN }],
      websocketServers: [{ name: "openclaw-ws", host: "0.0.0.0", port: 3001, token: TOKEN }],
    });
  });

  test.each([
    ["en", "whole network"],
    ["zh", "整个网络"],
  ] as const)("what 0.0.0.0 opens is said beside it, and nowhere else, %s", (locale, says) => {
    expect(steps({ wsUrl: "ws://napcat:3001", accessToken: TOKEN }, locale)[0]).toContain(says);
    for (const wsUrl of ["ws://127.0.0.1:3001", "ws://napcat.localhost:3001", "wss://napcat.example.com"]) {
      const lines = steps({ wsUrl, accessToken: TOKEN }, locale);
      expect(networkOf(lines)).toMatchObject({ websocketServers: [{ host: "127.0.0.1", port: 3001 }] });
      expect(lines[0]).not.toContain(says);
    }
  });

  test.each([
    ["en", "a reverse proxy answers"],
    ["zh", "由反向代理应答"],
  ] as const)("NapCat behind a proxy listens on ports of its own, not on the proxy's, %s", (locale, says) => {
    const channel = { httpUrl: "https://napcat.example.com", wsUrl: "wss://napcat.example.com", accessToken: TOKEN };
    const lines = steps(channel, locale);
    expect(networkOf(lines)).toMatchObject({
      httpServers: [{ host: "127.0.0.1", port: 3000 }],
      websocketServers: [{ host: "127.0.0.1", port: 3001 }],
    });
    expect(lines[0]).toContain(says);
    expect(lines[0]).toContain("https://napcat.example.com, wss://napcat.example.com");
    expect(steps({ wsUrl: "ws://127.0.0.1:3001", accessToken: TOKEN }, locale)[0]).not.toContain(says);
  });

  test("NapCat that dials: its client, and what to write where 127.0.0.1 is another machine", () => {
    const lines = steps({ reversePath: "/qq-onebot/work", accessToken: TOKEN });
    expect(networkOf(lines)).toEqual({
      websocketClients: [
        {
          name: "openclaw",
          enable: true,
          url: "ws://127.0.0.1:18789/qq-onebot/work",
          token: TOKEN,
          messagePostFormat: "array",
          reportSelfMessage: false,
          heartInterval: 30_000,
          reconnectInterval: 5000,
        },
      ],
    });
    expect(lines[0]).toContain("host.docker.internal:18789");
  });

  test("A5: a token that is a reference is not resolved to be shown", () => {
    const accessToken = { source: "env", provider: "default", id: "NAPCAT_TOKEN" };
    expect(JSON.stringify(networkOf(steps({ wsUrl: "ws://127.0.0.1:3001", accessToken })))).toContain(
      "<the token of this account>",
    );
  });

  test("D1: who is named already needs no code, and where nobody pairs none is spoken of", () => {
    const bot = { appId: "1020", appSecret: "s" };
    expect(steps({ ...bot, allowFrom: ["U1"] })[0]).toContain("allowFrom is answered at once");
    expect(steps({ ...bot, dmPolicy: "open", allowFrom: ["*"] })[0]).toBe("1. Write to the bot in QQ.");
  });

  test("the port is the gateway's", () => {
    expect(nextStepsContext({ gateway: { port: 19_000 } })).toEqual({ gatewayPort: 19_000, publicUrl: undefined });
  });
});
