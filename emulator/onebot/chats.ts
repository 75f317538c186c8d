import type { ChatMessage, ChatRef } from "../control.ts";
import type { Group } from "../state.ts";
import { chatKey, type Bubble } from "../transcript.ts";
import type { World } from "../world.ts";
import type { Account } from "./account.ts";
import type { AccountContext } from "./actions.ts";
import type { MessagePlace } from "./id-table.ts";
import { ChatType, firstSeqOf, groupUin, msgIdOf, personUin, shortIdOf, uidOf } from "./numbers.ts";

/** A chat that a personal account is in. */
export type AccountChat = Extract<ChatRef, { kind: "dm" | "group" }>;

/** The chats of an account in which something was said. */
export function chatsOf(world: World, account: Account): readonly AccountChat[] {
  return world.transcript
    .chats()
    .map(({ chat }) => chat)
    .filter((chat) => isIn(world, account, chat));
}

/** Whether the account sees what is said in a chat. */
export function isIn(world: World, account: Account, chat: ChatRef): chat is AccountChat {
  if (chat.kind === "dm") return chat.bot === account.uin;
  return chat.kind === "group" && world.state.groups.get(chat.group)?.accounts.has(account.uin) === true;
}

/** QQ number of who has written a message. */
export const writerOf = ({ from }: ChatMessage): string => personUin(from.id);

/** The numbers of a message, as an account's NapCat tells them (onebot-napcat.md 4.3). */
export interface MessageNumbers {
  /** 19 digits. */
  readonly msgId: string;
  readonly shortId: number;
  /** Place in the conversation, counted by QQ. */
  readonly seq: number;
  readonly chatType: ChatType;
}

export function numbersOf(world: World, bubble: Bubble): MessageNumbers {
  const { chat, message, via } = bubble;
  const msgId = msgIdOf(message.id, message.at);
  const chatType = chatTypeOf(chat, via);
  const key = chatKey(chat);
  const seq =
    firstSeqOf(key) + world.transcript.bubbles(chat).findLastIndex((other) => other.message.id === message.id);
  return { msgId, shortId: shortIdOf(msgId, chatType, peerOf(chat)), seq, chatType };
}

function chatTypeOf(chat: ChatRef, via: string | undefined): ChatType {
  if (chat.kind === "group") return ChatType.group;
  return via === undefined ? ChatType.private : ChatType.temporary;
}

const peerOf = (chat: ChatRef): string =>
  chat.kind === "group" ? groupUin(chat.group) : chat.kind === "dm" ? uidOf(personUin(chat.person)) : "";

/** Lets the account's NapCat find a message by its numbers from now on. */
export function register(context: AccountContext, bubble: Bubble): MessageNumbers {
  const numbers = numbersOf(context.world, bubble);
  context.ids.register(numbers.shortId, numbers.msgId, { chat: chatKey(bubble.chat), id: bubble.message.id });
  return numbers;
}

/** The message behind a number, if the NapCat still knows it. */
export function findMessage(context: AccountContext, id: string): Bubble | undefined {
  const place = context.ids.find(id);
  return place && bubbleAt(context, place);
}

function bubbleAt({ world, account }: AccountContext, place: MessagePlace): Bubble | undefined {
  const chat = chatsOf(world, account).find((candidate) => chatKey(candidate) === place.chat);
  return chat && world.transcript.find(chat, place.id);
}

/** Person of the world by QQ number. */
export const findPerson = (world: World, uin: string): { readonly id: string; readonly name: string } | undefined =>
  [...world.state.people.values()].find(({ id }) => personUin(id) === uin);

/** Group of the world by its number. */
export const findGroup = (world: World, uin: string): Group | undefined =>
  [...world.state.groups.values()].find(({ id }) => groupUin(id) === uin);
