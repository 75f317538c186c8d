import type { World } from "../world.ts";
import type { AccountContext } from "./actions.ts";
import type { MessageEvent } from "./message-event.ts";

/** Fields of a notice or a request but for those that every event has. */
export type EventFields = Readonly<Record<string, unknown>>;

/** Something an account's NapCat tells its bot, before it is written for one adapter. */
export type AccountEvent =
  | ({ readonly kind: "message" } & MessageEvent)
  /** What is told may depend on whom: the numbers of messages do. `undefined` tells nothing. */
  | {
      readonly kind: "notice" | "request";
      readonly fields: EventFields | ((context: AccountContext) => EventFields | undefined);
    };

/** `from`: which accounts are not told. */
export function notify(
  world: World,
  uins: Iterable<string>,
  fields: (AccountEvent & { kind: "notice" })["fields"],
): void {
  for (const uin of uins) world.context.report(uin, { kind: "notice", fields });
}
