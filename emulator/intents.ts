/** Which intent bit an event needs (qq-official.md 2.4). Only events that the emulator sends. */
export const EVENT_BITS = {
  C2C_MESSAGE_CREATE: 25,
  GROUP_AT_MESSAGE_CREATE: 25,
  GROUP_MESSAGE_CREATE: 25,
  FRIEND_ADD: 25,
  FRIEND_DEL: 25,
  C2C_MSG_RECEIVE: 25,
  C2C_MSG_REJECT: 25,
  GROUP_ADD_ROBOT: 25,
  GROUP_DEL_ROBOT: 25,
  GROUP_MSG_RECEIVE: 25,
  GROUP_MSG_REJECT: 25,
  GROUP_MEMBER_ADD: 24,
  GROUP_MEMBER_REMOVE: 24,
  MESSAGE_CREATE: 9,
  MESSAGE_DELETE: 9,
  DIRECT_MESSAGE_CREATE: 12,
  DIRECT_MESSAGE_DELETE: 12,
  INTERACTION_CREATE: 26,
  MESSAGE_AUDIT_PASS: 27,
  MESSAGE_AUDIT_REJECT: 27,
  AT_MESSAGE_CREATE: 30,
  PUBLIC_MESSAGE_DELETE: 30,
} as const;

export type EventName = keyof typeof EVENT_BITS;

const mask = (bits: readonly number[]): number => bits.reduce((sum, bit) => sum | (1 << bit), 0);

/** Every bit the platform knows; another one is close 4013. */
export const KNOWN_INTENTS = mask([0, 1, 9, 10, 12, 18, 19, 23, 24, 25, 26, 27, 28, 29, 30]);

/** What an ordinary bot is granted: not 9 and 28 (private-domain), 23 (invitation) and 29 (audio). */
export const ORDINARY_INTENTS = mask([0, 1, 10, 12, 18, 19, 24, 25, 26, 27, 30]);

/** What a private-domain bot is granted besides. */
export const PRIVATE_INTENTS = mask([9, 28]);

/** Whether a session with these intents gets this event. */
export function subscribes(intents: number, event: EventName): boolean {
  return (intents & (1 << EVENT_BITS[event])) !== 0;
}
