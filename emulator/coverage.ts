import { Opcode } from "../extensions/qq/src/protocol/official/frames.ts";

export interface Coverage {
  readonly kind: "route" | "opcode" | "event";
  /** "METHOD /pattern", the opcode's name, or the event's name. */
  readonly name: string;
  /** `partly`: some of what QQ does; `note` says what is missing. */
  readonly state: "supported" | "partly" | "planned";
  /** Section of the protocol reference, qq-official.md. */
  readonly section: string;
  readonly note?: string;
}

const rows = (
  kind: Coverage["kind"],
  state: Coverage["state"],
  section: string,
  names: readonly string[],
  note?: string,
): Coverage[] => names.map((name) => ({ kind, name, state, section, ...(note !== undefined && { note }) }));

/** What of QQ is emulated and what is not, so that nobody takes a 404 for a mistake of their own. */
export const coverage: readonly Coverage[] = [
  ...rows("route", "supported", "1.2", ["POST /app/getAppAccessToken"]),
  ...rows("route", "supported", "2.1", ["GET /gateway", "GET /gateway/bot"]),
  ...rows("route", "supported", "5.1", ["GET /users/@me"]),
  ...rows(
    "route",
    "partly",
    "5.2",
    ["POST /v2/users/:openid/messages", "POST /v2/groups/:group_openid/messages"],
    "msg_type 0, 2, 6 and 7; no template or ark",
  ),
  ...rows("route", "supported", "5.7", ["DELETE /v2/users/:openid/messages/:message_id"]),
  ...rows(
    "route",
    "partly",
    "5.7",
    ["DELETE /v2/groups/:group_openid/messages/:message_id"],
    "own messages only: no bot is a group's admin",
  ),
  ...rows("route", "supported", "7.1", ["POST /v2/users/:openid/stream_messages"]),
  ...rows("route", "supported", "6", [
    "POST /v2/users/:openid/files",
    "POST /v2/groups/:group_openid/files",
    "POST /v2/users/:openid/upload_prepare",
    "POST /v2/groups/:group_openid/upload_prepare",
    "POST /v2/users/:openid/upload_part_finish",
    "POST /v2/groups/:group_openid/upload_part_finish",
    "PUT /_cos/:upload/:part",
  ]),
  ...rows("route", "supported", "4.1", ["GET /download/:name"]),
  ...rows("route", "supported", "4.6", ["PUT /interactions/:interaction_id"]),
  ...rows("route", "supported", "5.1", [
    "PUT /channels/:channel_id/messages/:message_id/reactions/:type/:id",
    "DELETE /channels/:channel_id/messages/:message_id/reactions/:type/:id",
    "GET /channels/:channel_id/messages/:message_id/reactions/:type/:id",
  ]),
  ...rows(
    "route",
    "partly",
    "5.9",
    ["POST /channels/:channel_id/messages", "POST /dms/:guild_id/messages"],
    "no ark, no markdown templates, no event_id",
  ),
  ...rows("route", "supported", "5.1", ["POST /users/@me/dms"]),
  ...rows(
    "route",
    "partly",
    "5.7",
    ["DELETE /channels/:channel_id/messages/:message_id", "DELETE /dms/:guild_id/messages/:message_id"],
    "own messages only: no bot has a role; hidetip has no effect",
  ),
  ...rows("route", "partly", "4.3", ["GET /v2/groups/:group_openid/bot_state"], "recv_msg_setting only"),
  ...rows("route", "planned", "12", ["POST /lite/create_bind_task", "POST /lite/poll_bind_result"]),

  ...rows("opcode", "supported", "2.2", Object.keys(Opcode)),

  ...rows("event", "supported", "2.3", ["READY", "RESUMED"]),
  ...rows(
    "event",
    "partly",
    "4.2",
    ["C2C_MESSAGE_CREATE", "GROUP_AT_MESSAGE_CREATE", "GROUP_MESSAGE_CREATE"],
    "no parallel forwards (message_type 101); of cards only ark_type tuwen",
  ),
  ...rows("event", "supported", "4.4", [
    "FRIEND_ADD",
    "FRIEND_DEL",
    "C2C_MSG_RECEIVE",
    "C2C_MSG_REJECT",
    "GROUP_ADD_ROBOT",
    "GROUP_DEL_ROBOT",
    "GROUP_MSG_RECEIVE",
    "GROUP_MSG_REJECT",
  ]),
  ...rows("event", "supported", "4.5", ["GROUP_MEMBER_ADD", "GROUP_MEMBER_REMOVE"]),
  ...rows("event", "planned", "4.5", ["GROUP_JOIN_REQUEST"]),
  ...rows("event", "partly", "4.6", ["INTERACTION_CREATE"], "clicks on buttons; no menus, feedback or authorizations"),
  ...rows(
    "event",
    "partly",
    "4.7",
    ["AT_MESSAGE_CREATE", "MESSAGE_CREATE", "DIRECT_MESSAGE_CREATE"],
    "text, pictures and quotes of people; no embeds or arks, nothing of other bots",
  ),
  ...rows("event", "supported", "4.7", ["MESSAGE_DELETE", "PUBLIC_MESSAGE_DELETE", "DIRECT_MESSAGE_DELETE"]),
  ...rows("event", "supported", "4.8", ["MESSAGE_AUDIT_PASS", "MESSAGE_AUDIT_REJECT"]),
];
