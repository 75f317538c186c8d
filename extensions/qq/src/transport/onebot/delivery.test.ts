import { beforeEach, describe, expect, test } from "vitest";
import { QQTransportError } from "../../errors.ts";
import { sendTimeoutMs } from "../../protocol/onebot/limits.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createFakeNet } from "../testing/fake-net.ts";
import { createRecorder, type Recorder } from "../testing/recorder.ts";
import { createDeliveries, type Deliveries, type Delivery } from "./delivery.ts";
import { looksFor } from "./looks.ts";
import type { OwnMessage } from "./own-history.ts";

const MB = 1024 * 1024;
const target = { kind: "group", groupId: "30001" } as const;

let clock: FakeClock;
let seen: Recorder;
let deliveries: Deliveries;
let history: OwnMessage[];
/** When history was looked into, ms after the start. */
let looks: number[];
let sends: number;
beforeEach(() => {
  clock = createFakeClock();
  seen = createRecorder();
  history = [];
  looks = [];
  sends = 0;
  deliveries = createDeliveries({
    outside: createFakeNet(clock),
    log: seen.log,
    sendGapMs: 0,
    isSent: () => false,
    readOwn: async () => {
      looks.push(clock.now() - FAKE_NOW);
      return history;
    },
  });
});

/** A message whose send has no answer. */
function unanswered(mediaBytes?: number): Delivery {
  return {
    target,
    action: "send_group_msg",
    content: mediaBytes === undefined ? { text: "hi", media: [] } : video(mediaBytes),
    mediaBytes,
    send: async () => {
      sends++;
      throw new QQTransportError("no answer", { mayHaveArrived: true });
    },
  };
}

function video(size: number): OwnMessage["content"] {
  return { text: "", media: [{ type: "video", size }] };
}

async function outcome(delivery: Delivery): Promise<unknown> {
  const done = deliveries.deliver(delivery).catch((error: unknown) => error);
  await clock.advance(3_600_000);
  return await done;
}

describe("F9: media without an answer", () => {
  test("are looked for as long as QQ may be taking them, and not sent again", async () => {
    expect(await outcome(unanswered(40 * MB))).toMatchObject({ code: "QQ_TRANSPORT", mayHaveArrived: true });
    expect(sends).toBe(1);
    expect(looks).toEqual([2000, 10_000, 18_000, 38_000, 78_000, 158_000, sendTimeoutMs(40 * MB)]);
    expect(seen.lines).toEqual([
      expect.stringMatching(/^warn send without an answer .*history=absent afterMs=170000$/),
    ]);
  });

  test("that arrive late are found", async () => {
    const sending = outcome(unanswered(40 * MB));
    await clock.advance(100_000);
    history.push({ id: "9", at: clock.now(), content: video(40 * MB) });
    expect(await sending).toEqual({ messageId: "9", quoteIndex: "9" });
    expect(sends).toBe(1);
  });

  test("that are small are looked for four times, and not sent again either", async () => {
    expect(await outcome(unanswered(1000))).toMatchObject({ mayHaveArrived: true });
    expect([sends, looks]).toEqual([1, [2000, 10_000, 18_000, 38_000]]);
  });

  test("are looked for half an hour at most", () => {
    expect(looksFor(10_000 * MB).reduce((sum, ms) => sum + ms, 0)).toBe(1_800_000);
  });
});

test("F9: a text without an answer is sent again after two looks", async () => {
  expect(await outcome(unanswered())).toMatchObject({ mayHaveArrived: true });
  expect([sends, looks]).toEqual([2, [2000, 10_000, 12_000, 20_000]]);
});
