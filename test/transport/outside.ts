import type { Clock } from "../../extensions/qq/src/transport/clock.ts";
import type { Outside } from "../../extensions/qq/src/transport/transport.ts";
import type { World } from "./world.ts";

/** The real network on the shared time; `open` counts the sockets, calls and waits that are not over. */
export function countOutside({ time }: World): { readonly outside: Outside; readonly open: () => number } {
  const sockets = new Set<WebSocket>();
  let calls = 0;
  let waits = 0;
  class CountedSocket extends globalThis.WebSocket {
    constructor(...dialled: ConstructorParameters<typeof globalThis.WebSocket>) {
      super(...dialled);
      sockets.add(this);
      this.addEventListener("close", () => sockets.delete(this));
    }
  }
  const fetch: typeof globalThis.fetch = async (input, init) => {
    calls += 1;
    try {
      return await globalThis.fetch(input, init);
    } finally {
      calls -= 1;
    }
  };
  const clock: Clock = {
    now: () => time.line.now(),
    async sleep(ms, signal) {
      waits += 1;
      try {
        await time.line.sleep(ms, signal);
      } finally {
        waits -= 1;
      }
    },
  };
  // No jitter: a pause is its least, and the first heartbeat comes at once.
  const outside = { clock, fetch, WebSocket: CountedSocket, random: () => 0 };
  return { outside, open: () => sockets.size + calls + waits };
}
