/** Which OneBot implementation stands in for NapCat (onebot-napcat.md 9). */
export type Software = "napcat" | "llonebot" | "lagrange" | "go-cqhttp";

/** How `message` is written: segments or one CQ string. */
export type MessageFormat = "array" | "string";

/** A WebSocket client of NapCat's own that connects to the bot (onebot-napcat.md 1.6). */
export interface ReverseSettings {
  readonly url: string;
  readonly token?: string;
  readonly format?: MessageFormat;
  readonly reportSelfMessage?: boolean;
  /** ms; 30000. 0 for none. */
  readonly heartInterval?: number;
  /** ms; 5000. */
  readonly reconnectInterval?: number;
}

/** An HTTP client of NapCat's own that posts events to the bot (onebot-napcat.md 1.5). */
export interface PostSettings {
  readonly url: string;
  /** Signs what is posted. */
  readonly token?: string;
  readonly format?: MessageFormat;
  readonly reportSelfMessage?: boolean;
}

/** What can be set in a NapCat (onebot-napcat.md 1.1), and what the emulator adds to it. */
export interface NapcatSettings {
  readonly software: Software;
  /** Of both servers; "" for none. */
  readonly token: string;
  readonly wsFormat: MessageFormat;
  readonly httpFormat: MessageFormat;
  /** Of the WebSocket server: whether the account's own messages are events. */
  readonly reportSelfMessage: boolean;
  /** The event of an own message comes before the answer of the call. */
  readonly selfEventFirst: boolean;
  /** Of the WebSocket server, ms; 0 for no heartbeats. */
  readonly heartInterval: number;
  /** The HTTP server takes WebSockets as well. */
  readonly httpWebsocket: boolean;
  /** Adds the internal message as `raw` to message events of the WebSocket server. */
  readonly debug: boolean;
  /** Whether this NapCat knows how to send packets of its own: pokes, addresses of files, forged records (6.4). */
  readonly packetBackend: boolean;
  /** Adds `base64` to what `get_file` and `get_image` answer. */
  readonly enableLocalFile2Url: boolean;
  /** Expands chat records in events. */
  readonly parseMultMsg: boolean;
  /** How long QQ takes to confirm a send, from and to, ms (10.33). */
  readonly sendDelayMs: readonly [from: number, to: number];
  /** Of the send timeout (7.2), ms and KiB/s. */
  readonly baseTimeoutMs: number;
  readonly uploadSpeedKBps: number;
  readonly maxTimeoutMs: number;
  /** Each piece of an HTTP body is decoded for itself, which spoils characters at their borders (0.12). */
  readonly utf8Defect: boolean;
  /** An empty message comes beside notices of grey tips (10.30). */
  readonly greyTipMessages: boolean;
  readonly reverse: readonly ReverseSettings[];
  readonly post: readonly PostSettings[];
}

export const defaultSettings: NapcatSettings = {
  software: "napcat",
  token: "",
  wsFormat: "array",
  httpFormat: "array",
  reportSelfMessage: false,
  selfEventFirst: false,
  heartInterval: 30_000,
  httpWebsocket: false,
  debug: false,
  packetBackend: true,
  enableLocalFile2Url: false,
  parseMultMsg: false,
  sendDelayMs: [30, 300],
  baseTimeoutMs: 10_000,
  uploadSpeedKBps: 256,
  maxTimeoutMs: 1_800_000,
  utf8Defect: true,
  greyTipMessages: false,
  reverse: [],
  post: [],
};
