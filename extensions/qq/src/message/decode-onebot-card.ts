import { OpaqueId } from "../protocol/onebot/values.ts";
import { describeCard } from "./decode-card.ts";
import { isRecord, parseJson } from "./json.ts";

/** Longest card that is read, UTF-16 units, and its longest line that is told. */
const MAX_CARD_UNITS = 200_000;
const MAX_LINE_UNITS = 1000;

/** Where cards keep their address, the one for a browser first. */
const ADDRESSES = ["qqdocurl", "jumpUrl", "jump_url", "url"] as const;

/** A card as text: what QQ shows for it in the list of chats (`prompt`), and what its own fields add to that. */
export function describeJsonCard(data: unknown): string {
  const card = typeof data === "string" ? parseJson(data.slice(0, MAX_CARD_UNITS)) : data;
  if (!isRecord(card)) return "[卡片消息]";
  const detail = isRecord(card["meta"]) ? Object.values(card["meta"]).find(isRecord) : undefined;
  const title = line(detail?.["title"]);
  const prompt = line(card["prompt"]) || title;
  const heading = prompt.includes(title) ? prompt : `${prompt} ${title}`;
  const fields = {
    desc: detail?.["desc"],
    nickname: detail?.["nickname"],
    address: detail?.["address"],
    jump_url: ADDRESSES.map((key) => detail?.[key]).find(isAddress),
  };
  const rest = describeCard({ fields }, heading || "-");
  return [`[卡片消息] ${heading}`.trim(), rest].filter((part) => part !== "").join("\n");
}

/** What the card is called that a segment of its own stands for (OneBot 11, "Message segments"; NapCat sends `json`). */
const SEGMENT_CARDS = { share: "分享", music: "音乐", location: "位置" } as const;
export type CardType = keyof typeof SEGMENT_CARDS;

/** A link, a song or a place as text: its title, and what its other fields add to that. */
export function describeCardSegment(type: CardType, data: Readonly<Record<string, unknown>>): string {
  const title = line(data["title"]) || (type === "location" ? coordinates(data) : "");
  const heading = `[${SEGMENT_CARDS[type]}] ${title}`.trim();
  const [content, url] = [data["content"], data["url"]];
  const fields =
    type === "location" ? { address: content } : { desc: content, ...(isAddress(url) && { jump_url: url }) };
  const rest = describeCard({ fields }, title || "-");
  return [heading, rest].filter((part) => part !== "").join("\n");
}

/** A person or a group that somebody recommends, by its number. */
export function describeContact({ type, id }: Readonly<Record<string, unknown>>): string {
  const number = OpaqueId.safeParse(id).data ?? "";
  return `[${type === "group" ? "推荐群" : "推荐好友"}${/^\d{1,20}$/.test(number) ? `: ${number}` : ""}]`;
}

function coordinates({ lat, lon }: Readonly<Record<string, unknown>>): string {
  const both = [lat, lon].map(String);
  return both.every((each) => /^-?\d{1,3}(?:\.\d{1,20})?$/.test(each)) ? both.join(", ") : "";
}

function isAddress(value: unknown): boolean {
  return typeof value === "string" && /^https?:\/\//.test(value);
}

function line(value: unknown): string {
  if (typeof value !== "string") return "";
  return value
    .slice(0, MAX_LINE_UNITS)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}
