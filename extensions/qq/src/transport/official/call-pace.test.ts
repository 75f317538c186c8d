import { beforeEach, describe, expect, it } from "vitest";
import { QQApiError } from "../../errors.ts";
import type { V2Message } from "../../protocol/official/messages.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet, type FakeNet } from "../testing/fake-net.ts";
import { createOfficialApi, type OfficialApi } from "./api.ts";
import { recallMessage } from "./message-calls.ts";
import { createTokenSource } from "./token.ts";

const account = { appId: "1", appSecret: "s", apiBaseUrl: "https://api.bot.qq.com" };
const token = { json: { access_token: "t", expires_in: 7200 } };
const sent = { json: { id: "out" } };
const hello: V2Message = { msg_type: 0, content: "hi" };
const reply = (seq: number): V2Message => ({ msg_type: 0, content: "hi", msg_id: "m1", msg_seq: seq });

let clock: FakeClock;
let net: FakeNet;
let api: OfficialApi;
let refused: QQApiError[];
beforeEach(() => {
  clock = createFakeClock();
  net = createFakeNet(clock);
  api = createOfficialApi(net, account, createTokenSource(net, account));
  refused = [];
  net.always("POST /app/getAppAccessToken", token);
});

function run(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    if (!(error instanceof QQApiError)) throw error;
    refused.push(error);
  });
}
function send(scene: "users" | "groups", id: string, message: V2Message): void {
  net.always(`POST /v2/${scene}/${id}/messages`, sent);
  run(api.sendV2(scene, id, message));
}
const times = (path: string): number[] =>
  net.calls.filter(({ call }) => call.startsWith(`POST ${path}`)).map(({ at }) => at - FAKE_NOW);
const within = (path: string, ms: number): number => times(path).filter((at) => at < ms).length;

describe("calls of one bot", () => {
  it("C2C and group replies: 100 a second each, and in order", async () => {
    for (let seq = 1; seq <= 150; seq++) {
      send("users", `U${seq}`, reply(seq));
      send("groups", "G1", reply(seq));
    }
    await clock.advance(1000);
    expect([within("/v2/users/", 1000), within("/v2/groups/", 1000)]).toEqual([100, 100]);
    await clock.advance(1000);
    expect([times("/v2/users/").length, times("/v2/groups/").length]).toEqual([150, 150]);
    expect(refused).toEqual([]);
  });

  it("a channel: 5 messages a second, another one has its own", async () => {
    for (const id of ["1", "2"]) net.always(`POST /channels/${id}/messages`, sent);
    for (let n = 0; n < 8; n++) for (const id of ["1", "2"]) run(api.sendChannel(id, { content: "hi" }));
    await clock.advance(999);
    expect([times("/channels/1/").length, times("/channels/2/").length]).toEqual([5, 5]);
    await clock.advance(1000);
    expect([times("/channels/1/").length, times("/channels/2/").length]).toEqual([8, 8]);
  });

  it("what is published for 10 a second keeps it: recalls and parts of uploads", async () => {
    for (const scene of ["users", "groups"]) net.always(`DELETE /v2/${scene}/1/messages/M`, { json: {} });
    net.always("POST /v2/users/U1/upload_part_finish", { json: {} });
    for (let n = 0; n < 15; n++) {
      run(recallMessage(api, { kind: "c2c", userId: "1" }, "M", undefined));
      run(recallMessage(api, { kind: "group", groupId: "1" }, "M", undefined));
      run(api.finishPart("users", "U1", { upload_id: "u", part_index: n, block_size: 1, md5: "" }));
    }
    const counts = (): number[] =>
      ["DELETE /v2/users/", "DELETE /v2/groups/", "POST /v2/users/U1/upload_part_finish"].map(
        (start) => net.calls.filter(({ call }) => call.startsWith(start)).length,
      );
    await clock.advance(999);
    expect(counts()).toEqual([10, 10, 10]);
    await clock.advance(1000);
    expect(counts()).toEqual([15, 15, 15]);
  });

  it("proactive messages: 20 a minute to one chat; replies there go on", async () => {
    for (let n = 0; n < 21; n++) send("groups", "G1", hello);
    send("groups", "G1", reply(1));
    await clock.advance(5000);
    expect(times("/v2/groups/G1/")).toHaveLength(21);
    expect(refused).toMatchObject([{ refusal: { heldBack: true, retryAfterMs: 60_000 } }]);
  });

  it("proactive messages: 60 a minute to all groups, 10 a second to all people", async () => {
    for (let n = 0; n < 61; n++) send("groups", `G${n}`, hello);
    for (let n = 0; n < 25; n++) send("users", `U${n}`, hello);
    await clock.advance(999);
    expect([times("/v2/groups/").length, times("/v2/users/").length]).toEqual([60, 10]);
    expect(refused).toHaveLength(1);
    await clock.advance(4000);
    expect(times("/v2/users/")).toHaveLength(25);
  });
});

describe("a refusal for the rate", () => {
  it("429 holds the calls of its kind for Retry-After and nobody else's", async () => {
    const tooMany = { status: 429, json: { code: 100001 }, headers: { "retry-after": "3" } };
    net.on("POST /v2/users/U1/messages", tooMany);
    send("users", "U1", reply(1));
    await clock.settle();
    send("users", "U2", reply(1));
    send("groups", "G1", reply(1));
    await clock.advance(2999);
    expect(times("/v2/users/")).toEqual([0]);
    expect(times("/v2/groups/")).toEqual([0]);
    await clock.advance(1);
    expect(times("/v2/users/")).toEqual([0, 3000, 3000]);
    expect(refused).toEqual([]);
  });

  it("without a time it is a minute: siblings are refused here, with the time that is left", async () => {
    net.on("POST /v2/users/U1/messages", { status: 429, json: { code: 100001 } });
    send("users", "U1", reply(1));
    await clock.advance(1000);
    send("users", "U2", reply(1));
    await clock.settle();
    expect(refused).toMatchObject([
      { refusal: { platformCode: 100001, retryAfterMs: 60_000 } },
      { refusal: { heldBack: true, platformCode: 0, retryAfterMs: 59_000 } },
    ]);
    await clock.advance(59_000);
    send("users", "U2", reply(1));
    await clock.settle();
    expect(times("/v2/users/")).toEqual([0, 60_000]);
  });

  it("a platform that counts by other numbers is not asked all the same (22009)", async () => {
    net.on("POST /v2/users/U1/messages", { status: 400, json: { code: 22009 } });
    send("users", "U1", reply(5));
    await clock.settle();
    send("users", "U2", reply(1));
    await clock.settle();
    expect(times("/v2/users/U2/")).toEqual([0]);
  });

  it("40034100 holds proactive messages for a minute and takes the bot for unverified for an hour", async () => {
    net.on("POST /v2/groups/G0/messages", { status: 400, json: { code: 40034100 } });
    send("groups", "G0", hello);
    await clock.advance(1000);
    send("groups", "G1", hello);
    send("groups", "G1", reply(1));
    await clock.settle();
    expect(refused.map(({ refusal }) => refusal.heldBack)).toEqual([undefined, true]);
    expect(times("/v2/groups/G1/")).toEqual([1000]);
    await clock.advance(120_000);
    for (let n = 0; n < 40; n++) send("groups", `A${n}`, hello);
    await clock.advance(5000);
    expect(times("/v2/groups/A")).toHaveLength(30);
    await clock.advance(3_600_000);
    for (let n = 0; n < 40; n++) send("groups", `B${n}`, hello);
    await clock.advance(5000);
    expect(times("/v2/groups/B")).toHaveLength(40);
  });
});
