import type { MediaFile, OutboundMessage, SentMessage } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import type { Transport } from "../../transport/transport.ts";
import { openFakeAccount, type FakeAccount } from "./fake-account.ts";

/** A running personal account whose line records what is sent, and answers as a test wants it to. */
export interface FakePersonal extends FakeAccount {
  /** Where each of `sent` went. */
  readonly chats: string[];
  /** What QQ shows in the chats, whether or not anybody was told of it. */
  readonly shown: { readonly id: string; readonly chat: string; readonly message: OutboundMessage }[];
  /** Lookups that were made; `unreadable`: they fail. */
  readonly lookups: { readonly since: number }[];
  unreadable: Error | undefined;
  /** Records that were sent; what QQ says to one. */
  readonly records: (readonly string[])[];
  recordAnswer: () => Error | undefined;
  /** Other calls of the line, as a test reads them. */
  readonly calls: string[];
  /** What the platform says once a message is shown: its answer gets lost. */
  lost: (message: OutboundMessage) => Error | undefined;
  /** What a call beside sending is answered with. */
  refuses: (call: string) => Error | undefined;
}

/** `limit`: the account's `textChunkLimit`, UTF-16 units. `more`: further parts of its line. */
export function openFakePersonal(limit = 10, more: Partial<Transport> = {}): FakePersonal {
  const fake = openFakeAccount(limit);
  const shown: FakePersonal["shown"] = [];
  const call = async (said: string): Promise<void> => {
    personal.calls.push(said);
    const refusal = personal.refuses(said);
    if (refusal) throw refusal;
  };
  const line: Partial<Transport> = {
    unmetered: true,
    send: async (target: Target, message: OutboundMessage): Promise<SentMessage> => {
      const refusal = personal.platform(message);
      if (refusal) throw refusal;
      const id = String(1000 + shown.length);
      shown.push({ id, chat: formatTarget(target), message });
      const lost = personal.lost(message);
      if (lost) throw lost;
      personal.sent.push(message);
      personal.chats.push(formatTarget(target));
      return { messageId: id, quoteIndex: id };
    },
    upload: async (_target: Target, file: MediaFile) => {
      const refusal = personal.uploads(file);
      if (refusal) throw refusal;
      return { kind: file.kind, name: file.name, size: file.size, source: "base64://AAAA" };
    },
    findSent: async (target, message, since, isKnown) => {
      personal.lookups.push({ since });
      if (personal.unreadable) throw personal.unreadable;
      const found = shown.find(
        (each) => each.chat === formatTarget(target) && wordsOf(each.message) === wordsOf(message) && !isKnown(each.id),
      );
      return found && { messageId: found.id, quoteIndex: found.id };
    },
    sendRecord: async (_target, texts) => {
      const refusal = personal.recordAnswer();
      if (refusal) throw refusal;
      personal.records.push(texts);
      return { messageId: `9${personal.records.length}` };
    },
    typing: async (userId) => call(`typing ${userId}`),
    react: async (target, id, emoji, on) => call(`react ${emoji} ${on ? "on" : "off"} ${id} ${formatTarget(target)}`),
    poke: async (target, userId) => call(`poke ${userId} ${formatTarget(target)}`),
    like: async (userId, times) => call(`like ${userId} ${times}`),
    recall: async (target, id) => call(`recall ${id} ${formatTarget(target)}`),
    decide: async ({ flag }, approve) => call(`decide ${flag} ${approve}`),
    ...more,
  };
  const { current: currentOfBot } = fake.running;
  const current: typeof currentOfBot = () => {
    const { cfg, account } = currentOfBot();
    // As little of an account as that of `openFakeAccount`.
    return { cfg, account: { ...account, transport: "onebot" } as typeof account };
  };
  const personal: FakePersonal = Object.assign(fake, {
    // The rest of a line is not for these tests; one that needs it fails on `undefined`.
    running: { ...fake.running, line: line as Transport, current },
    chats: [],
    shown,
    lookups: [],
    unreadable: undefined,
    records: [],
    recordAnswer: () => undefined,
    calls: [],
    lost: () => undefined,
    refuses: () => undefined,
  });
  return personal;
}

/** What a message shows, in a word. */
export function wordsOf({ content }: OutboundMessage): string {
  if (content.kind !== "media") return content.text;
  return `${content.media.kind} ${"name" in content.media ? content.media.name : ""} ${content.caption ?? ""}`.trim();
}
