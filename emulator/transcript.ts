import type { Bus } from "./bus.ts";
import type { ChatMessage, ChatRef } from "./control.ts";
import type { Keyboard } from "./keyboard.ts";
import type { Media } from "./media/library.ts";
import type { Piece } from "./onebot/pieces.ts";

/** A message as the platform keeps it: what the chat shows, and what quotes and recalls need. */
export interface Bubble {
  readonly chat: ChatRef;
  readonly message: ChatMessage;
  /** `REFIDX_...`; quotes go by it. System bubbles have none. */
  readonly index?: string;
  /** Of a message with buttons: what they do. */
  readonly keyboard?: Keyboard;
  /** What `media` and `moreMedia` of the message show. */
  readonly files?: readonly Media[];
  /** What it is made of, for personal accounts; absent on what official bots have sent. */
  readonly pieces?: readonly Piece[];
  /** Of a DM with a personal account: id of the group through which it was sent (onebot-napcat.md 4.8). */
  readonly via?: string;
}

export function chatKey(chat: ChatRef): string {
  if (chat.kind === "dm") return `dm/${chat.bot}/${chat.person}`;
  if (chat.kind === "guild-dm") return `guild-dm/${chat.bot}/${chat.guild}/${chat.person}`;
  return chat.kind === "group" ? `group/${chat.group}` : `channel/${chat.channel}`;
}

/** Everything that was said, by chat and in order. */
export interface Transcript {
  add(bubble: Bubble): void;
  messages(chat: ChatRef): readonly ChatMessage[];
  /** The same, as the platform keeps them. */
  bubbles(chat: ChatRef): readonly Bubble[];
  find(chat: ChatRef, id: string): Bubble | undefined;
  findByIndex(chat: ChatRef, index: string): Bubble | undefined;
  /** Puts another message in the place of the one with its id. */
  replace(chat: ChatRef, message: ChatMessage): void;
  /** Empties a message that its writer, or `by`, has taken back. */
  recall(chat: ChatRef, message: ChatMessage, by?: string): void;
  chats(): { chat: ChatRef; messages: ChatMessage[] }[];
  clear(): void;
}

export function createTranscript(bus: Bus): Transcript {
  const chats = new Map<string, { chat: ChatRef; bubbles: Bubble[] }>();
  const bubblesOf = (chat: ChatRef): Bubble[] => chats.get(chatKey(chat))?.bubbles ?? [];
  return {
    add(bubble) {
      const key = chatKey(bubble.chat);
      const entry = chats.get(key) ?? { chat: bubble.chat, bubbles: [] };
      chats.set(key, entry);
      entry.bubbles.push(bubble);
      bus.publish({ event: "message", data: { chat: bubble.chat, message: bubble.message } });
    },
    bubbles: bubblesOf,
    messages: (chat) => bubblesOf(chat).map((bubble) => bubble.message),
    find: (chat, id) => bubblesOf(chat).find((bubble) => bubble.message.id === id),
    findByIndex: (chat, index) => bubblesOf(chat).find((bubble) => bubble.index === index),
    replace(chat, message) {
      const bubbles = bubblesOf(chat);
      const at = bubbles.findIndex((bubble) => bubble.message.id === message.id);
      const old = bubbles[at];
      if (old) bubbles[at] = { ...old, message };
      bus.publish({ event: "message", data: { chat, message } });
    },
    recall(chat, { id, at, from, repliesTo }, by) {
      const replied = repliesTo === undefined ? {} : { repliesTo };
      const recaller = by === undefined ? {} : { recalledBy: by };
      const message: ChatMessage = { id, at, from, text: "", ...replied, recalled: true, ...recaller };
      const bubbles = bubblesOf(chat);
      const place = bubbles.findIndex((bubble) => bubble.message.id === id);
      // Files and buttons go with the text; only a quote still finds the place.
      const { index, via } = bubbles[place] ?? {};
      if (place >= 0) {
        bubbles[place] = { chat, message, ...(index !== undefined && { index }), ...(via !== undefined && { via }) };
      }
      bus.publish({ event: "message", data: { chat, message } });
    },
    chats: () =>
      [...chats.values()].map(({ chat, bubbles }) => ({ chat, messages: bubbles.map((bubble) => bubble.message) })),
    clear: () => chats.clear(),
  };
}
