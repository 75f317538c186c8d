/** Whether running the same thing again can help: at once, after a pause, or not before a person changes something. */
export type Retry = "now" | "later" | "never";

/**
 * Base of every error this plugin throws. `code` is stable and never translated; `message` is one line that says
 * what to do next. Neither ever holds a secret, a token or the text of a message.
 */
export abstract class QQError extends Error {
  abstract readonly code: string;
  abstract readonly retry: Retry;

  /** What was sent may have arrived all the same: without a `msg_seq`, sending it again may show it twice. */
  get mayHaveArrived(): boolean {
    return false;
  }

  override get name(): string {
    return this.constructor.name;
  }
}

/** A line for a person, in the languages this plugin speaks. */
export interface Wording {
  readonly en: string;
  readonly zh: string;
}

/** The account cannot start as it is configured. `path` is the key to change, such as `channels.qq.appSecret`. */
export class QQConfigError extends QQError {
  readonly code = "QQ_CONFIG";
  readonly retry = "never";
  readonly path: string;
  /** What is wrong and what to do; the English one is the message. */
  readonly wording: Wording;

  constructor(path: string, wording: Wording, options?: ErrorOptions) {
    super(wording.en, options);
    this.path = path;
    this.wording = wording;
  }
}

/** There was no answer: the dial, the wait or the connection failed. */
export class QQTransportError extends QQError {
  readonly code = "QQ_TRANSPORT";
  readonly retry = "later";
  readonly #mayHaveArrived: boolean;

  constructor(message: string, options?: ErrorOptions & { readonly mayHaveArrived?: boolean }) {
    super(message, options);
    this.#mayHaveArrived = options?.mayHaveArrived ?? false;
  }

  override get mayHaveArrived(): boolean {
    return this.#mayHaveArrived;
  }
}

/** What a refusal by the platform means to us; the table is in `protocol/official/faults.ts`. */
export type FaultKind =
  | "audit"
  | "bug"
  | "config"
  | "content"
  | "duplicate"
  | "ip-blocked"
  | "media"
  | "permission"
  | "quota"
  | "rate-limited"
  | "reply-window"
  | "target"
  | "temporary"
  | "token"
  | "url";

export interface ApiRefusal {
  readonly kind: FaultKind;
  readonly retry: Retry;
  /** HTTP status; 0 for a refusal on the gateway socket. */
  readonly status: number;
  /** The platform's own code, `err_code` before `code`, or the close code of the gateway; 0 when there was none. */
  readonly platformCode: number;
  /** The platform's trace id, for its support. */
  readonly traceId: string | undefined;
  /** Method and path, without ids. */
  readonly call: string;
  /** Pause the platform asked for, ms. */
  readonly retryAfterMs?: number | undefined;
  /** Address the platform saw the call come from, where it says so. */
  readonly seenAddress?: string | undefined;
  /** A proxy gave up waiting, or an earlier try had no answer: what was sent may have arrived. */
  readonly mayHaveArrived?: boolean | undefined;
}

/** The platform said no. */
export class QQApiError extends QQError {
  readonly code = "QQ_API";
  readonly refusal: ApiRefusal;

  constructor(message: string, refusal: ApiRefusal) {
    super(message);
    this.refusal = refusal;
  }

  get retry(): Retry {
    return this.refusal.retry;
  }

  override get mayHaveArrived(): boolean {
    return this.refusal.mayHaveArrived ?? false;
  }

  get kind(): FaultKind {
    return this.refusal.kind;
  }
}

/** The platform said something that cannot be read. Names the event and the paths that are wrong, never their values. */
export class QQProtocolError extends QQError {
  readonly code = "QQ_PROTOCOL";
  readonly retry = "never";
}

/** The chat allows no message now. What was to be said is kept, and goes out when the user writes again. */
export class QQKeptError extends QQError {
  readonly code = "QQ_KEPT";
  readonly retry = "never";

  readonly wording: Wording;

  constructor(chat: string) {
    const en = `${chat} allows no message now; it is kept until somebody writes there again`;
    super(en);
    this.wording = { en, zh: `${chat} 现在不能发消息；内容已保留，有人再次在该会话发言时送达` };
  }
}
