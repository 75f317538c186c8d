import type { HttpBindings } from "@hono/node-server";
import type { CallRates } from "./call-rates.ts";
import type { Clock } from "./clock.ts";
import type { FaultQueue } from "./faults.ts";
import type { Gateway } from "./gateway.ts";
import type { Ids } from "./ids.ts";
import type { Bot } from "./state.ts";
import type { Tokens } from "./tokens.ts";
import type { WireLog } from "./wire-log.ts";
import type { World } from "./world.ts";

/** What the HTTP side of QQ works with. */
export interface ApiContext {
  readonly world: World;
  readonly tokens: Tokens;
  readonly gateway: Gateway;
  readonly rates: CallRates;
  readonly faults: FaultQueue;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: WireLog;
  readonly gatewayUrl: () => string;
}

/** What each call carries along: whose it is, its trace id, and the rule that refused it. */
export interface ApiEnv {
  Bindings: HttpBindings;
  Variables: { bot: Bot; trace: string; refused: string | undefined };
}
