import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { QQTransportError } from "../../errors.ts";
import type { OutboundMessage, SentMessage } from "../../message/outbound.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import { createDoubts, type Doubts } from "./doubt.ts";
import { refusalError } from "./refusal.ts";

const target = { kind: "group", groupId: "G1" } as const;
const reply = (msgSeq: number): OutboundMessage => ({
  content: { kind: "text", text: "private" },
  anchor: { msgId: "m1", msgSeq },
});
const proactive: OutboundMessage = { content: { kind: "text", text: "private" } };
const accepted: SentMessage = { messageId: "out" };
const duplicate: SentMessage = { duplicate: true };

let clock: FakeClock;
let seen: Recorder;
let doubts: Doubts;
/** What was sent again, with the ms from the start. */
let repeats: (readonly [seq: number | undefined, ms: number])[];
let respond: (message: OutboundMessage) => SentMessage;
let stop: AbortController;
let running: Promise<void>;
beforeEach(() => {
  clock = createFakeClock();
  seen = createRecorder();
  repeats = [];
  respond = () => duplicate;
  doubts = createDoubts({
    clock,
    log: seen.log,
    send: async (_target, message) => {
      repeats.push([message.anchor?.msgSeq, clock.now() - FAKE_NOW]);
      return respond(message);
    },
  });
  stop = new AbortController();
  running = doubts.run(stop.signal);
  doubts.up();
});
afterEach(async () => {
  stop.abort();
  await running;
  expect(clock.sleepers).toBe(0);
  expect(seen.lines.join()).not.toContain("private");
});
const answer = (message: OutboundMessage): void => doubts.answered(target, message);
const line = (): string | undefined => seen.lines.at(-1);

/** The line was last heard now, is lost 20 s later and comes up after one more. */
async function drop(): Promise<void> {
  const heard = clock.now();
  await clock.advance(20_000);
  doubts.down(heard);
  await clock.advance(1000);
  doubts.up();
}

describe("around a drop", () => {
  it("F9: what was answered after the last sign of life is sent again once, and a dedupe answer ends the doubt", async () => {
    answer(reply(1));
    await clock.advance(1);
    const heard = clock.now();
    answer(reply(2));
    await clock.advance(20_000);
    doubts.down(heard);
    await clock.advance(1000);
    doubts.up();
    await clock.advance(600_000);
    expect(repeats).toEqual([[2, 26_001]]);
    expect(seen.lines).toEqual(["info sends around a lost connection proved=1 repeated=0 unproved=0 proactive=0"]);
  });

  it("F9: what is answered within 150 s of the drop is in doubt too, and nothing after that", async () => {
    await drop();
    await clock.advance(100_000);
    answer(reply(3));
    await clock.advance(49_001);
    answer(reply(4));
    await clock.advance(600_000);
    expect(repeats).toEqual([[3, 126_000]]);
  });

  it("F9: a message that is answered with an id again is sent until the platform knows it", async () => {
    respond = () => (clock.now() - FAKE_NOW < 60_000 ? accepted : duplicate);
    answer(reply(1));
    await drop();
    await clock.advance(600_000);
    expect(repeats.map(([, ms]) => ms)).toEqual([26_000, 81_000]);
    expect(line()).toBe("info sends around a lost connection proved=1 repeated=1 unproved=0 proactive=0");
  });

  it("F9: what is never proved is told in one line, after three repeats", async () => {
    respond = () => accepted;
    for (const seq of [1, 2, 3]) answer(reply(seq));
    await drop();
    await clock.advance(600_000);
    expect(repeats.map(([, ms]) => ms).filter((_, at) => at % 3 === 0)).toEqual([26_000, 81_000, 171_000]);
    expect(repeats).toHaveLength(9);
    expect(seen.lines).toEqual([
      expect.stringMatching(/^warn .* proved=0 repeated=3 unproved=3 proactive=0; .*ask in the chat/),
    ]);
  });

  it("F9: proactive messages are counted in one line and never sent again", async () => {
    answer(proactive);
    await drop();
    answer(proactive);
    await clock.advance(600_000);
    expect(repeats).toEqual([]);
    expect(seen.lines).toEqual([expect.stringMatching(/^warn .* unproved=0 proactive=2;/)]);
  });

  it("a refusal ends the doubt unproved; a failure of the moment waits for the next repeat", async () => {
    const gone = refusalError({
      kind: "reply-window",
      retry: "never",
      status: 400,
      platformCode: 40034128,
      traceId: undefined,
      call: "",
    });
    let failures = 0;
    respond = ({ anchor }) => {
      if (anchor?.msgSeq === 1) throw gone;
      if (failures++ === 0) throw new QQTransportError("cut");
      return duplicate;
    };
    answer(reply(1));
    answer(reply(2));
    await drop();
    await clock.advance(600_000);
    expect(repeats.map(([seq]) => seq)).toEqual([1, 2, 2]);
    expect(line()).toMatch(/proved=1 repeated=0 unproved=1 proactive=0/);
  });

  it("nothing is sent again while the line is down, and all of it after", async () => {
    answer(reply(1));
    await drop();
    await clock.advance(1000);
    doubts.down(clock.now());
    await clock.advance(100_000);
    expect(repeats).toEqual([]);
    doubts.up();
    await clock.advance(5000);
    expect(repeats).toHaveLength(1);
  });

  it("guild messages are neither sent again nor counted: QQ refuses them when it cannot show them", async () => {
    doubts.answered({ kind: "channel", channelId: "C" }, reply(1));
    doubts.answered({ kind: "dm", guildId: "D" }, proactive);
    await drop();
    await clock.advance(600_000);
    expect(repeats).toEqual([]);
    expect(seen.lines).toEqual([]);
  });

  it("nothing was sent: no line", async () => {
    await drop();
    await clock.advance(600_000);
    expect(seen.lines).toEqual([]);
  });
});

describe("without a doubt", () => {
  it("a change of connection that the platform asked for repeats nothing", async () => {
    for (let seq = 1; seq <= 20; seq++) {
      if (seq === 10) {
        doubts.down(undefined);
        await clock.advance(1000);
        doubts.up();
      }
      answer(reply(seq));
      await clock.advance(1000);
    }
    await clock.advance(600_000);
    expect(repeats).toEqual([]);
    expect(seen.lines).toEqual([]);
  });

  it("it does where the new connection fails", async () => {
    answer(reply(1));
    await clock.advance(1000);
    doubts.down(undefined);
    await clock.advance(500);
    answer(reply(2));
    doubts.down(clock.now());
    await clock.advance(1000);
    doubts.up();
    await clock.advance(10_000);
    expect(repeats.map(([seq]) => seq)).toEqual([2]);
  });
});

describe("bounds", () => {
  it("no more than 64 messages are remembered, the newest", async () => {
    for (let seq = 1; seq <= 100; seq++) answer(reply(seq));
    await drop();
    await clock.advance(600_000);
    expect(repeats.map(([seq]) => seq)).toEqual(Array.from({ length: 64 }, (_, n) => n + 37));
  });

  it("messages of a long window that there is no room for are told of", async () => {
    respond = () => accepted;
    await drop();
    for (let seq = 1; seq <= 70; seq++) answer(reply(seq));
    await clock.advance(600_000);
    expect(line()).toMatch(/unproved=70/);
  });

  it("a stop leaves no timer and tells what is open", async () => {
    answer(reply(1));
    await drop();
    stop.abort();
    await running;
    expect(line()).toMatch(/^warn .*unproved=1/);
  });
});
