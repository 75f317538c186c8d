import { beforeEach, describe, expect, test } from "vitest";
import type { Target } from "../../message/target.ts";
import { withOpenDm } from "./guild-dm.ts";
import { openFakeAccount, refusal, type FakeAccount } from "../testing/fake-account.ts";

const dm: Target = { kind: "dm", guildId: "D" };
const source = { userId: "U", guildId: "G" };

let fake: FakeAccount;
let opened: string[][];

beforeEach(() => {
  fake = openFakeAccount();
  opened = [];
  Object.assign(fake.running.line, {
    openDm: async (userId: string, guildId: string) => {
      opened.push([userId, guildId]);
      return { kind: "dm", guildId: "D2" };
    },
  });
});

/** Sends to whatever it is given; the first `codes` of tries are refused. */
async function run(target: Target, codes: readonly number[]): Promise<{ tried: Target[]; error: unknown }> {
  const tried: Target[] = [];
  const send = async (to: Target): Promise<void> => {
    const code = codes[tried.length];
    tried.push(to);
    if (code !== undefined) throw refusal("target", code);
  };
  const error = await withOpenDm(target, fake.running, send).catch((thrown: unknown) => thrown);
  return { tried, error };
}

describe("F9: a guild DM that QQ has forgotten", () => {
  test.each([304031, 304032])("is opened again with whoever wrote in it, once (%i)", async (code) => {
    fake.running.chats.heard("dm:D", 1, source);
    expect(await run(dm, [code])).toEqual({ tried: [dm, { kind: "dm", guildId: "D2" }], error: undefined });
    expect(opened).toEqual([["U", "G"]]);
    const again = await run(dm, [code, code]);
    expect(again.tried).toHaveLength(2);
    expect(again.error).toBeInstanceOf(Error);
  });

  test("stays closed where nobody knows whose it was", async () => {
    expect((await run(dm, [304032])).tried).toEqual([dm]);
    expect(opened).toEqual([]);
  });

  test("is not opened for another refusal, nor for another chat", async () => {
    fake.running.chats.heard("dm:D", 1, source);
    fake.running.chats.heard("channel:D", 1, source);
    expect((await run(dm, [304034])).tried).toEqual([dm]);
    expect((await run({ kind: "channel", channelId: "D" }, [304032])).tried).toHaveLength(1);
    expect(opened).toEqual([]);
  });
});
