/** So many calls within so many ms. */
export interface Rate {
  readonly count: number;
  readonly perMs: number;
}

const perSecond = (count: number): Rate => ({ count, perMs: 1000 });
const perMinute = (count: number): Rate => ({ count, perMs: 60_000 });

/**
 * What one bot may call, by method and path without ids (QQ's page of each call, 2026-09; qq-official.md 10).
 * `/gateway/bot` is not here: whoever asks for it keeps its limit over restarts.
 */
export const CALL_RATES: Readonly<Record<string, Rate>> = {
  "GET /users/@me": perSecond(50),
  "POST /v2/users/{openid}/messages": perSecond(100),
  "POST /v2/groups/{openid}/messages": perSecond(100),
  "POST /v2/users/{openid}/stream_messages": perSecond(50),
  "POST /v2/users/{openid}/files": perSecond(50),
  "POST /v2/groups/{openid}/files": perSecond(50),
  "POST /v2/users/{openid}/upload_prepare": perSecond(10),
  "POST /v2/groups/{openid}/upload_prepare": perSecond(10),
  "POST /v2/users/{openid}/upload_part_finish": perSecond(10),
  "POST /v2/groups/{openid}/upload_part_finish": perSecond(10),
  "DELETE /v2/users/{openid}/messages/{message_id}": perSecond(10),
  "DELETE /v2/groups/{group_openid}/messages/{message_id}": perSecond(10),
  "PUT /interactions/{interaction_id}": perSecond(50),
};

/** Messages of one bot to one guild channel, replies or not (qq-official.md 5.1; over it 20028). */
export const CHANNEL_RATE: Rate = perSecond(5);

/** Proactive messages to one person or group ("Send a message", 2026; over it 40034100). */
export const PROACTIVE_CHAT_RATE: Rate = perMinute(20);

/** Proactive messages of one bot to all its chats of a scene; bots whose owner is not verified have less. */
export const PROACTIVE_BOT_RATES = {
  verified: { users: [perSecond(10)], groups: [perMinute(60)] },
  unverified: { users: [perSecond(5), perMinute(30)], groups: [perMinute(30)] },
} as const satisfies Readonly<Record<string, Readonly<Record<string, readonly Rate[]>>>>;

/** QQ refused a proactive message for its rate. */
export const PROACTIVE_TOO_MANY = 40034100;
/** QQ refused a call for the rate of its kind; so does HTTP 429. */
export const TOO_MANY_CALLS = 100001;
