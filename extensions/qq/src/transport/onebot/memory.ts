/** The newest message that was taken in a conversation. */
export interface OneBotMark {
  /** As `RawEvent.lane` names it: what `formatTarget` writes. */
  readonly lane: string;
  readonly messageId: string;
  /** When it was written, ms since the epoch. */
  readonly at: number;
}

/** What a OneBot line keeps over a restart; the journal stores it. */
export interface OneBotMemory {
  /** Conversations, the one with the newest message first. */
  marks(): readonly OneBotMark[];
  mark(mark: OneBotMark): void;
  /** Whether a message of a conversation is the account's own and was known as sent, in this run or one before. */
  isSent(messageId: string, lane: string): boolean;
}
