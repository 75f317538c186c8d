import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseDemoArgs } from "../../demo/args.ts";
import { gatewayConfig, merge } from "../../demo/config.ts";
import { gatewayEnvironment } from "../../demo/environment.ts";
import { quote, startModel, type StandInModel } from "../../demo/model.ts";
import { lastUserText } from "../../demo/prompt.ts";
import { roads, TRANSPORTS } from "../../demo/roads.ts";
import { formatLine } from "../../demo/transcript.ts";
import { createEmulator } from "../../emulator/emulator.ts";
import { ChannelSchema } from "../../extensions/qq/src/config/schema.ts";

describe("parseDemoArgs", () => {
  it("starts the page on the bot's own socket by default", () => {
    expect(parseDemoArgs([])).toEqual({ transport: "websocket" });
  });

  it("takes a question, a transport and a port", () => {
    const args = parseDemoArgs(["--once", "hello", "--transport", "webhook", "--port", "9000"]);
    expect(args).toEqual({ once: "hello", transport: "webhook", port: 9000 });
  });

  it.each(TRANSPORTS)("knows the transport %s, and names it in its help", (transport) => {
    expect(parseDemoArgs(["--transport", transport])).toEqual({ transport });
    expect(parseDemoArgs(["--help"])).toMatchObject({ usage: expect.stringContaining(transport) as string });
  });

  it.each([["--tansport", "webhook"], ["--transport", "pigeon"], ["--port", "many"], ["--once"], ["hello"]])(
    "refuses %s %s",
    (...args) => {
      expect(parseDemoArgs(args)).toMatchObject({ code: 2, usage: expect.stringContaining("--once") as string });
    },
  );

  it("helps", () => {
    expect(parseDemoArgs(["--help"])).toMatchObject({ code: 0 });
  });
});

describe.each(TRANSPORTS)("the road by %s", (transport) => {
  const road = roads[transport];

  it("has a configuration that the plugin takes, and a bot that is in the group", async () => {
    const emulator = await createEmulator({ seed: road.seed });
    try {
      expect(ChannelSchema.safeParse(road.channel(emulator)).error?.issues ?? []).toEqual([]);
      expect(emulator.world.snapshot().groups).toMatchObject([{ bots: [road.bot] }]);
    } finally {
      await emulator.close();
    }
  });
});

it("the road by onebot is open when somebody has connected to NapCat with its token", async () => {
  const road = roads.onebot;
  const emulator = await createEmulator({ seed: road.seed });
  const { accessToken } = road.channel(emulator);
  const connected = road.connect(emulator, "");
  const socket = new WebSocket(`${emulator.napcat(road.bot).wsUrl}/?access_token=${accessToken as string}`);
  try {
    await connected;
    expect(emulator.world.snapshot().accounts).toMatchObject([{ name: "小助手", sessions: 1 }]);
  } finally {
    socket.close();
    await emulator.close();
  }
});

describe("lastUserText", () => {
  it("is what the user typed, without the host's notes", () => {
    const turns = [
      { role: "user", content: "first" },
      { role: "assistant", content: "answer" },
      { role: "user", content: "[Sun 2026-11-22 16:46 UTC] hello [1]\n\nRuntime: agent=main | session=x" },
      { role: "user", content: [{ type: "text", text: "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>\nnothing" }] },
    ];
    expect(lastUserText(turns)).toBe("hello [1]");
  });

  it("leaves out the blocks about chat and sender", () => {
    const note = 'Conversation info: ⟦openclaw:ctx⟧\n```json\n{"sender":{"name":"小林"}}\n```\n\n';
    const stamp = "[Sun 2026-11-22 16:54 UTC] ";
    expect(lastUserText([{ role: "user", content: [{ type: "text", text: `${stamp}${note}你好\n再见` }] }])).toBe(
      "你好\n再见",
    );
  });

  it("is empty when nobody spoke", () => {
    expect(lastUserText([{ role: "system", content: "be kind" }])).toBe("");
  });
});

describe("the stand-in model", () => {
  let model: StandInModel;
  beforeEach(async () => {
    model = await startModel();
  });
  afterEach(() => model.close());

  const ask = (body: object): Promise<Response> =>
    fetch(`${model.url}/chat/completions`, { method: "POST", body: JSON.stringify(body) });

  it("says what it is, in the language of the question", () => {
    expect(quote("hello")).toBe("(stand-in model) you said: hello");
    expect(quote("你好")).toBe("（替身模型）你说：你好");
  });

  it("answers at once, and notes what it was asked", async () => {
    const response = await ask({ messages: [{ role: "user", content: "hello" }] });
    const { choices } = (await response.json()) as { choices: { message: { content: string } }[] };
    expect(choices[0]?.message.content).toBe("(stand-in model) you said: hello");
    expect(model.requests).toMatchObject([{ text: "hello", stream: false }]);
  });

  it("answers in pieces that add up, and ends them", async () => {
    const said = "two surrogate halves stay one: 😀 and this is longer than a piece";
    const response = await ask({ stream: true, messages: [{ role: "user", content: said }] });
    const events = (await response.text())
      .split("\n\n")
      .filter(Boolean)
      .map((line) => line.slice("data: ".length));
    expect(events.pop()).toBe("[DONE]");
    const choices = events.map(
      (event) =>
        (JSON.parse(event) as { choices: [{ delta: { content?: string }; finish_reason: unknown }] }).choices[0],
    );
    expect(choices.map(({ delta }) => delta.content ?? "").join("")).toBe(quote(said));
    expect(choices.at(-1)?.finish_reason).toBe("stop");
  });

  it("knows no other calls", async () => {
    expect((await fetch(`${model.url}/embeddings`, { method: "POST" })).status).toBe(404);
  });
});

describe("the gateway's surroundings", () => {
  const own = { directory: "/d", stateDir: "/d/state", configPath: "/d/openclaw.json", port: 1, token: "t" };

  it("hands on neither credentials nor another OpenClaw's settings", () => {
    const env = gatewayEnvironment(own, {
      PATH: "/bin",
      LANG: "zh_CN.UTF-8",
      QQ_BOT_APP_SECRET: "s",
      OPENAI_API_KEY: "k",
      OPENCLAW_PROFILE: "mine",
      NODE_ENV: "test",
      VITEST: "true",
      HOME: "/home/me",
    });
    expect(env).toMatchObject({ HOME: "/d", LANG: "zh_CN.UTF-8", OPENCLAW_STATE_DIR: "/d/state" });
    expect(env["PATH"]).toMatch(/\/bin$/);
    for (const name of ["QQ_BOT_APP_SECRET", "OPENAI_API_KEY", "OPENCLAW_PROFILE", "NODE_ENV", "VITEST"]) {
      expect(env).not.toHaveProperty(name);
    }
  });

  it("merges the caller's configuration deeply", () => {
    const config = gatewayConfig({
      ...own,
      model: { baseUrl: "http://127.0.0.1:2/v1" },
      channel: { enabled: true },
      config: { session: { dmScope: "main" }, gateway: { bind: "lan" } },
    });
    expect(config).toMatchObject({
      channels: { qq: { enabled: true } },
      session: { dmScope: "main" },
      gateway: { bind: "lan", port: 1 },
    });
  });

  it("replaces lists", () => {
    expect(merge({ a: [1, 2], b: { c: 1 } }, { a: [3], b: { d: 2 } })).toEqual({ a: [3], b: { c: 1, d: 2 } });
  });
});

it("shows a message on one line", () => {
  const from = { kind: "person", id: "lin", name: "小林" } as const;
  const message = { id: "1", at: 0, from, text: "一\n二", mentions: ["小助手"] };
  const group = { kind: "group", group: "g" } as const;
  expect(formatLine({ chat: group, message }, () => "测试群")).toBe("小林 (测试群): @小助手 一 ⏎ 二");
});
