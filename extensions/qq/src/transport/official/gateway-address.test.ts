import { beforeEach, describe, expect, it } from "vitest";
import { QQTransportError } from "../../errors.ts";
import { createFakeClock, FAKE_NOW, type FakeClock } from "../testing/fake-clock.ts";
import { createGatewayAddress, type AddressStore, type GatewayAddress, type StoredAddress } from "./gateway-address.ts";

const BASE = "https://api.bot.qq.com";
const url = "wss://api.sgroup.qq.com/websocket";
const { signal } = new AbortController();

let clock: FakeClock;
let asked: number[];
let saved: StoredAddress | undefined;
let fails: boolean;
const store: AddressStore = { load: () => saved, save: (address) => void (saved = address) };
beforeEach(() => {
  clock = createFakeClock();
  asked = [];
  saved = undefined;
  fails = false;
});

const broken = () => {
  throw new Error("disk");
};

/** A new start of the account. */
function open(from: AddressStore | undefined = store, base = BASE): GatewayAddress {
  const gatewayBot = async () => {
    asked.push(clock.now() - FAKE_NOW);
    if (fails) throw new QQTransportError("down");
    return { url, shards: 4 };
  };
  return createGatewayAddress(clock, base, { gatewayBot }, from);
}
const get = async (address: GatewayAddress) => {
  const told = address.get(signal).catch((error: unknown) => error);
  await clock.advance(60_000);
  return await told;
};

describe("over a restart", () => {
  it("an address that is known is not asked for again within 5 minutes", async () => {
    await get(open());
    expect(await get(open())).toMatchObject({ url, shards: 4 });
    expect(asked).toEqual([0]);
    await clock.advance(4 * 60_000);
    await get(open());
    expect(asked).toHaveLength(2);
  });

  it("a crash loop asks twice a minute, however often it starts and whatever the platform says", async () => {
    fails = true;
    for (let starts = 0; starts < 30; starts++) {
      const crash = new AbortController();
      void open()
        .get(crash.signal)
        .catch(() => undefined);
      await clock.advance(10_000);
      crash.abort();
    }
    await clock.advance(60_000);
    const busiest = Math.max(...asked.map((from) => asked.filter((at) => at >= from && at < from + 60_000).length));
    expect(asked.length).toBeGreaterThan(5);
    expect(busiest).toBeLessThanOrEqual(2);
  });

  it("many who ask at once share one call", async () => {
    const address = open();
    const told = [1, 2, 3].map(async () => await address.get(signal));
    await clock.settle();
    expect(await Promise.all(told)).toHaveLength(3);
    expect(asked).toEqual([0]);
  });

  it("a dial that failed asks again", async () => {
    await get(open());
    const address = open();
    address.doubt();
    await get(address);
    expect(asked).toHaveLength(2);
  });

  it("a clock that was set back, a bare socket and a store that fails cost a call and nothing else", async () => {
    saved = { url, shards: 1, toldAt: FAKE_NOW - 400_000, askedAt: [FAKE_NOW + 3_600_000, FAKE_NOW + 3_600_000] };
    expect(await get(open())).toMatchObject({ shards: 4 });
    saved = { url: "ws://evil.example", shards: 1, toldAt: clock.now(), askedAt: [] };
    expect(await get(open())).toMatchObject({ url });
    expect(await get(open({ load: broken, save: broken }))).toMatchObject({ url });
    expect(asked).toHaveLength(3);
  });
});
