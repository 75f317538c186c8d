// What every transport must do with an answer: the calls are the same, the roads on which the question came are not.
import { expect, test } from "vitest";
import { QQApiError, QQError } from "../../extensions/qq/src/errors.ts";
import type { OutboundMessage } from "../../extensions/qq/src/message/outbound.ts";
import type { Target } from "../../extensions/qq/src/message/target.ts";
import { openBot, type Bot } from "./bot.ts";
import type { RoadKind } from "./roads.ts";
import { openWorld, userId, type World } from "./world.ts";

const SEND = "/v2/users/";
const tokenCalls = (world: World): number => world.wire(/^POST \/app\/getAppAccessToken/).length;

/** Sends one message until it is sent, as late as each failure says; resolves with how often. */
async function sendUntilSent(world: World, bot: Bot, message: OutboundMessage): Promise<number> {
  const target: Target = { kind: "c2c", userId: world.userId("lin") };
  for (let tries = 1; ; tries++) {
    let over = false;
    const since = world.time.line.now();
    const outcome = bot.send(target, message).then(
      () => undefined,
      (error: unknown) => error,
    );
    void outcome.then(() => (over = true));
    await world.hurry("an outcome", () => over);
    const error = await outcome;
    if (error === undefined) return tries;
    expect(error).toMatchObject({ retry: "later" });
    world.time.advance(error instanceof QQApiError ? (error.refusal.retryAfterMs ?? 0) : 1000);
    // What QQ cannot tell by its number is looked for.
    const mayHaveArrived = message.anchor === undefined && error instanceof QQError && error.mayHaveArrived;
    if (mayHaveArrived && (await bot.line.findSent?.(target, message, since, () => false))) return tries;
  }
}

export function sendContract(kind: RoadKind): void {
  faultsContract(kind);
  if (kind.has.tokens) tokensContract(kind);
}

function faultsContract({ open, plant, has, ...kind }: RoadKind): void {
  test.each(kind.sendFaults)("F3: after $name the answer is there, once", async ({ fault, calls, retryAfter }) => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    await world.fault(fault);
    await world.say("hello");
    await world.hurry("the calls and the answer", () => bot.road.sends() === calls && bot.rows() === 1);
    await world.hurry("the answer", () => world.answers().length > 0);
    await bot.stop();
    expect(world.answers().map(({ text }) => text)).toEqual(["re: hello"]);
    expect(bot.failures).toEqual([]);
    if (retryAfter !== undefined) {
      const [first, second] = world.wire(/^POST \/v2/);
      expect(Number(second?.at) - Number(first?.at)).toBeGreaterThanOrEqual(retryAfter * 1000);
    }
  });

  test.each(kind.lastingSendFaults)(
    "F3: after $name the answer that is sent again as it was is there, once",
    async ({ fault }) => {
      const world = await openWorld({ plant });
      const bot = await openBot(world, open, { answer: () => "first words" });
      const msgId = await world.say("hello");
      await world.hurry("the first answer", () => world.answers().length === 1 && bot.unanswered() === 0);
      await world.fault(fault);
      const content = { kind: "text", text: "sent again" } as const;
      const tries = await sendUntilSent(world, bot, {
        content,
        ...(has.anchors && { anchor: { msgId, msgSeq: 2 } }),
      });
      if (has.anchors) expect(tries).toBeGreaterThan(1);
      expect(world.answers().map(({ text }) => text)).toEqual(["first words", "sent again"]);
    },
  );

  test("F3: a delivered answer that the next run would send again is shown once", async () => {
    const world = await openWorld({ plant });
    const bot = await openBot(world, open);
    await world.fault(kind.lostAnswers);
    await world.say("hello");
    await world.until("the delivery", () => world.answers().length > 0);
    await bot.stop();
    await bot.start();
    await world.say("and now?");
    await world.hurry("the other answer", () => world.countAnswers(["and now?"])[0] === 1);
    expect(world.countAnswers(["hello", "and now?"])).toEqual([1, 1]);
  });
}

function tokensContract({ open }: RoadKind): void {
  test("F3: an answer of QQ's that takes 10 s is waited for, and nothing is sent twice", async () => {
    const world = await openWorld({ emulator: { heartbeatMs: 300_000 } });
    const bot = await openBot(world, open);
    await world.fault({ do: "http", call: SEND, answer: { kind: "slow", ms: 10_000 } });
    await world.say("hello");
    await world.until("the call", () => world.wire(/held for 10000 ms$/).length === 1);
    world.time.advance(10_000);
    await world.until("the answer", () => world.answers().length === 1 && bot.unanswered() === 0);
    expect(world.answers().map(({ text }) => text)).toEqual(["re: hello"]);
    expect(bot.failures).toEqual([]);
    expect(world.wire(/^POST \/v2.* 200$/)).toHaveLength(1);
  });

  test("C1 C2: a refused token is asked for once more, and the answer goes out with it", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    await world.say("one");
    await world.until("the first answer", () => world.answers().length === 1 && bot.unanswered() === 0);
    await world.fault({ do: "http", call: SEND, answer: { kind: "error", status: 401, code: 11244 } });
    const before = tokenCalls(world);
    await world.say("two");
    await world.hurry("the second answer", () => world.answers().length === 2);
    expect(tokenCalls(world)).toBe(before + 1);
    expect(bot.failures).toEqual([]);
  });

  test("C1 C2: a token that is refused for ever is not asked for for ever", async () => {
    const world = await openWorld();
    const bot = await openBot(world, open);
    await world.fault({ do: "http", call: SEND, times: 100, answer: { kind: "error", status: 401, code: 11244 } });
    await world.say("hello");
    await world.hurry("the failure", () => bot.failures.length > 0);
    expect(bot.failures).toMatchObject([{ kind: "token" }]);
    expect(world.wire(/^POST \/v2/)).toHaveLength(2);
    expect(tokenCalls(world)).toBeLessThanOrEqual(2);
  });

  test("C1 C2: a token that ends early at the platform costs one refused call", async () => {
    const world = await openWorld({ emulator: { tune: { tokenMs: 100_000 } } });
    const bot = await openBot(world, open);
    await world.say("one");
    await world.until("the first answer", () => world.answers().length === 1 && bot.unanswered() === 0);
    const before = tokenCalls(world);
    await world.emulator.control.call("advance", { ms: 150_000 });
    await world.say("two");
    await world.hurry("the second answer", () => world.answers().length === 2);
    expect(world.emulator.refusals().map(({ refused }) => refused?.slice(0, 5))).toEqual(["11244"]);
    expect(tokenCalls(world)).toBe(before + 1);
    expect(bot.failures).toEqual([]);
  });

  test("C1 C2: a token that nears its end is renewed before it is refused", async () => {
    const world = await openWorld({ emulator: { tune: { tokenMs: 100_000 }, heartbeatMs: 100_000 } });
    const bot = await openBot(world, open);
    await world.say("one");
    await world.until("the first answer", () => world.answers().length === 1 && bot.unanswered() === 0);
    const before = tokenCalls(world);
    world.time.advance(60_000);
    await world.say("two");
    await world.hurry("the second answer", () => world.answers().length === 2);
    expect(tokenCalls(world)).toBe(before + 1);
    expect(world.emulator.refusals()).toEqual([]);
    expect(bot.failures).toEqual([]);
  });

  test("C6 F3: a text that QQ refuses is refused once, with its code", async () => {
    const world = await openWorld({ bot: { c2cUrls: false } });
    const bot = await openBot(world, open);
    await expect(
      bot.send(
        { kind: "c2c", userId: userId("lin") },
        { content: { kind: "text", text: "see https://example.com/a" } },
      ),
    ).rejects.toMatchObject({ kind: "url", refusal: { platformCode: 40054010 } });
    expect(world.wire(/^POST \/v2/)).toHaveLength(1);
  });
}
