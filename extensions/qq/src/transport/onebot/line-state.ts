import type { StatusBoard } from "../status.ts";
import type { LineReason } from "../transport.ts";

/**
 * What a line does, out of what its connections and its account do. The account's state shows only while a connection is
 * up; without one the last thing that a connection said shows.
 */
export interface LineState {
  connecting(why: string): void;
  waiting(why: string, retryAt: number, reason: LineReason): void;
  stopped(why: string): void;
  /** Events come over this connection, until the function that comes back is called. */
  up(name: string): () => void;
  /** The implementation says whether the account is logged in to QQ. */
  online(is: boolean): void;
  /**
   * QQ has logged the account out; what it says of it, for a person. It stays so until `online(false)`, a new connection
   * or a pushed message: before one of those, that it is online is old news.
   */
  loggedOut(why: string): void;
  /** A message was pushed: the account is online, and it hears. */
  heard(): void;
  /** What others write does not come. */
  deaf(): void;
  /** The implementation may be gone, or just busy. */
  doubt(why: string): void;
  /** Why it is not known yet whether the account is online. */
  unknown(why: string): void;
}

type Account =
  | { readonly is: "unknown"; readonly why: string; readonly reason?: LineReason }
  | { readonly is: "offline"; readonly why: string }
  | { readonly is: "online" | "deaf"; readonly why?: never };

const OFFLINE =
  "the QQ account is not logged in; log in again in NapCat (its WebUI, or the QR code in its log), then it goes on by itself";
const DEAF =
  "connected and online, but messages do not come; restart NapCat or log in again (until then they are read from history, once a minute)";

/** `recovered` is called when the account is back: what came meanwhile may be missing. */
export function createLineState(board: StatusBoard, recovered: () => void): LineState {
  const roads: string[] = [];
  let account: Account = { is: "unknown", why: "asking whose account it is" };

  let isStopped = false;
  /** Heartbeats still say "online" for a while after QQ has logged the account out: they are not believed until then. */
  let isLoggedOut = false;

  const show = (): void => {
    const road = roads.at(-1);
    if (road === undefined || isStopped) return;
    switch (account.is) {
      case "unknown":
        return board.connecting(account.why, account.reason);
      case "offline":
        return board.offline(account.why);
      case "deaf":
        return board.deaf(DEAF);
      case "online":
        return board.ready(road);
    }
  };
  const enter = (next: Account): void => {
    const was = account.is;
    if (was === next.is && account.why === next.why) return;
    account = next;
    show();
    if ((was === "offline" || was === "deaf") && next.is === "online") recovered();
  };

  return {
    connecting: (why) => {
      if (roads.length === 0 && !isStopped) board.connecting(why);
    },
    waiting: (why, retryAt, reason) => {
      if (roads.length === 0 && !isStopped) board.waiting(why, retryAt, reason);
    },
    stopped: (why) => {
      isStopped = true;
      board.stopped(why);
    },
    up(name) {
      if (roads.length === 0) account = { is: "unknown", why: "asking whose account it is" };
      isLoggedOut = false;
      roads.push(name);
      show();
      let isUp = true;
      return () => {
        if (isUp) roads.splice(roads.indexOf(name), 1);
        isUp = false;
        show();
      };
    },
    online(is) {
      if (is && isLoggedOut) return;
      isLoggedOut = false;
      if (!is) enter({ is: "offline", why: account.is === "offline" ? account.why : OFFLINE });
      else if (account.is !== "deaf") enter({ is: "online" });
    },
    loggedOut(why) {
      isLoggedOut = true;
      enter({ is: "offline", why: why === "" ? OFFLINE : `${why}; ${OFFLINE}` });
    },
    heard() {
      isLoggedOut = false;
      enter({ is: "online" });
    },
    deaf: () => {
      if (account.is !== "offline") enter({ is: "deaf" });
    },
    doubt: (why) => {
      if (account.is === "online") enter({ is: "unknown", why, reason: "silent" });
    },
    unknown: (why) => {
      if (account.is === "unknown") enter({ is: "unknown", why, reason: "unanswered" });
    },
  };
}
