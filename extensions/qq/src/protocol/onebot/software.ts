import type { ActionName } from "./actions.ts";

/** A OneBot implementation, as far as it matters to a client (`onebot-napcat.md` 9). */
export interface Software {
  readonly kind: "napcat" | "llonebot" | "lagrange" | "go-cqhttp" | "other";
  /** What an older page of history is asked by: `message_seq` that is a message's id, or QQ's sequence; or `message_id`. */
  readonly history: "by-message-id" | "by-sequence" | "by-anchor" | "none";
  /** Whether it may have the action. What it does not have is never asked for; the rest is tried. */
  has(action: ActionName): boolean;
}

/** What OneBot 11 itself has, and all of them do. */
const STANDARD: ReadonlySet<ActionName> = new Set<ActionName>([
  "send_private_msg",
  "send_group_msg",
  "delete_msg",
  "get_msg",
  "get_forward_msg",
  "get_login_info",
  "get_status",
  "get_version_info",
  "get_friend_list",
  "get_group_list",
  "get_group_info",
  "get_group_member_info",
  "get_stranger_info",
  "send_like",
  "set_friend_add_request",
  "set_group_add_request",
  "get_record",
  "get_image",
  "can_send_record",
]);

/** What go-cqhttp has beside it. */
const GO_CQHTTP: ReadonlySet<ActionName> = new Set<ActionName>([
  "send_private_forward_msg",
  "send_group_forward_msg",
  "mark_msg_as_read",
  "get_group_msg_history",
  "upload_private_file",
  "upload_group_file",
  "get_group_file_url",
]);

const STREAMS: ReadonlySet<ActionName> = new Set<ActionName>(["upload_file_stream", "download_file_stream"]);

const known: readonly (readonly [RegExp, Software])[] = [
  [/napcat/i, { kind: "napcat", history: "by-message-id", has: () => true }],
  [/llonebot|lltwobot|llbot|luckylillia/i, { kind: "llonebot", history: "by-sequence", has: (a) => !STREAMS.has(a) }],
  [/lagrange/i, { kind: "lagrange", history: "by-anchor", has: (a) => !STREAMS.has(a) && a !== "set_input_status" }],
  [/go-cqhttp/i, { kind: "go-cqhttp", history: "by-sequence", has: (a) => STANDARD.has(a) || GO_CQHTTP.has(a) }],
];

const other: Software = { kind: "other", history: "none", has: (action) => STANDARD.has(action) };

/** Which implementation it is, by `app_name` of `get_version_info`. One that nobody knows is taken to have the standard only. */
export function softwareOf(appName: string | undefined): Software {
  return known.find(([name]) => appName !== undefined && name.test(appName))?.[1] ?? other;
}
