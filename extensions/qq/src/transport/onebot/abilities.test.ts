import { beforeEach, expect, test } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createFakeOneBotCalls, refused, type FakeOneBotCalls } from "../testing/fake-onebot-calls.ts";
import { rememberAbilities, type AbleCalls } from "./abilities.ts";

let fake: FakeOneBotCalls;
let software: string | undefined;
let openings: number;
let calls: AbleCalls;
beforeEach(() => {
  fake = createFakeOneBotCalls(createFakeClock());
  software = undefined;
  openings = 0;
  calls = rememberAbilities(
    fake,
    () => software,
    () => openings,
  );
});
const poke = async () => await calls.call("friend_poke", { user_id: 1 }).catch((error: { kind: string }) => error.kind);
const send = async () => await calls.call("send_group_msg", { group_id: 30001, message: [] });

test("what is not there is asked for once, and refused as the implementation did", async () => {
  fake.on("friend_poke", refused("unsupported"));
  expect([await poke(), await poke()]).toEqual(["unsupported", "unsupported"]);
  expect(fake.seen).toHaveLength(1);
  expect(calls.has("friend_poke")).toBe(false);
  expect(calls.has("group_poke")).toBe(true);
});

test("another failure says nothing of what is there", async () => {
  fake.on("friend_poke", refused("quota"), { data: undefined });
  expect([await poke(), await poke()]).toEqual(["quota", undefined]);
});

test("a new version is asked anew; that it says its name is none", async () => {
  fake.on("friend_poke", refused("unsupported"), { data: undefined });
  await poke();
  software = "NapCat.Onebot 4.18.18";
  expect(await poke()).toBe("unsupported");
  software = "NapCat.Onebot 4.18.19";
  expect(await poke()).toBeUndefined();
});

test("what an implementation is known not to have is never asked for, in several frames either", async () => {
  software = "Lagrange.OneBot 0.3";
  await expect(calls.stream("download_file_stream", { file: "a" }, () => undefined)).rejects.toMatchObject({
    kind: "unsupported",
    refusal: { call: "download_file_stream" },
  });
  expect(fake.seen).toEqual([]);
});

test("what was not there is asked for anew once a connection opens", async () => {
  fake.on("friend_poke", refused("unsupported"), { data: undefined });
  await poke();
  expect(await poke()).toBe("unsupported");
  openings++;
  expect(await poke()).toBeUndefined();
});

test("F9: a message is tried whatever was answered before", async () => {
  fake.on("send_group_msg", refused("unsupported"), { data: { message_id: 1 } });
  await expect(send()).rejects.toMatchObject({ kind: "unsupported" });
  expect(await send()).toMatchObject({ message_id: "1" });
});
