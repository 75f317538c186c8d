import { beforeEach, describe, expect, test } from "vitest";
import { formatTarget, type Target } from "../../message/target.ts";
import { messageActions } from "./actions.ts";
import { RunningAccounts, type RunningAccount } from "../running.ts";
import { openFakeAccount, refusal } from "../testing/fake-account.ts";

type Call = Parameters<NonNullable<ReturnType<typeof messageActions>["handleAction"]>>[0];

let calls: string[];
let answer: () => Promise<void>;
let running: RunningAccount;
let act: (more: Partial<Call>) => Promise<unknown>;

beforeEach(() => {
  calls = [];
  answer = async () => {};
  const fake = openFakeAccount();
  const recall = async (target: Target, id: string): Promise<void> => {
    calls.push(`recall ${id} in ${formatTarget(target)}`);
    await answer();
  };
  const react = async (target: Target, id: string, emoji: string, on: boolean): Promise<void> => {
    calls.push(`react ${emoji} ${on ? "on" : "off"} to ${id} in ${formatTarget(target)}`);
    await answer();
  };
  running = { ...fake.running, line: { ...fake.running.line, recall, react } };
  const accounts = new RunningAccounts();
  accounts.add(running);
  const { handleAction } = messageActions(accounts);
  const call: Call = { channel: "qq", action: "unsend", cfg: {}, params: {}, accountId: "default" };
  act = async (more) => handleAction?.({ ...call, ...more });
});

describe("taking back", () => {
  test("F12: a message of the chat that is named, or of the one at hand", async () => {
    await act({ params: { messageId: "m1", to: "group:G1" } });
    await act({ action: "delete", params: { messageId: "m2" }, toolContext: { currentChannelId: "qq:c2c:U1" } });
    expect(calls).toEqual(["recall m1 in group:G1", "recall m2 in c2c:U1"]);
  });

  test("F12: is refused with what can be done about it", async () => {
    answer = () => Promise.reject(refusal("permission", 40064004));
    await expect(act({ params: { messageId: "m1", to: "c2c:U1" } })).rejects.toThrow(/within 2 minutes.*code 40064004/);
  });

  test("F12: what QQ gave no id, and what others wrote, is not asked for", async () => {
    running.refs.note({ ref: "REFIDX_1", messageId: "theirs", own: false, text: "hi" }, 0);
    const to = "c2c:U1";
    await expect(act({ params: { messageId: "reply-2-to-in-1", to } })).rejects.toThrow(/did not tell the id/);
    await expect(act({ params: { messageId: "theirs", to } })).rejects.toThrow(/not the bot's own/);
    await expect(act({ params: { to } })).rejects.toThrow(/name the message/);
    await expect(act({ params: { messageId: "m1", to: "nowhere" } })).rejects.toThrow(/one of: c2c:OPENID/);
    expect(calls).toEqual([]);
  });

  test("F12: is not tried for an account that does not run", async () => {
    await expect(act({ accountId: "work", params: { messageId: "m1", to: "c2c:U1" } })).rejects.toThrow(/not running/);
  });
});

describe("reacting", () => {
  test("F12: goes to the message at hand unless another is named, and can be taken off", async () => {
    const toolContext = { currentChannelId: "qq:channel:2", currentMessageId: "in-1" };
    await act({ action: "react", params: { emoji: "👍" }, toolContext });
    await act({ action: "react", params: { emoji: "👍", messageId: "m1", remove: true }, toolContext });
    expect(calls).toEqual(["react 👍 on to in-1 in channel:2", "react 👍 off to m1 in channel:2"]);
  });

  test("F12: is offered and done in guild channels only", async () => {
    await expect(act({ action: "react", params: { emoji: "👍", messageId: "m", to: "group:G1" } })).rejects.toThrow(
      /guild channels only/,
    );
    const { describeMessageTool } = messageActions(new RunningAccounts());
    const offered = (chatType: "direct" | "group" | "channel") => describeMessageTool({ cfg: {}, chatType })?.actions;
    expect([offered("direct"), offered("group")].flat()).not.toContain("react");
    expect(offered("channel")).toContain("react");
  });
});
