import { beforeEach, describe, expect, test } from "vitest";
import type { Interaction } from "../../message/inbound.ts";
import type { Target } from "../../message/target.ts";
import { formatTarget } from "../../message/target.ts";
import type { InteractionResult, RawEvent } from "../../transport/transport.ts";
import type { ApprovalGateway, RunningAccount } from "../running.ts";
import { isPress, takePress, type PressTurns } from "./interaction.ts";
import { pressedMessage } from "./pressed.ts";
import { openFakeAccount, person, shownIn, type FakeAccount } from "../testing/fake-account.ts";

const DAY = 24 * 3_600_000;
const group: Target = { kind: "group", groupId: "G1" };
const decision = { kind: "decide", approvalId: "1a2b3c4d-5e6f", approvalKind: "exec", decision: "allow-once" } as const;

let fake: FakeAccount;
let running: RunningAccount;
let acknowledged: { id: string; result: InteractionResult }[];
let admitted: RawEvent[];
let mayTake: boolean;
/** What the gateway says to a decision. */
let gateway: (params: object) => Promise<unknown>;

const turns: PressTurns = {
  mayTake: async () => mayTake,
  admit: async (event) => void admitted.push(event),
};

beforeEach(() => {
  fake = openFakeAccount(500);
  acknowledged = [];
  admitted = [];
  mayTake = true;
  gateway = async () => ({ applied: true, approval: {} });
  // The gateway's answer is longer than what is read of it.
  const approvalGateway = { request: async (_method: string, params: object) => gateway(params) } as ApprovalGateway;
  const acknowledge = async (id: string, result: InteractionResult): Promise<void> => {
    acknowledged.push({ id, result });
  };
  running = { ...fake.running, line: { ...fake.running.line, acknowledge }, approvalGateway };
  fake.cfg = { commands: { ownerAllowFrom: ["qq:U1", "qq:M1"] } };
});

function keep(button: Partial<Parameters<typeof running.buttons.add>[0]> = {}): void {
  const action = { kind: "say", text: "yes please" } as const;
  running.buttons.add({ id: "b1", target: formatTarget(person), action, expiresAt: fake.clock.now() + DAY, ...button });
}

/** What QQ brings of a press; by U1 in the direct message unless told. */
function eventOf({ id = "i1", type = 11, data = "b1", where = { user_openid: "U1" } }: Press): RawEvent {
  const d = { id, type, ...where, data: { resolved: { button_data: data } } };
  const text = JSON.stringify({ op: 0, t: "INTERACTION_CREATE", id: `INTERACTION_CREATE:${id}`, d });
  return { key: `interaction:${id}`, lane: `interaction:${id}`, text };
}

interface Press {
  readonly id?: string;
  readonly type?: number;
  readonly data?: string;
  readonly where?: object;
}

async function press(what: Press = {}): Promise<InteractionResult | undefined> {
  await takePress(eventOf(what), fake.clock.now(), turns, running);
  return acknowledged.at(-1)?.result;
}

const inGroup = (member: string): Press => ({ where: { group_openid: "G1", group_member_openid: member } });

const notices = (): string[] => fake.sent.map((message) => shownIn(message, fake));

describe("a button that says something", () => {
  test("F10: is acknowledged once its turn is stored in the chat's own lane", async () => {
    keep();
    const event = eventOf({});
    expect(isPress(event)).toBe(true);
    expect(await press()).toBe("done");
    expect(admitted).toEqual([{ key: "press:i1", lane: "c2c:U1", text: event.text }]);
    expect(admitted.map(isPress)).toEqual([false]);
    expect(fake.sent).toEqual([]);
  });

  test("F10: is not acknowledged when its turn could not be stored, and is taken again", async () => {
    keep();
    const broken: PressTurns = { ...turns, admit: () => Promise.reject(new Error("disk full")) };
    await expect(takePress(eventOf({}), fake.clock.now(), broken, running)).rejects.toThrow("disk full");
    expect(acknowledged).toEqual([]);
    expect(await press()).toBe("done");
  });

  test("F10: is pressed once; the same press a second time, after a crash, begins nothing else", async () => {
    keep({ set: "s" });
    keep({ id: "b2", set: "s" });
    expect(await press()).toBe("done");
    expect(await press()).toBe("done");
    expect(new Set(admitted.map(({ key }) => key))).toEqual(new Set(["press:i1"]));
    expect(await press({ id: "i2", data: "b2" })).toBe("repeated");
    expect(admitted.map(({ key }) => key)).not.toContain("press:i2");
  });

  test("F10: is used up by nobody who may not talk to the bot", async () => {
    keep({ set: "s" });
    mayTake = false;
    expect(await press()).toBe("not-permitted");
    mayTake = true;
    expect(await press({ id: "i2" })).toBe("done");
  });

  test("F10: says it in the name of who pressed, and is answered by a reply to the press", () => {
    keep();
    const interaction: Interaction = {
      id: "i1",
      eventId: "INTERACTION_CREATE:i1",
      chat: person,
      sender: { id: "U1" },
      type: 11,
      data: "b1",
      at: 5,
    };
    const said = { id: "i1", chat: person, sender: { id: "U1" }, text: "yes please", mentionsBot: true, at: 5 };
    expect(pressedMessage(interaction, running)).toMatchObject(said);
    expect(pressedMessage({ ...interaction, data: "other" }, running)).toBeUndefined();
  });

  test("F10: after its day says so in words", async () => {
    keep({ expiresAt: fake.clock.now() });
    expect(await press()).toBe("failed");
    expect(notices()).toEqual(["[This button is no longer good: say what you want instead]"]);
    expect(fake.sent[0]?.anchor).toEqual({ eventId: "INTERACTION_CREATE:i1", msgSeq: 1 });
    expect(admitted).toEqual([]);
  });
});

describe("what is no button of ours", () => {
  test.each([
    ["made up", { data: "approve:1a2b3c4d" }],
    ["without data", { data: "" }],
    ["of another chat", { where: { group_openid: "G1", group_member_openid: "U1" } }],
  ])("F10: %s does nothing, and says nothing in the chat", async (_, what) => {
    keep();
    expect(await press(what)).toBe("failed");
    expect([admitted, fake.sent]).toEqual([[], []]);
    expect(fake.lines.at(-1)).toMatch(/^warn press refused chat=\S+ sender=U1 why="no button of ours"$/);
  });

  test("F10: an item of QQ's own menu is acknowledged and nothing else", async () => {
    expect(await press({ type: 12 })).toBe("done");
    expect([admitted, fake.sent]).toEqual([[], []]);
  });

  test("F10: what QQ does not want to hear any more is no reason to do it again", async () => {
    keep();
    running = { ...running, line: { ...running.line, acknowledge: () => Promise.reject(new Error("too late")) } };
    await press();
    expect(admitted).toHaveLength(1);
    expect(fake.lines.at(-1)).toBe('info press not acknowledged result=done error="too late"');
  });
});

describe("a decision", () => {
  test("F10: of an approver reaches the gateway in their name", async () => {
    keep({ action: decision, onlyFor: ["U1"] });
    let asked: object = {};
    gateway = async (params) => {
      asked = params;
      return { applied: true, approval: {} };
    };
    expect(await press()).toBe("done");
    const { kind: _, approvalId, approvalKind } = decision;
    const reviewer = { channel: "qq", accountId: "default", senderId: "U1" };
    expect(asked).toEqual({ id: approvalId, kind: approvalKind, decision: "allow-once", reviewer });
    expect(admitted).toEqual([]);
  });

  test("F10: of anybody else in the group is refused, and logged by name", async () => {
    keep({ action: decision, onlyFor: ["M1"], target: formatTarget(group) });
    gateway = () => Promise.reject(new Error("must not be asked"));
    expect(await press(inGroup("M2"))).toBe("not-permitted");
    expect(fake.lines.at(-1)).toBe('warn press refused chat=group:G1 sender=M2 why="the button is for somebody else"');
    gateway = async () => ({ applied: true, approval: {} });
    expect(await press({ ...inGroup("M1"), id: "i2" })).toBe("done");
  });

  test("F10: of who was an approver when the buttons were shown is refused", async () => {
    keep({ action: decision, onlyFor: ["U1"] });
    fake.cfg = { commands: { ownerAllowFrom: ["qq:other"] } };
    expect(await press()).toBe("not-permitted");
    expect(fake.lines.at(-1)).toMatch(/^warn approval refused .* why="not an approver"$/);
  });

  test("F10: that comes second is told so, unless it is the same", async () => {
    keep({ action: decision, onlyFor: ["U1"] });
    gateway = async () => ({ applied: false, approval: { decision: "allow-once" } });
    expect(await press()).toBe("done");
    gateway = async () => ({ applied: false, approval: { decision: "deny" } });
    expect(await press({ id: "i2" })).toBe("repeated");
    expect(notices()).toEqual([expect.stringContaining("was decided elsewhere")]);
  });

  test("F10: about what is over, or that does not reach the gateway, is told which of the two", async () => {
    keep({ action: decision, onlyFor: ["U1"] });
    gateway = () => Promise.reject(new Error("unknown or expired approval id"));
    expect(await press()).toBe("failed");
    gateway = () => Promise.reject(new Error("connection lost"));
    expect(await press({ id: "i2" })).toBe("failed");
    expect(notices()).toEqual([
      expect.stringContaining("This request is over"),
      expect.stringContaining("write: /approve 1a2b3c4d allow-once"),
    ]);
  });

  test("F10: is acknowledged in time when the gateway is slow, and what comes of it is told", async () => {
    keep({ action: decision, onlyFor: ["U1"] });
    const { promise, reject } = Promise.withResolvers<never>();
    gateway = () => promise;
    const pressing = press();
    await fake.clock.advance(1_499);
    expect(acknowledged).toEqual([]);
    await fake.clock.advance(1);
    expect(acknowledged).toEqual([{ id: "i1", result: "done" }]);
    reject(new Error("unknown or expired approval id"));
    await pressing;
    expect(notices()).toEqual([expect.stringContaining("This request is over")]);
  });
});
