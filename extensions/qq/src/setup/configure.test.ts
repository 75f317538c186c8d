import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { createFakeClock } from "../transport/testing/fake-clock.ts";
import { createFakeNet, type FakeNet, type Scripted as Answer } from "../transport/testing/fake-net.ts";
import type { BindParts } from "./bind.ts";
import { configure, tellNextSteps, type WizardContext } from "./configure.ts";
import { scriptedPrompter, type Scripted, type ScriptedPrompter } from "./testing/scripted-prompter.ts";

const TOKEN_CALL = "POST /app/getAppAccessToken";
const goodToken: Answer = { json: { access_token: "t", expires_in: "7200" } };
const badToken: Answer = { json: { code: 100016, message: "invalid appid or secret" } };
const me: Answer = { json: { id: "B1", username: "小助手" } };
const login: Answer = { json: { status: "ok", retcode: 0, data: { user_id: 10_001, nickname: "小号" } } };
const online: Answer = { json: { status: "ok", retcode: 0, data: { online: true, good: true } } };

const official = { channels: { qq: { enabled: true, appId: "102000001", appSecret: "s" } } };
const napcat = { channels: { qq: { enabled: true, httpUrl: "http://127.0.0.1:3000", accessToken: "old-token" } } };

interface Session {
  readonly result: Awaited<ReturnType<typeof configure>>;
  readonly channel: Record<string, unknown> | undefined;
  readonly prompter: ScriptedPrompter;
  readonly net: FakeNet;
}

interface Given extends Partial<Omit<WizardContext, "prompter" | "outside">> {
  readonly answers?: Readonly<Record<string, readonly Answer[]>>;
  readonly isTerminal?: boolean;
}

/** A person runs the wizard; every question and every call that is not in the script fails the test. */
async function run(
  script: readonly Scripted[],
  { answers = {}, isTerminal = true, ...given }: Given = {},
): Promise<Session> {
  const net = createFakeNet(createFakeClock());
  for (const [call, scripted] of Object.entries(answers)) net.on(call, ...scripted);
  const prompter = scriptedPrompter(script, isTerminal);
  const result = await configure({ cfg: {}, env: {}, accountOverrides: {}, ...given, prompter, outside: net });
  prompter.verify();
  net.verify();
  const cfg = result === "skip" ? undefined : result.cfg;
  return { result, channel: cfg?.channels?.["qq"] as Record<string, unknown> | undefined, prompter, net };
}

const bot = { [TOKEN_CALL]: [goodToken], "GET /users/@me": [me] };
const account = { "POST /get_login_info": [login], "POST /get_status": [online] };
const bySecret: Scripted = { asks: "How does OpenClaw reach QQ?", answer: "official" };
const byNapcat: Scripted = { asks: "How does OpenClaw reach QQ?", answer: "napcat" };
const byWebSocket: Scripted = { asks: "How do messages come" };
const what = (answer?: string): Scripted => ({ asks: "What about default", answer });
const oneBot = { asks: "NapCat's address", answer: "http://127.0.0.1:3000" };

describe("A2: the wizard, official bot by AppID and secret", () => {
  test("three questions; the bot's name is shown before anything is saved, and secrets are masked", async () => {
    const paste = { asks: "AppID:AppSecret", answer: "102000001:secret_1" };
    const { channel, prompter, net } = await run([bySecret, paste, byWebSocket], { answers: bot });
    expect(channel).toEqual({ enabled: true, appId: "102000001", appSecret: "secret_1" });
    expect(prompter.shown).toContain("Reached: 小助手 (B1).");
    expect(prompter.masked).toHaveLength(1);
    expect(prompter.shown.join("\n")).not.toContain("secret_1");
    expect(net.calls[0]?.body).toEqual({ appId: "102000001", clientSecret: "secret_1" });
  });

  test("each road is explained in one sentence", async () => {
    const { prompter } = await run([bySecret, { asks: "AppID:", answer: "1020:s" }, byWebSocket], { answers: bot });
    const hints = prompter.shown.filter((line) => line.startsWith("( ) "));
    expect(hints).toHaveLength(5);
    for (const hint of hints) expect(hint).toMatch(/^\( \) [^:]+: .*: .+\.$|^\( \) [^:]+: .+\.$/);
  });

  test("the AppID first, then the secret of that bot; what is neither is refused", async () => {
    const first = { asks: "AppID:", answer: "102000001", refused: { answer: "my-openid", says: /openid/ } };
    const second = { asks: "AppSecret of bot 102000001", answer: " s ", refused: { answer: "", says: /q\.qq\.com/ } };
    const { channel } = await run([bySecret, first, second, byWebSocket], { answers: bot });
    expect(channel).toMatchObject({ appId: "102000001", appSecret: "s" });
  });

  test("a secret that QQ refuses can be corrected; nothing is saved before", async () => {
    const script = [
      bySecret,
      { asks: "AppID:", answer: "1020:wrong" },
      byWebSocket,
      { asks: "And now?", answer: "correct" },
      { asks: "AppID:", answer: "1020:right" },
      byWebSocket,
    ];
    const { channel, prompter } = await run(script, { answers: { ...bot, [TOKEN_CALL]: [badToken, goodToken] } });
    expect(channel).toMatchObject({ appSecret: "right" });
    expect(prompter.shown.join("\n")).toMatch(/Not reached yet: .*100016/);
  });

  test.each([
    ["again", { ...bot, [TOKEN_CALL]: [badToken, goodToken] }, true],
    ["save", { [TOKEN_CALL]: [badToken] }, true],
    ["leave", { [TOKEN_CALL]: [badToken] }, false],
  ])("after a failure: %s", async (answer, answers, isSaved) => {
    const script = [bySecret, { asks: "AppID:", answer: "1020:s" }, byWebSocket, { asks: "And now?", answer }];
    const { result, channel } = await run(script, { answers });
    expect(channel?.["appId"]).toBe(isSaved ? "1020" : undefined);
    expect(result === "skip").toBe(!isSaved);
  });

  test("webhook: the public address is asked once, and the steps name the whole callback address", async () => {
    const script = [
      bySecret,
      { asks: "AppID:", answer: "1020:s" },
      { asks: "How do messages come", answer: "webhook" },
      {
        asks: "Public address",
        answer: "https://bot.example.com",
        refused: { answer: "bot.example.com/x", says: /https:/ },
      },
    ];
    const { channel, result, prompter } = await run(script, { answers: bot });
    expect(channel).toEqual({ enabled: true, appId: "1020", appSecret: "s", transport: "webhook" });
    const before = prompter.shown.length;
    if (result !== "skip") await tellNextSteps(result.cfg, "default", () => expect.unreachable(), { LANG: "en" });
    expect(prompter.shown.slice(before).join("\n")).toContain("https://bot.example.com/qq-official-webhook");
    // Said once: a later save of the same account by flags says them itself.
    const after = prompter.shown.length;
    await tellNextSteps(official, "default", () => expect.unreachable(), {});
    expect(prompter.shown).toHaveLength(after);
  });
});

describe("A2: the wizard, NapCat", () => {
  test("Enter twice: the WebSocket server of a NapCat on this machine, by a fresh token", async () => {
    const net = createFakeNet(createFakeClock());
    net.expectDials(1);
    const save = { asks: "And now?", answer: "save" };
    const prompter = scriptedPrompter([byNapcat, { asks: "NapCat's address" }, { asks: "NapCat's token" }, save]);
    const done = configure({ cfg: {}, env: {}, accountOverrides: {}, prompter, outside: net });
    await vi.waitFor(() => net.dials[0]?.close(1006) ?? expect(net.dials).toHaveLength(1));
    expect(await done).toMatchObject({
      cfg: {
        channels: {
          qq: { wsUrl: "ws://127.0.0.1:3001", accessToken: expect.stringMatching(/^[0-9a-f]{32}$/), enabled: true },
        },
      },
    });
    expect(net.dials[0]?.url).toMatch(/^ws:\/\/127\.0\.0\.1:3001/);
    expect(prompter.shown.join("\n")).toContain('{"network":{"websocketServers":[{');
  });

  test("a path instead of an address: NapCat dials, by a fresh token of 32 hexadecimal digits", async () => {
    const script = [byNapcat, { asks: "NapCat's address", answer: "/qq-onebot" }, { asks: "NapCat's token" }];
    const { channel, prompter } = await run(script);
    expect(channel).toEqual({
      enabled: true,
      reversePath: "/qq-onebot",
      accessToken: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(prompter.shown.join("\n")).toMatch(/Not checked: .*NapCat dials/);
  });

  test("an HTTP address is tried before it is saved", async () => {
    const address = { ...oneBot, refused: { answer: "127.0.0.1:3000", says: /ws:\/\/127\.0\.0\.1:3001/ } };
    const { channel, prompter, net } = await run([byNapcat, address, { asks: "token", answer: "tok" }], {
      answers: account,
    });
    expect(channel).toEqual({ enabled: true, httpUrl: "http://127.0.0.1:3000", accessToken: "tok" });
    expect(prompter.shown).toContain("Reached: 小号 (10001).");
    expect(prompter.masked).toEqual(["NapCat's token (Enter for a fresh one)"]);
    expect(net.calls[0]?.authorization).toBe("Bearer tok");
  });

  test("where nobody listens yet, the entry to paste is shown, and asking again finds it", async () => {
    const script = [byNapcat, oneBot, { asks: "token", answer: "tok" }, { asks: "And now?", answer: "again" }];
    const answers = { "POST /get_login_info": [{ cut: "ECONNREFUSED" }, login], "POST /get_status": [online] };
    const { channel, prompter } = await run(script, { answers });
    expect(channel).toMatchObject({ accessToken: "tok" });
    expect(prompter.shown.join("\n")).toMatch(/\{"network":\{"httpServers":\[\{.*"token":"tok"/);
  });

  test("an address that the schema refuses is refused at once, in its words", async () => {
    const address = { ...oneBot, refused: { answer: "ws://0.0.0.0:3001", says: /127\.0\.0\.1/ } };
    const token = { asks: "token", answer: "tok" };
    await run([byNapcat, address, token], { answers: account });
    const reverse = {
      asks: "NapCat's address",
      answer: "/qq-onebot",
      refused: { answer: "/other", says: /\/qq-onebot/ },
    };
    await run([byNapcat, reverse, { asks: "token", refused: { answer: "short", says: /16 characters/ } }]);
  });
});

describe("A2: the wizard, by scan", () => {
  const scan: Scripted = { asks: "How does OpenClaw reach QQ?" };
  const code = { url: "https://q.qq.com/x", drawn: "QR" };
  const bind = async (parts: BindParts) => {
    await parts.show(code);
    return { appId: "102000001", appSecret: "s", ownerOpenid: "U1" };
  };

  test("is what Enter chooses; who scanned is known to the bot and asked for no openid", async () => {
    const { result, channel, prompter } = await run([scan], { answers: bot, bind });
    expect(channel).toEqual({ enabled: true, appId: "102000001", appSecret: "s", allowFrom: ["U1"] });
    expect(result).toMatchObject({ cfg: { commands: { ownerAllowFrom: ["qq:U1"] } } });
    expect(prompter.shown.join("\n")).toMatch(/QR\n[\s\S]*https:\/\/q\.qq\.com\/x/);
    expect(prompter.shown).toContain("Reached: 小助手 (B1).");
  });

  test("where another client shows the set-up, the address goes there, and so do the next steps", async () => {
    const opened: string[] = [];
    const net = createFakeNet(createFakeClock());
    for (const [call, scripted] of Object.entries(bot)) net.on(call, ...scripted);
    const prompter = { ...scriptedPrompter([scan], false), openUrl: async (url: string) => void opened.push(url) };
    const options = { deferDeviceLinkToClient: true };
    const result = await configure({ cfg: {}, env: {}, accountOverrides: {}, options, prompter, outside: net, bind });
    expect(opened).toEqual(["https://q.qq.com/x"]);
    expect(prompter.shown.at(-1)).toMatch(/what is left to do\n1\. Write to the bot/);
    const lines: string[] = [];
    if (result !== "skip") await tellNextSteps(result.cfg, "default", (line) => lines.push(line), {});
    expect(lines).toEqual([]);
  });

  const anew = [{ asks: "Which QQ account?" }, { asks: "What about default", answer: "replace" }, scan];

  test("A5: a secret in a file stays in that file, which is written with the configuration and not before", async () => {
    const directory = await mkdtemp(join(tmpdir(), "qq-wizard-"));
    const appSecretFile = join(directory, "secret");
    await writeFile(appSecretFile, "old");
    const cfg = { channels: { qq: { appId: "102000001", appSecretFile } } };
    const { result, channel, net } = await run(anew, { cfg, answers: bot, bind });
    expect(channel).toMatchObject({ appId: "102000001", appSecretFile });
    expect(channel).not.toHaveProperty("appSecret");
    expect(net.calls[0]?.body).toEqual({ appId: "102000001", clientSecret: "s" });
    expect(await readFile(appSecretFile, "utf8")).toBe("old");
    if (result !== "skip") await tellNextSteps(result.cfg, "default", () => {}, {});
    expect(await readFile(appSecretFile, "utf8")).toBe("s\n");
    await rm(directory, { recursive: true });
  });

  test("A5: a secret reference becomes text only after a yes, asked before the scan", async () => {
    const appSecret = { source: "env", provider: "default", id: "QQ_SECRET" } as const;
    const cfg = { channels: { qq: { appId: "102000001", appSecret } } };
    const question: Scripted = { asks: "is a secret reference" };
    expect((await run([...anew, question], { cfg, bind: () => expect.unreachable() })).result).toBe("skip");
    const { channel } = await run([...anew, { ...question, answer: "yes" }], { cfg, answers: bot, bind });
    expect(channel).toMatchObject({ appSecret: "s" });
  });

  test("is not offered where secrets are kept as references", async () => {
    const prompter = scriptedPrompter([{ asks: "How does OpenClaw reach QQ?", answer: "none of them" }]);
    const context = { cfg: {}, env: {}, accountOverrides: {}, options: { secretInputMode: "ref" as const } };
    await expect(configure({ ...context, prompter })).rejects.toThrow("no option");
    expect(prompter.shown.filter((line) => line.startsWith("( )"))).toEqual([
      expect.stringContaining("AppID and AppSecret"),
      expect.stringContaining("NapCat"),
    ]);
  });
});

describe("A2: accounts that are there", () => {
  const which: Scripted = { asks: "Which QQ account?" };

  test("one more account is asked for its name, and the base stays as it is", async () => {
    const script: Scripted[] = [
      { ...which, answer: " " },
      { asks: "Name of the account", answer: "Work", refused: { answer: "default", says: /one of that name/ } },
      bySecret,
      { asks: "AppID:", answer: "1030:t" },
      byWebSocket,
    ];
    const { channel, result } = await run(script, { cfg: official, answers: bot });
    expect(channel).toEqual({
      ...official.channels.qq,
      accounts: { default: {}, work: { enabled: true, appId: "1030", appSecret: "t" } },
    });
    expect(result).toMatchObject({ accountId: "work" });
  });

  test("change: Enter keeps what is there, a new secret replaces the old one", async () => {
    const kept = await run([which, what(), { asks: "Enter keeps", answer: "" }, byWebSocket], {
      cfg: official,
      answers: bot,
    });
    expect(kept.channel).toEqual(official.channels.qq);
    const changed = await run([which, what(), { asks: "Enter keeps", answer: "102000001:new" }, byWebSocket], {
      cfg: official,
      answers: bot,
    });
    expect(changed.channel).toEqual({ ...official.channels.qq, appSecret: "new" });
    const token = await run(
      [which, what(), { asks: "address", answer: "" }, { asks: "Enter keeps", answer: "new-token" }],
      {
        cfg: napcat,
        answers: account,
      },
    );
    expect(token.channel).toEqual({ ...napcat.channels.qq, accessToken: "new-token" });
  });

  test("anew: another road takes the old one's keys away", async () => {
    const script = [which, what("replace"), byNapcat, oneBot, { asks: "token", answer: "tok" }];
    const { channel } = await run(script, { cfg: official, answers: account });
    expect(channel).toEqual({ enabled: true, httpUrl: "http://127.0.0.1:3000", accessToken: "tok" });
  });

  test("leaving it, and switching it off where the host allows that", async () => {
    expect((await run([which, what("keep")], { cfg: official })).result).toBe("skip");
    const off = await run([which, what("disable")], { cfg: official, options: { allowDisable: true } });
    expect(off.result).toMatchObject({ completion: "paused" });
    expect(off.channel).toEqual({ ...official.channels.qq, enabled: false });
  });

  test("an account that the host names is not asked for", async () => {
    const script = [bySecret, { asks: "AppID:", answer: "1030:t" }, byWebSocket];
    const { channel } = await run(script, { cfg: official, accountOverrides: { qq: "work" }, answers: bot });
    expect(channel).toMatchObject({ accounts: { work: { appId: "1030" } } });
  });
});

describe("A5: the wizard where secrets are kept as references", () => {
  const options = { secretInputMode: "ref" as const };
  const where: Scripted = { asks: "stored?", answer: "env" };

  test("the AppSecret's reference is saved, and its value is what is tried", async () => {
    vi.stubEnv("MY_QQ_SECRET", "secret_1");
    const name = { asks: /variable/i, answer: "MY_QQ_SECRET" };
    const script = [bySecret, { asks: "AppID", answer: "102000001" }, where, name, byWebSocket];
    const { channel, net } = await run(script, { options, answers: bot });
    const reference = { source: "env", provider: "default", id: "MY_QQ_SECRET" };
    expect(channel).toEqual({ enabled: true, appId: "102000001", appSecret: reference });
    expect(net.calls[0]?.body).toEqual({ appId: "102000001", clientSecret: "secret_1" });
  });

  test("so is NapCat's token", async () => {
    vi.stubEnv("NAPCAT_TOKEN", "tok");
    const name = { asks: /variable/i, answer: "NAPCAT_TOKEN" };
    const { channel, net } = await run([byNapcat, oneBot, where, name], { options, answers: account });
    const reference = { source: "env", provider: "default", id: "NAPCAT_TOKEN" };
    expect(channel).toEqual({ enabled: true, httpUrl: "http://127.0.0.1:3000", accessToken: reference });
    expect(net.calls[0]?.authorization).toBe("Bearer tok");
  });

  test("asks in Chinese where that is spoken", async () => {
    vi.stubEnv("MY_QQ_SECRET", "secret_1");
    const script = [
      { asks: "OpenClaw 通过哪种方式接入 QQ？", answer: "official" },
      { asks: "AppID", answer: "102000001" },
      { asks: "AppSecret 保存在哪里？", answer: "env" },
      { asks: "环境变量名", answer: "MY_QQ_SECRET", refused: { answer: "QQ_NO_SUCH", says: /QQ_NO_SUCH 未设置/ } },
      { asks: "消息如何到达" },
    ];
    const { prompter } = await run(script, { env: { LANG: "zh_CN.UTF-8" }, options, answers: bot });
    expect(prompter.shown.join("\n")).toContain("已从 MY_QQ_SECRET 读到值");
  });
});

test("A2: in Chinese where that is spoken", async () => {
  const script = [
    { asks: "OpenClaw 通过哪种方式接入 QQ？", answer: "napcat" },
    { asks: "NapCat 地址", answer: "http://127.0.0.1:3000" },
    { asks: "NapCat 的 token" },
  ];
  const { prompter } = await run(script, { env: { LANG: "zh_CN.UTF-8" }, answers: account });
  expect(prompter.shown).toContain("连接成功：小号（10001）。");
  expect(prompter.shown.filter((line) => line.startsWith("( )")).every((line) => /\p{Script=Han}/u.test(line))).toBe(
    true,
  );
});
