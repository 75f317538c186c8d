import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import type { Outside } from "../transport/transport.ts";

/** What the journal file shows to somebody who only reads. */
export type JournalView =
  /** No account has run yet. */
  | { readonly kind: "none" }
  /** It is there and cannot be read, or an older or newer version of this plugin wrote it. */
  | { readonly kind: "unreadable"; readonly why: string }
  | {
      readonly kind: "readable";
      readonly bytes: number;
      /** Answers that wait for their chat, by account. */
      readonly kept: Readonly<Record<string, number>>;
    };

/** Everything that `openclaw qq doctor` asks the outside for. What can fail rejects, and the check says what that means. */
export interface Machine {
  readonly outside: Outside;
  /** Of Node.js, such as `24.16.0`. */
  readonly nodeVersion: string;
  /** Of OpenClaw; `undefined` when it does not say. */
  readonly hostVersion: string | undefined;
  /** Where the gateway of this configuration listens, as this machine reaches it: `http://127.0.0.1:18789`. */
  readonly gatewayUrl: string;
  /** The addresses that a host name leads to. */
  lookup(host: string): Promise<readonly string[]>;
  /** What the running gateway says of each account. Rejects when none answers within `timeoutMs`. */
  accountStatuses(timeoutMs: number): Promise<readonly ChannelAccountSnapshot[]>;
  journal(): Promise<JournalView>;
  /** Bytes that are free where the journal is kept. */
  freeBytes(): Promise<number>;
  /** Permission bits of a file; `undefined` where there are none to speak of (Windows, no such file). */
  fileMode(path: string): Promise<number | undefined>;
}
