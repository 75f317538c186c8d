import { expect, test } from "vitest";
import { createManualClock } from "./clock.ts";
import { createDelivery } from "./delivery.ts";
import type { PlatformEvent } from "./events.ts";
import { defaultSeed } from "./seed.ts";
import { plantState } from "./state.ts";
import { createTimedFaults } from "./timed-faults.ts";

const event = (id: string): PlatformEvent => ({ t: "C2C_MESSAGE_CREATE", id, d: {} });

test("what happens in the moment a delay ends does not overtake what was held", () => {
  const [bot] = plantState(defaultSeed).bots.values();
  if (!bot) throw new Error("there is no bot");
  const dispatched: string[] = [];
  const gateway = { serves: () => true, dispatch: (_: string, { id }: PlatformEvent) => dispatched.push(id) > 0 };
  const clock = createManualClock();
  const timed = createTimedFaults(clock);
  const delivery = createDelivery({ gateway, webhook: { push: () => {} }, clock, timed });
  // Falls due before the release, which is asked for later.
  clock.after(1000, () => void delivery.deliver(bot, event("second")));
  timed.begin({ do: "delay-dispatch", ms: 1000 });
  delivery.deliver(bot, event("first"));
  clock.advance(1000);
  expect(dispatched).toEqual(["first", "second"]);
  delivery.deliver(bot, event("third"));
  expect(dispatched).toEqual(["first", "second", "third"]);
});
