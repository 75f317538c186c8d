import type { Outside } from "../../extensions/qq/src/transport/transport.ts";
import type { World } from "./world.ts";

/** The real network on the shared time; `open` counts the sockets and calls that are not over. */
export function countOutside({ time }: World): { readonly outside: Outside; readonly open: () => number } {
  const sockets = new Set<WebSocket>();
  let calls = 0;
  class CountedSocket extends globalThis.WebSocket {
    constructor(url: string | URL) {
      super(url);
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
  // No jitter: a pause is its least, and the first heartbeat comes at once.
  const outside = { clock: time.line, fetch, WebSocket: CountedSocket, random: () => 0 };
  return { outside, open: () => sockets.size + calls };
}
