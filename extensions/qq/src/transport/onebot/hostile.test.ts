import * as fc from "fast-check";
import { expect, it } from "vitest";
import { createRig, type Rig } from "./testing/rig.ts";
import { UIN } from "./testing/fake-napcat.ts";

const deep = (depth: number): string =>
  `{"post_type":"notice","notice_type":"x","a":${"[".repeat(depth)}${"]".repeat(depth)}}`;
const hostile = [
  "",
  "x",
  "null",
  "[]",
  "7",
  "{}",
  '{"post_type":7}',
  '{"post_type":"message"}',
  '{"post_type":"message","message_type":"private","message_id":{},"user_id":[]}',
  '{"post_type":"meta_event","meta_event_type":"heartbeat","interval":-1,"status":7}',
  '{"post_type":"notice","notice_type":"bot_offline","message":{}}',
  '{"retcode":"x","echo":"qq-1"}',
  '{"retcode":0,"echo":{"a":1}}',
  '{"__proto__":{"post_type":"message"},"retcode":0}',
  deep(20_000),
  `{"post_type":"message","message_type":"private","message_id":1,"user_id":1,"message":"${"x".repeat(9 * 1024 * 1024)}"}`,
];

/** The line has come through: it takes the next message. */
async function goesOn(rig: Rig, id: number): Promise<void> {
  rig.napcat.write({ id, at: rig.clock.now() });
  await rig.clock.settle();
  expect(rig.keys()).toContain(`message:c2c:20001:${id}`);
}

it("G4: frames that are no OneBot cost one count each, never the connection", async () => {
  const rig = createRig();
  rig.net.expectDials(1);
  rig.start();
  const server = await rig.up();
  for (const text of hostile) server.raw(text);
  server.raw(new Uint8Array([0x7b, 0xff, 0x7d]).buffer);
  await goesOn(rig, 99);
  expect(server.left).toBe(false);
  expect(rig.seen.dropped.length).toBeGreaterThanOrEqual(hostile.length - 3);
});

it("G4: nothing that can come down a socket ends the line", async () => {
  const rig = createRig();
  rig.net.expectDials(1);
  rig.start();
  const server = await rig.up();
  const posts = fc.constantFrom("message", "message_sent", "notice", "request", "meta_event", "x");
  const types = fc.constantFrom("private", "group", "group_ban", "notify", "friend", "heartbeat", "bot_offline", 7);
  const event = fc.record(
    {
      post_type: posts,
      message_type: types,
      notice_type: types,
      request_type: types,
      meta_event_type: types,
      sub_type: types,
      self_id: fc.oneof(fc.constant(UIN), fc.anything()),
      user_id: fc.oneof(fc.integer({ min: 1 }), fc.anything()),
      group_id: fc.oneof(fc.integer({ min: 1 }), fc.anything()),
      message_id: fc.oneof(fc.integer({ min: 1000 }), fc.anything()),
      message: fc.oneof(fc.string(), fc.array(fc.record({ type: fc.string(), data: fc.anything() })), fc.anything()),
      time: fc.oneof(fc.integer(), fc.anything()),
      flag: fc.anything(),
      status: fc.anything(),
      interval: fc.anything(),
      retcode: fc.oneof(fc.integer(), fc.anything()),
      echo: fc.anything(),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.oneof(fc.json(), event.map(textOf)), (text) => {
      server.raw(text);
    }),
    { numRuns: 2000 },
  );
  await goesOn(rig, 99);
  expect(server.left).toBe(false);
});

/** JSON, without what JSON cannot say. */
function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) => (typeof each === "bigint" ? `${each}` : each)) ?? "";
}
