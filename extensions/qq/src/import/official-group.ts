import { normalizeAllowEntry } from "../channel/receive/allow-entry.ts";
import { asSection, isBlank, type Move, type Section } from "./moved.ts";
import { asIds, asSwitch } from "./rules.ts";
import { why } from "./texts.ts";

const GATES = { enabled: asSwitch, allowFrom: readPeople, tools: readTools, toolsBySender: readToolsBySender } as const;

/**
 * What of a group's entry has a successor. A group whose gate was not understood is switched off: without the gate it
 * would be more open than it was.
 */
export function moveGroup(id: string, value: unknown, move: Move): Record<string, unknown> {
  const entry = asSection(value);
  if (entry === undefined) {
    if (isBlank(value) || asSwitch(value) === true) return {};
    move.drop(`groups.${id}`, why.groupClosed);
    return { enabled: false };
  }
  const { requireMention, prompt, systemPrompt, enabled, tools, toolsBySender, allowFrom, ...rest } = entry;
  for (const key of Object.keys(rest)) {
    move.drop(`groups.${id}.${key}`, groupReasons[key] ?? why.ownGroupKeys);
  }
  const mention = asSwitch(requireMention);
  if (mention === undefined && !isBlank(requireMention)) move.drop(`groups.${id}.requireMention`, why.notUnderstood);
  return {
    ...(mention !== undefined && { requireMention: mention }),
    ...(!isBlank(prompt ?? systemPrompt) && { systemPrompt: prompt ?? systemPrompt }),
    ...moveGates(id, { enabled, tools, toolsBySender, allowFrom }, move),
  };
}

function moveGates(id: string, gates: Section, move: Move): Record<string, unknown> {
  const moved: Record<string, unknown> = {};
  let isClosed = false;
  for (const [key, read] of Object.entries(GATES)) {
    if (isBlank(gates[key])) continue;
    const said = read(gates[key]);
    if (said !== undefined) moved[key] = said;
    else move.drop(`groups.${id}.${key}`, why.groupClosed);
    isClosed ||= said === undefined;
  }
  return isClosed ? { ...moved, enabled: false } : moved;
}

/** The list, also where it was written as one text; undefined where something in it is no text. */
function readList(value: unknown): readonly string[] | undefined {
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  return parts.every((part) => typeof part === "string" || typeof part === "number") ? asIds(value) : undefined;
}

function readPeople(value: unknown): readonly string[] | undefined {
  return readList(value)?.map(normalizeAllowEntry);
}

function readTools(value: unknown): Section | undefined {
  const lists = Object.entries(asSection(value) ?? { none: value }).map(
    ([key, list]) => [key, readList(list)] as const,
  );
  const isRead = lists.every(([key, list]) => ["allow", "alsoAllow", "deny"].includes(key) && list !== undefined);
  return isRead ? Object.fromEntries(lists) : undefined;
}

function readToolsBySender(value: unknown): Section | undefined {
  const senders = Object.entries(asSection(value) ?? { none: value }).map(
    ([id, tools]) => [id, readTools(tools)] as const,
  );
  return senders.every(([, tools]) => tools !== undefined) ? Object.fromEntries(senders) : undefined;
}

const groupReasons: Readonly<Record<string, (typeof why)["nameOnly" | "ownGroupHistory"]>> = {
  name: why.nameOnly,
  historyLimit: why.ownGroupHistory,
};
