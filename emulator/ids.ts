import { createHash } from "node:crypto";

const digest = (text: string): Buffer => createHash("sha512").update(text).digest();

/** 32 upper-case hex. Every bot knows the same person, member or group by another openid. */
export function openid(appId: string, kind: "user" | "member" | "group", id: string): string {
  return digest(`openid/${appId}/${kind}/${id}`).toString("hex").slice(0, 32).toUpperCase();
}

/** Decimal id as guilds use it, of a person, a bot, a guild or a channel. */
export function guildId(kind: "user" | "bot" | "guild" | "channel", id: string): string {
  return (digest(`guild/${kind}/${id}`).readBigUInt64BE() % 9_000_000_000_000_000_000n).toString().padStart(10, "4");
}

/** Ids in the platform's shapes (qq-official.md 4.1). The same seed gives the same ids in the same order. */
export interface Ids {
  /** `ROBOT1.0_...!`, about 75 characters. */
  message(): string;
  /** Index that quotes go by, `REFIDX_...==`. */
  index(): string;
  uuid(): string;
  /** Opaque text of 76 characters. */
  token(): string;
  /** 32 hex. */
  trace(): string;
  /** Guild message id, lower-case hex that begins with 08. */
  guildMessage(): string;
}

/** Each kind counts for itself, so that an extra HTTP call does not move the message ids. */
export function createIds(seed: string): Ids {
  const counts = new Map<string, number>();
  const next = (kind: string): Buffer => {
    const count = (counts.get(kind) ?? 0) + 1;
    counts.set(kind, count);
    return digest(`${seed}/${kind}/${count}`);
  };
  const hex = (kind: string): string => next(kind).toString("hex");
  return {
    message: () => `ROBOT1.0_${next("message").toString("base64url").slice(0, 64)}!`,
    index: () => `REFIDX_${next("index").toString("base64url").slice(0, 22)}==`,
    uuid: () => hex("uuid").replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, "$1-$2-4$3-9$4-$5"),
    token: () => next("token").toString("base64url").slice(0, 76),
    trace: () => hex("trace").slice(0, 32),
    guildMessage: () => `08${hex("guild").slice(0, 60)}`,
  };
}

/** RFC 3339 in Beijing time, as the platform writes it. */
export function beijingTime(ms: number): string {
  return `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19)}+08:00`;
}
