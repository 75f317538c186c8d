/** How a OneBot account is reached. One of `wsUrl` and `accepts` at least: events must come from somewhere. */
export interface OneBotAccess {
  /** Calls go there over HTTP; over the socket when absent. */
  readonly httpUrl?: string;
  /** Socket to dial for events. */
  readonly wsUrl?: string;
  /** Whether the implementation dials the gateway, or posts its events there. */
  readonly accepts: boolean;
  readonly accessToken?: string;
  /** QQ number that the account must have; any when absent. */
  readonly selfId?: string;
  /** Longest wait for a connection, ms. */
  readonly connectionTimeoutMs: number;
  /** Pause before the first dial after a loss, ms; it doubles from there. */
  readonly reconnectIntervalMs: number;
  /** Larger files neither go nor come as one base64 text where there is another way, bytes. */
  readonly base64MaxBytes: number;
  /** Least pause between two messages of the account, ms. */
  readonly sendGapMs: number;
}
