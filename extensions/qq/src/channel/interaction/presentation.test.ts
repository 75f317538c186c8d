import type { MessagePresentation, MessagePresentationButton } from "openclaw/plugin-sdk/interactive-runtime";
import { beforeEach, describe, expect, test } from "vitest";
import type { Button, Keyboard } from "../../message/outbound.ts";
import type { Target } from "../../message/target.ts";
import { keyboardAsText, keyboardOf } from "./keyboard.ts";
import { presentationRenderer, withButtons } from "./presentation.ts";
import { RunningAccounts } from "../running.ts";
import { openFakeAccount, person, type FakeAccount } from "../testing/fake-account.ts";

let fake: FakeAccount;
beforeEach(() => {
  fake = openFakeAccount(500);
  fake.cfg = { commands: { ownerAllowFrom: ["qq:U1"] } };
});

const channel: Target = { kind: "channel", channelId: "2" };
const ask = (...buttons: MessagePresentationButton[]): MessagePresentation => ({
  title: "Deploy?",
  blocks: [
    { type: "text", text: "Canary is ready." },
    { type: "buttons", buttons },
  ],
});
const yes: MessagePresentationButton = {
  label: "Yes",
  action: { type: "callback", value: "deploy:yes" },
  style: "success",
};
const status: MessagePresentationButton = { label: "Status", action: { type: "command", command: "/status" } };

async function render(presentation: MessagePresentation, chat = person) {
  const payload = await withButtons({ text: "Well:", presentation }, chat, fake.running);
  return { text: payload.text, keyboard: keyboardOf(payload) };
}

async function buttonsOf(...buttons: MessagePresentationButton[]): Promise<readonly Button[]> {
  return ((await render(ask(...buttons))).keyboard ?? []).flat();
}

/** What stands behind a button that was shown. */
function behind(button: Button | undefined) {
  return button?.action.kind === "callback" ? fake.running.buttons.find(button.action.data)?.action : button?.action;
}

describe("a presentation", () => {
  test("F10: becomes a text with rows of buttons, whose meaning stays here", async () => {
    const { text, keyboard } = await render(ask(yes, status));
    expect(text).toBe("Well:\n\nDeploy?\n\nCanary is ready.");
    expect(keyboard?.map((row) => row.map(({ label, look }) => `${label} ${look}`))).toEqual([
      ["Yes primary", "Status plain"],
    ]);
    expect(keyboard?.flat().map(behind)).toEqual([
      { kind: "say", text: "deploy:yes" },
      { kind: "say", text: "/status" },
    ]);
    for (const { action } of keyboard?.flat() ?? []) expect("data" in action && action.data.length).toBe(20);
  });

  test("F10: of buttons alone has a text to stand under", async () => {
    const presentation = { blocks: [{ type: "buttons" as const, buttons: [yes] }] };
    const payload = await withButtons({ presentation }, person, fake.running);
    expect(payload.text).toBe("Choose:");
  });

  test("F10: has at most five rows of five, and names the rest", async () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ ...yes, label: `B${index}` }));
    const { text, keyboard } = await render(ask(...many));
    expect(keyboard?.map((row) => row.length)).toEqual([5, 5, 5, 5, 5]);
    expect(text).toContain("B29");
  });

  test("F10: is all text where no button can be shown", async () => {
    const { text, keyboard } = await render(ask(yes, status), channel);
    expect(keyboard).toBeUndefined();
    expect(text).toContain("- Yes\n- Status: `/status`");
    fake.config = { nativeMarkdown: false };
    expect((await render(ask(yes))).keyboard).toBeUndefined();
  });

  test("F10: is left to the host when the account does not run", () => {
    const render = presentationRenderer(new RunningAccounts());
    const ctx = { cfg: {}, to: "qq:c2c:U1", text: "", payload: {} };
    expect(render({ payload: {}, presentation: ask(yes), ctx })).toBeNull();
  });
});

describe("a button", () => {
  test("F10: that is no command cannot be made one by what stands behind it", async () => {
    const [button] = await buttonsOf({ label: "Go on", action: { type: "callback", value: " /elevated on" } });
    expect(behind(button)).toEqual({ kind: "say", text: "Go on" });
  });

  test("F10: is one of a set unless it may be pressed again", async () => {
    const [one, two, again] = await buttonsOf(yes, status, { ...yes, reusable: true });
    expect(one?.set).toBeDefined();
    expect([two?.set, again?.set]).toEqual([one?.set, undefined]);
  });

  test("F10: that leads to a page is a link, and one that answers a question says its label", async () => {
    const [link, answer] = await buttonsOf(
      { label: "Notes", action: { type: "url", url: "https://a.b/c" } },
      { label: "Blue", action: { type: "question", questionId: "q", optionValue: "1" } },
    );
    expect(link?.action).toEqual({ kind: "link", url: "https://a.b/c" });
    expect(behind(answer)).toEqual({ kind: "say", text: "Blue" });
  });

  test("F10: that decides is for the approvers of that chat", async () => {
    const approve = { type: "approval", approvalId: "1a2b3c4d-5e", approvalKind: "exec", decision: "deny" } as const;
    const [button] = await buttonsOf({ label: "Deny!", action: approve });
    const { type: _, ...decision } = approve;
    expect(button).toMatchObject({ label: "Deny", look: "danger", typed: "/approve 1a2b3c4d deny" });
    expect(behind(button)).toEqual({ kind: "decide", ...decision });
    const kept = button?.action.kind === "callback" && fake.running.buttons.find(button.action.data);
    expect(kept).toMatchObject({ onlyFor: ["U1"], target: "c2c:U1" });
  });
});

test("F10: what cannot be pressed can be written", () => {
  const base = { id: "b", look: "plain" } as const;
  const keyboard: Keyboard = [
    [
      { ...base, label: "Deny", typed: "/approve 1a2b3c4d deny", action: { kind: "callback", data: "x" } },
      { ...base, label: "Yes", action: { kind: "callback", data: "y" } },
    ],
    [{ ...base, label: "Notes", action: { kind: "link", url: "https://a.b" } }],
  ];
  expect(keyboardAsText(keyboard, "zh")).toBe(
    "请直接回复其中一项：\n- Deny: /approve 1a2b3c4d deny\n- Yes\n- Notes: https://a.b",
  );
});
