import type { Adapter } from "./actions.ts";
import type { EventSocket, Silence } from "./event-socket.ts";

/** A way by which a NapCat tells events. */
export interface EventAdapter extends Adapter {
  /** Whether somebody listens (onebot-napcat.md 1.7). */
  readonly isActive: () => boolean;
  readonly reportsSelf: () => boolean;
  readonly debug: () => boolean;
  readonly tell: (frame: object, title: string) => void;
  readonly sockets: () => readonly EventSocket[];
  readonly silence: (way: Silence) => void;
  /** The process has gone: sockets are cut. */
  readonly cut: () => void;
  /** Stops for good. */
  readonly close: () => void;
}
