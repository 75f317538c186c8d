import { z } from "zod";
import type { Finding } from "../checks/finding.ts";
import { texts as shared } from "../checks/texts.ts";
import { softwareOf } from "../protocol/onebot/software.ts";
import { callOver, type Road } from "../transport/onebot/road.ts";
import { oneBotTexts as texts } from "./onebot-texts.ts";
import { fault, good, warning, type Subject } from "./telling.ts";

/** How the findings of one account are filed. */
export type About = (check: string, area?: Subject["area"]) => Subject;

/** What is asked over a road to an implementation. */
export interface Asked {
  /** Where the road leads, for the findings. */
  readonly url: string;
  /** The account that it must be; any when absent. */
  readonly selfId: string | undefined;
  readonly about: About;
  readonly signal: AbortSignal;
}

/**
 * `napcat-login`, `napcat-account`, `napcat-software`, `napcat-format`: who is behind a road, whichever it is. Rejects with
 * a `QQError` when it does not tell whose account it serves.
 */
export async function askIdentity(road: Road, asked: Asked): Promise<readonly Finding[]> {
  const { selfId, about, signal } = asked;
  const { user_id: id, nickname } = await callOver(road, "get_login_info", {}, { signal });
  const { online } = await callOver(road, "get_status", {}, { signal });
  const name = nickname ?? id;
  const login = about("napcat-login");
  return [
    online === false ? fault(login, texts.offline(name, id)) : good(login, texts.online(name, id)),
    ...(selfId === undefined ? [] : [compareAccount(selfId, id, about("napcat-account", "config"))]),
    ...(await askAbout(road, asked)),
  ];
}

function compareAccount(wanted: string, found: string, subject: Subject): Finding {
  return wanted === found
    ? good(subject, texts.rightAccount(found))
    : fault(subject, texts.wrongAccount(wanted, found));
}

/** Which software it is and how it writes messages. Both are asked late, and cost nothing when they are not told. */
async function askAbout(road: Road, { url, about, signal }: Asked): Promise<readonly Finding[]> {
  const version = await quietly(callOver(road, "get_version_info", {}, { signal }));
  const contacts = await quietly(road.ask("get_recent_contact", { count: 1 }, { signal }));
  const name = [version?.app_name, version?.app_version].filter(Boolean).join(" ");
  const software = about("napcat-software");
  const format = formatIn(contacts?.data);
  return [
    ...(version === undefined
      ? []
      : softwareOf(version.app_name).kind === "other"
        ? [warning(software, texts.softwareUnknown(name || "?"))]
        : [good(software, texts.software(name))]),
    ...(format === undefined
      ? []
      : format === "array"
        ? [good(about("napcat-format", "config"), texts.formatArray)]
        : [warning(about("napcat-format", "config"), shared.cqStrings(url))]),
  ];
}

/** The last message of a chat, as that server writes it (`onebot-napcat.md` 1.1; the spelling is NapCat's). */
const Contacts = z.array(
  z.looseObject({ lastestMsg: z.looseObject({ message: z.union([z.string(), z.array(z.unknown())]) }) }),
);

function formatIn(data: unknown): "array" | "string" | undefined {
  const message = Contacts.safeParse(data).data?.[0]?.lastestMsg.message;
  return message === undefined ? undefined : typeof message === "string" ? "string" : "array";
}

async function quietly<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch {
    return undefined;
  }
}
