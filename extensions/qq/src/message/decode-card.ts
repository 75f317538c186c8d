import type { ArkData } from "../protocol/official/events.ts";

/** Longest field that is told of a card, UTF-16 units. An address that is longer is left out: half of one leads nowhere. */
const MAX_FIELD_UNITS = 1000;

/** Fields that say something to a reader, of all kinds of cards, with the word that stands before each. */
const FIELDS: readonly (readonly [field: string, label: string])[] = [
  ["desc", "摘要"],
  ["nickname", "昵称"],
  ["address", "地址"],
  ["source", "来源"],
  ["jump_url", "链接"],
];

/**
 * What a card shows that the message's own text, `content`, does not say. QQ writes title and summary into that text, but
 * not where the card leads.
 */
export function describeCard(ark: ArkData | undefined, content: string): string {
  if (!ark) return "";
  const said = content.trim();
  const title = readField(ark, "title") || oneLine(ark.prompt ?? "");
  const lines = FIELDS.map(([field, label]) => [label, readField(ark, field)] as const)
    .filter(([, value]) => value !== "" && !said.includes(value))
    .map(([label, value]) => `${label}: ${value}`);
  return [...(said === "" ? [`[卡片消息] ${title}`.trim()] : []), ...lines].join("\n");
}

function readField({ fields }: ArkData, name: string): string {
  const value = fields?.[name];
  if (typeof value !== "string" || (name === "jump_url" && value.length > MAX_FIELD_UNITS)) return "";
  return oneLine(value);
}

function oneLine(text: string): string {
  return text
    .slice(0, MAX_FIELD_UNITS)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
}
