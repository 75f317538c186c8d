import { beforeEach, expect, test } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createFakeOneBotCalls, refused, type FakeOneBotCalls } from "../testing/fake-onebot-calls.ts";
import { rememberAbilities, type AbleCalls } from "./abilities.ts";

let fake: FakeOneBotCalls;
let software: string | undefined;
let calls: AbleCalls;
beforeEach(() => {
  fake = createFakeOneBotCalls(createFakeClock());
  software = undefined;
  calls = rememberAbilities(fake, () => software);
});
const like = async () => await calls.call("send_like", { user_id: 1 }).catch((error: { kind: string }) => error.kind);

test("what is not there is asked for once, and refused as the implementation did", async () => {
  fake.on("send_like", refused("unsupported"));
  expect([await like(), await like()]).toEqual(["unsupported", "unsupported"]);
  expect(fake.seen).toHaveLength(1);
  expect(calls.has("send_like")).toBe(false);
  expect(calls.has("friend_poke")).toBe(true);
});

test("another failure says nothing of what is there", async () => {
  fake.on("send_like", refused("quota"), { data: undefined });
  expect([await like(), await like()]).toEqual(["quota", undefined]);
});

test("a new version is asked anew; that it says its name is none", async () => {
  fake.on("send_like", refused("unsupported"), { data: undefined });
  await like();
  software = "NapCat.Onebot 4.18.18";
  expect(await like()).toBe("unsupported");
  software = "NapCat.Onebot 4.18.19";
  expect(await like()).toBeUndefined();
});

test("what an implementation is known not to have is never asked for, in several frames either", async () => {
  software = "Lagrange.OneBot 0.3";
  await expect(calls.stream("download_file_stream", { file: "a" }, () => undefined)).rejects.toMatchObject({
    kind: "unsupported",
    refusal: { call: "download_file_stream" },
  });
  expect(fake.seen).toEqual([]);
});
