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
  /** Only of personal accounts: the bot is muted there, or everybody is. */
  | "muted"
  /** Only of personal accounts: the account behind the line is not logged in. */
  | "offline"
  | "permission"
  | "quota"
  | "rate-limited"
  /** Only of personal accounts: it was removed from the group. */
  | "removed"
  | "reply-window"
  /** Only of personal accounts: it is no friend of theirs. */
  | "stranger"
  | "target"
  | "temporary"
  | "token"
  /** Only of OneBot: this implementation has no such action, or not now. */
  | "unsupported"
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
  /** Of a message under review: what the event that ends it names. */
  readonly auditId?: string | undefined;
  /** QQ was not asked: the call was held back here to keep its rate. */
  readonly heldBack?: boolean | undefined;
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

/** Why a chat takes no message that answers nothing. */
export type NoMessageReason =
  | "closed"
  | "switched-off"
  | "refused-lately"
  | "used-up"
  | "muted"
  | "stranger"
  | "line-down"
  /** Only of personal accounts: QQ has answered nothing to the last messages there, and the chat is left alone. */
  | "unanswered";

const noMessage: Readonly<Record<NoMessageReason, Wording>> = {
  closed: {
    en: "the bot was removed there; have it added again",
    zh: "机器人已被移出；请重新添加",
  },
  "switched-off": {
    en: "proactive messages are switched off there; the user or an admin can switch them on in the bot's profile",
    zh: "对方已关闭主动消息；可由用户或管理员在机器人资料页开启",
  },
  "refused-lately": {
    en: "QQ refused a proactive message there within the last day",
    zh: "最近一天内 QQ 在该会话拒绝过主动消息",
  },
  muted: {
    en: "the account is muted there; an admin of the group can lift it",
    zh: "账号在该群被禁言；可请群管理员解除",
  },
  stranger: {
    en: "QQ lets only friends write to this person; add them as a friend",
    zh: "QQ 只允许好友发送；请先添加对方为好友",
  },
  "line-down": {
    en: "the line to QQ is down, or the account is not logged in; `openclaw channels status` says which",
    zh: "与 QQ 的连接已断开或账号未登录；详见 `openclaw channels status`",
  },
  unanswered: {
    en: "QQ has answered nothing to the last messages there; sends to it rest for 5 minutes to an hour",
    zh: "QQ 对该会话最近几条消息都没有应答；已暂停发送，5 分钟到 1 小时后再试",
  },
  "used-up": {
    en: "today's proactive messages are used up (proactivePerDay, or QQ's own limit)",
    zh: "今天的主动消息次数已用完（proactivePerDay 或 QQ 平台上限）",
  },
};

/** What ends without a word of the user's: what was kept then goes out by itself. */
const passing: ReadonlySet<NoMessageReason> = new Set(["muted", "line-down", "unanswered"]);

/** The chat allows no message now. What was to be said is kept, and goes out when it does, or when the user writes again. */
export class QQKeptError extends QQError {
  readonly code = "QQ_KEPT";
  readonly retry = "never";

  readonly wording: Wording;

  constructor(chat: string, reason: NoMessageReason | undefined) {
    const why = reason && noMessage[reason];
    const goesByItself = reason !== undefined && passing.has(reason);
    const until = goesByItself ? "that is over" : "somebody writes there again";
    const en = `${chat} allows no message now${why ? ` (${why.en})` : ""}; it is kept until ${until}`;
    super(en);
    const kept = goesByItself ? "恢复后自动送达" : "有人再次在该会话发言时送达";
    const zh = `${chat} 现在不能发消息${why ? `（${why.zh}）` : ""}；内容已保留，${kept}`;
    this.wording = { en, zh };
  }
}

/** A file cannot be sent: it is too big, cannot be read, or is of no kind that can. */
export class QQMediaError extends QQError {
  readonly code = "QQ_MEDIA";
  readonly retry: Retry;
  readonly wording: Wording;

  constructor(wording: Wording, options?: ErrorOptions & { readonly retry?: Retry }) {
    super(wording.en, options);
    this.wording = wording;
    this.retry = options?.retry ?? "never";
  }
}
