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
