/** Events as QQ sends them, small enough to read. */
export const c2cMessage = (id: string, openid = "U1", content = "hi") => ({
  id,
  content,
  timestamp: "2026-09-21T22:13:20+08:00",
  author: { id: openid, user_openid: openid },
});

export const groupMessage = (id: string, group = "G1", member = "M1") => ({
  id,
  content: " hi",
  timestamp: "2026-09-21T22:13:20+08:00",
  group_openid: group,
  author: { id: member, member_openid: member },
});

export const guildMessage = (id: string, channel = "100010", guild = "187") => ({
  id,
  content: "hi",
  timestamp: "2026-09-21T22:13:20+08:00",
  channel_id: channel,
  guild_id: guild,
  author: { id: "99", username: "lin", bot: false },
});

/** A dispatch of the gateway; a callback is the same without `s`. */
export const dispatch = (s: number, t: string, d: unknown, id = `${t}:${s}`) => ({ op: 0, s, t, id, d });
