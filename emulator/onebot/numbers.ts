import { createHash } from "node:crypto";

/** Which table a message is in, as QQ numbers them: what a message's number is made of (onebot-napcat.md 4.3). */
export const ChatType = { private: 1, group: 2, temporary: 100 } as const;
export type ChatType = (typeof ChatType)[keyof typeof ChatType];

/** QQ numbers that are made up have nine digits: 100000000 and up. */
const FIRST_UIN = 100_000_000;
const UINS = 900_000_000;

/** The QQ number of a person, a personal account or an official bot. Decimal ids of 5 to 11 digits are their own. */
export const personUin = (id: string): string => numberOf("person", id);

/** The number of a group. */
export const groupUin = (id: string): string => numberOf("group", id);

/** What QQ's own code calls an account: only `raw_info` of notices ever shows it (onebot-napcat.md 10.21). */
export const uidOf = (uin: string): string => `u_${uin}`;

/**
 * QQ's own 19-digit number of a message: seconds, then 32 bits of what tells it from the others of that second.
 * `at`: ms since the epoch.
 */
export function msgIdOf(messageId: string, at: number): string {
  const seconds = BigInt(Math.floor(at / 1000));
  return ((seconds << 32n) | BigInt(digest(messageId).readUInt32BE())).toString();
}

/** `message_id` (onebot-napcat.md 4.3). `peer`: the group's number, or the other's `u_...`. */
export function shortIdOf(msgId: string, chatType: ChatType, peer: string): number {
  return digest(`${msgId}|${chatType}|${peer}`).readInt32BE() & 0x7fffffff;
}

/** What a conversation's `real_seq` counts from. */
export const firstSeqOf = (conversation: string): number => 100 + (digest(conversation).readUInt16BE() % 9_000);

function numberOf(kind: string, id: string): string {
  if (/^[1-9]\d{4,10}$/.test(id)) return id;
  return String(FIRST_UIN + (digest(`uin/${kind}/${id}`).readUInt32BE() % UINS));
}

const digest = (text: string): Buffer => createHash("md5").update(text).digest();

/** A number from the range that the same text always gives. */
export function draw(text: string, [from, to]: readonly [from: number, to: number]): number {
  return from + (digest(text).readUInt32BE() % (Math.max(0, to - from) + 1));
}
