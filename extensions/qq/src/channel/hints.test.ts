import { beforeEach, expect, test } from "vitest";
import { parseTarget } from "../message/target.ts";
import { agentHints } from "./hints.ts";
import { RunningAccounts } from "./running.ts";
import { openFakeAccount, type FakeAccount } from "./testing/fake-account.ts";
import { openFakePersonal } from "./testing/fake-personal.ts";

let fake: FakeAccount;
let hints: ReturnType<typeof agentHints>;
beforeEach(() => {
  fake = openFakeAccount(4000);
  const accounts = new RunningAccounts();
  accounts.add(fake.running);
  hints = agentHints(accounts);
});

const formatting = () => hints.inboundFormattingHints?.({ cfg: {}, accountId: "default" });
const rules = () => formatting()?.rules.join("\n") ?? "";
const abilities = () => hints.messageToolCapabilities?.({ cfg: {}, accountId: "default" });

test("F4 F7: the agent is told where markdown is shown, and that buttons go with it", () => {
  expect(formatting()?.text_markup).toBe("markdown");
  expect(rules()).toContain("Markdown is shown in direct messages and groups");
  expect(abilities()).toEqual(["inlineButtons"]);
});

test("F4 F7: it is told so of the chats that take markdown alone", () => {
  fake.running.refusals.note("markdown group", fake.clock.now());
  expect(rules()).toContain("Markdown is shown in direct messages:");
});

test.each([
  ["switched off", () => void (fake.config = { nativeMarkdown: false })],
  [
    "refused everywhere",
    () => ["c2c", "group"].forEach((kind) => fake.running.refusals.note(`markdown ${kind}`, fake.clock.now())),
  ],
])("F4 F7: where markdown is %s it is told to write plain text, and of no buttons", (_why, switchOff) => {
  switchOff();
  expect(formatting()?.text_markup).toBe("plain");
  expect(rules()).toContain("plain sentences");
  expect(abilities()).toEqual([]);
});

test("F4: it is told what happens to links, and to what does not fit into a message", () => {
  expect(rules()).toMatch(/links in groups.*example．com/);
  expect(rules()).toContain("4000 characters are one message");
});

test("F11: every shape of target that it is told of can be sent to", () => {
  const told = hints.messageToolHints?.({ cfg: {} }).join("\n") ?? "";
  const shapes = told.match(/\b\w+:(?:OPENID|ID|GUILD)\b/g) ?? [];
  expect(shapes).toEqual(["c2c:OPENID", "group:OPENID", "channel:ID", "dm:GUILD"]);
  for (const shape of shapes) expect(parseTarget(shape)).toBeDefined();
});

test("an account that does not run is said nothing of", () => {
  expect(hints.inboundFormattingHints?.({ cfg: {}, accountId: "other" })).toBeUndefined();
  expect(hints.messageToolCapabilities?.({ cfg: {}, accountId: "other" })).toEqual([]);
});

test("F4 F7 F12: on a personal account the agent is told of plain text, quotes by id and what it can do, and of no buttons", () => {
  const accounts = new RunningAccounts();
  accounts.add(openFakePersonal(9000).running);
  const personal = agentHints(accounts);
  const where = { cfg: {}, accountId: "default" };
  expect(personal.inboundFormattingHints?.(where)).toMatchObject({ text_markup: "plain" });
  expect(personal.inboundFormattingHints?.(where)?.rules.join("\n")).toContain("4500 characters");
  expect(personal.messageToolCapabilities?.(where)).toEqual([]);
  const tools = personal.messageToolHints?.(where)?.join("\n");
  expect(tools).toContain("c2c:NUMBER");
  expect(tools).not.toContain("OPENID");
});
