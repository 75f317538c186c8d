import { systemClock } from "../transport/clock.ts";
import type { Outside } from "../transport/transport.ts";

/** The real world: this machine's clock and network. */
export const outside: Outside = { clock: systemClock, fetch: globalThis.fetch, WebSocket: globalThis.WebSocket };
