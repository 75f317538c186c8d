import { expect, test } from "vitest";
import { resolveAccount, type OneBotAccount } from "../config/account.ts";
import { createFakeClock } from "../transport/testing/fake-clock.ts";
import { createFakeNet, type FakeNet, type Scripted } from "../transport/testing/fake-net.ts";
import { askImplementation } from "./onebot-checks.ts";

const answer = (data: unknown): Scripted => ({ json: { status: "ok", retcode: 0, data, message: "", wording: "" } });
const contact = (message: unknown) => answer([{ peerUin: "1", msgTime: "1", chatType: 1, lastestMsg: { message } }]);

const well: Readonly<Record<string, Scripted>> = {
  get_login_info: answer({ user_id: 10001, nickname: "小号" }),
  get_status: answer({ online: true, good: true }),
  get_version_info: answer({ app_name: "NapCat.Onebot", app_version: "4.18.19" }),
  get_recent_contact: contact([{ type: "text", data: { text: "早" } }]),
};

function personal(more: Record<string, unknown> = {}): OneBotAccount {
  const qq = {
    httpUrl: "http://127.0.0.1:3000",
    wsUrl: "ws://127.0.0.1:3001",
    accessToken: "a-token-of-16-chars",
    ...more,
  };
  const account = resolveAccount({ channels: { qq } }, undefined, {});
  if (account.transport !== "onebot") throw new Error("no personal account");
  return account;
}

function netWith(answers: Readonly<Record<string, Scripted>>): FakeNet {
  const net = createFakeNet(createFakeClock());
  for (const [action, scripted] of Object.entries(answers)) net.on(`POST /${action}`, scripted);
  return net;
}

/** Lets the socket be opened and speaks on it. */
async function openSocket(
  net: FakeNet,
  greet: (say: (frame: unknown) => void) => void,
  answers: Readonly<Record<string, Scripted>> = well,
): Promise<void> {
  const [server] = net.dials;
  if (!server) throw new Error("nobody has dialled");
  server.onFrame = (frame) => {
    // What is sent there is a call, and what is scripted an answer of `answer`.
    const { action, echo } = frame as { action: string; echo: string };
    const scripted = answers[action];
    if (scripted && "json" in scripted) server.say({ ...(scripted.json as object), echo });
  };
  server.open();
  greet((frame) => server.say(frame));
  await Promise.resolve();
}

const levels = (findings: Awaited<ReturnType<typeof askImplementation>>): readonly string[] =>
  findings.map(({ check, level }) => `${check} ${level}`);

const httpOnly = { wsUrl: undefined, reversePath: "/qq/onebot/home" };
const ask = async (answers: Readonly<Record<string, Scripted>>, more: Record<string, unknown> = {}) => {
  const net = netWith(answers);
  const findings = await askImplementation(personal({ ...httpOnly, ...more }), net, 500);
  net.verify();
  return findings;
};

test("A6: a NapCat that is well is named on both its servers", async () => {
  const net = netWith(well);
  net.expectDials(1);
  const asked = askImplementation(personal({ selfId: "10001" }), net, 5000);
  await openSocket(net, () => {});
  const findings = await asked;
  net.verify();
  expect(levels(findings)).toEqual([
    "napcat-http ok",
    "napcat-access ok",
    "napcat-login ok",
    "napcat-account ok",
    "napcat-software ok",
    "napcat-format ok",
    "napcat-socket ok",
  ]);
  expect(findings[2]?.saw.zh).toBe("账号已登录：小号（10001）");
});

/** What is found of an account that has nothing but a socket, which the wizard writes. */
async function askSocketOnly(answers: Readonly<Record<string, Scripted>>, selfId: string) {
  const net = netWith({});
  net.expectDials(1);
  const asked = askImplementation(personal({ httpUrl: undefined, selfId }), net, 5000);
  await openSocket(net, () => {}, { ...well, ...answers });
  const findings = await asked;
  net.verify();
  return findings;
}

test("A6: an account with nothing but a socket is asked who it is all the same", async () => {
  expect(levels(await askSocketOnly({}, "10001"))).toEqual([
    "napcat-login ok",
    "napcat-account ok",
    "napcat-software ok",
    "napcat-format ok",
    "napcat-socket ok",
  ]);
  const offline = { get_status: answer({ online: false, good: true }) };
  const wrong = await askSocketOnly({ ...offline, get_recent_contact: contact("[CQ:face,id=1]") }, "20002");
  expect(levels(wrong)).toEqual([
    "napcat-login error",
    "napcat-account error",
    "napcat-software ok",
    "napcat-format warning",
    "napcat-socket ok",
  ]);
  expect(wrong[1]?.saw.en).toBe("NapCat there is logged in as 10001, and selfId says 20002");
  expect(wrong[3]?.saw.en).toBe("NapCat sends messages as CQ strings at ws://127.0.0.1:3001");
});

test("A6: where the HTTP server is away, the socket tells who it is; an action that fails there is named", async () => {
  const net = netWith({ get_login_info: { cut: "ECONNREFUSED" } });
  net.expectDials(1);
  const asked = askImplementation(personal(), net, 5000);
  await openSocket(net, () => {});
  expect(levels(await asked)).toEqual([
    "napcat-http error",
    "napcat-login ok",
    "napcat-software ok",
    "napcat-format ok",
    "napcat-socket ok",
  ]);
  const failed: Scripted = { json: { status: "failed", retcode: 1200, data: null, message: "boom", wording: "boom" } };
  const [broken, ...more] = await askSocketOnly({ get_login_info: failed }, "10001");
  expect(more).toEqual([]);
  expect(broken).toMatchObject({ check: "napcat-socket", saw: { en: "NapCat does not answer get_login_info" } });
});

test("A6: a socket that refuses the token, and one that nobody opens", async () => {
  const net = netWith({});
  net.expectDials(4);
  const socketOnly = personal({ httpUrl: undefined });
  const refused = askImplementation(socketOnly, net, 5000);
  await openSocket(net, (say) => say({ status: "failed", retcode: 1403, message: "token验证失败", echo: null }));
  expect(levels(await refused)).toEqual(["napcat-socket-access error"]);
  net.on("GET /", { cut: "ECONNREFUSED" }, { html: "", status: 401 }, { html: "", status: 200 });
  const unopened = askImplementation(socketOnly, net, 5000);
  net.dials[1]?.close(1006);
  const [finding] = await unopened;
  expect(finding).toMatchObject({ check: "napcat-socket", level: "error" });
  expect(finding?.saw.en).toMatch(/^no OneBot socket at ws:\/\/127\.0\.0\.1:3001 \(could not reach/);
  const forbidden = askImplementation(socketOnly, net, 5000);
  net.dials[2]?.close(1006);
  expect(levels(await forbidden)).toEqual(["napcat-socket-access error"]);
  const swapped = askImplementation(socketOnly, net, 5000);
  net.dials[3]?.close(1006);
  expect((await swapped)[0]?.saw.en).toMatch(/closed with 1006 \(HTTP 200\)\)$/);
  net.verify();
});

test("A6: an account that is kicked, and one that is another's", async () => {
  const offline = await ask({ ...well, get_status: answer({ online: false, good: true }) });
  expect(levels(offline)).toContain("napcat-login error");
  const other = await ask(well, { selfId: "20002" });
  expect(levels(other)).toContain("napcat-account error");
  expect(other.find(({ check }) => check === "napcat-account")?.saw.en).toBe(
    "NapCat there is logged in as 10001, and selfId says 20002",
  );
});

test("A6: a token that is refused is told by its number, and nothing more is asked", async () => {
  const [finding, ...more] = await ask({ get_login_info: { html: "token verify failed!", status: 403 } });
  expect(more).toEqual([]);
  expect(finding).toMatchObject({ check: "napcat-access", level: "error", area: "auth" });
  expect(finding?.saw.en).toContain("(1403)");
});

test("A6: no HTTP server, the WebSocket server's port, and an action that fails", async () => {
  const [silent] = await ask({ get_login_info: { cut: "ECONNREFUSED" } });
  expect(silent).toMatchObject({ check: "napcat-http", level: "error" });
  expect(silent?.saw.en).toMatch(/^no OneBot answer at http:\/\/127\.0\.0\.1:3000 \(.*ECONNREFUSED\)$/);
  const [upgrade] = await ask({ get_login_info: { html: "Upgrade Required", status: 426 } });
  expect(upgrade?.saw.en).toContain("httpUrl is the port of a WebSocket server");
  const failed: Scripted = { json: { status: "failed", retcode: 1200, data: null, message: "boom", wording: "boom" } };
  const [broken] = await ask({ get_login_info: failed });
  expect(broken?.saw.en).toBe("NapCat does not answer get_login_info");
  expect(broken?.fix?.en).not.toContain("boom");
});

test("A6: messages as text and software that nobody knows are warnings", async () => {
  const findings = await ask({
    ...well,
    get_version_info: answer({ app_name: "SomethingElse", app_version: "1" }),
    get_recent_contact: contact("[CQ:face,id=1]"),
  });
  expect(levels(findings)).toEqual(
    expect.arrayContaining(["napcat-software warning", "napcat-format warning", "napcat-login ok"]),
  );
  expect(findings.find(({ check }) => check === "napcat-format")?.fix?.en).toContain("messagePostFormat");
});

test("A6: what an implementation does not tell is no finding", async () => {
  const no: Scripted = { json: { status: "failed", retcode: 1404, data: null, message: "", wording: "" } };
  const findings = await ask({ ...well, get_version_info: no, get_recent_contact: no });
  expect(levels(findings)).toEqual(["napcat-http ok", "napcat-access ok", "napcat-login ok"]);
});

test("A6: where only NapCat dials there is nobody to ask", async () => {
  expect(await ask({}, { httpUrl: undefined })).toEqual([]);
});
