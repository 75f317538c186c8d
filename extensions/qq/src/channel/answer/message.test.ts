import { PlatformMessageNotDispatchedError } from "openclaw/plugin-sdk/error-runtime";
import { beforeEach, describe, expect, test } from "vitest";
import { directSends } from "./message.ts";
import { RunningAccounts } from "../running.ts";
import { openFakeAccount, type FakeAccount } from "../testing/fake-account.ts";

let fake: FakeAccount;
let accounts: RunningAccounts;

beforeEach(() => {
  fake = openFakeAccount();
  fake.hear("a");
  accounts = new RunningAccounts();
  accounts.add(fake.running);
});

const send = async (): Promise<unknown> =>
  directSends(accounts).sendText({ to: "c2c:U1", text: "hello", deliveryQueueId: "q" });

describe("what fails without a word from QQ", () => {
  test("F9: was not sent as long as no part of the answer was kept, and the host may try again", async () => {
    fake.running.parked.begin = () => {
      throw new Error("disk full");
    };
    const error = await send().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(PlatformMessageNotDispatchedError);
    expect(error).toMatchObject({ retryable: true, message: "disk full" });
    expect(fake.sent).toEqual([]);
  });

  test("F9: may have been sent when the parts were kept: the host has to ask what became of it", async () => {
    fake.platform = () => new Error("out of memory");
    const error = await send().catch((caught: unknown) => caught);
    expect(error).not.toBeInstanceOf(PlatformMessageNotDispatchedError);
    expect(error).toMatchObject({ message: "out of memory" });
  });
});
