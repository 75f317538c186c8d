import { z } from "zod";
import type { ParamsOf } from "./action-params.ts";
import { Count, listOf, maybe, OpaqueId, Uin, wrongPaths } from "./values.ts";

const nothing = z.unknown().transform(() => undefined);
const text = z.string();
/** The call has been carried out by then: an id that cannot be read makes it no failure. */
const sent = z.looseObject({ message_id: maybe(OpaqueId) }).catch({});
const kernelResult = z.looseObject({ result: maybe(z.number()), errMsg: maybe(text) }).catch({});
/** Message objects, to be decoded one by one. */
const page = z.looseObject({ messages: z.array(z.unknown()).catch([]) });
/** `file` is a path on the implementation's machine, `url` may be one too; `file_size` in bytes. */
const file = z.looseObject({
  file: maybe(text),
  url: maybe(text),
  file_name: maybe(text),
  file_size: maybe(Count),
  base64: maybe(text),
});
const person = z.looseObject({ user_id: Uin, nickname: maybe(text), remark: maybe(text) });
const group = z.looseObject({
  group_id: Uin,
  group_name: maybe(text),
  group_remark: maybe(text),
  /** -1 when the whole group is muted. */
  group_all_shut: maybe(z.number()),
});
const member = z.looseObject({
  user_id: maybe(Uin),
  nickname: maybe(text),
  card: maybe(text),
  role: maybe(text),
  title: maybe(text),
  /** Until when they are muted, s since the epoch. */
  shut_up_timestamp: maybe(Count),
});
/** A conversation of late; `msgTime` in s, as its digits. `chatType` 1: private, 2: a group. */
const contact = z.looseObject({ peerUin: Uin, msgTime: Count, chatType: z.number(), msgId: maybe(OpaqueId) });
const uploaded = z.looseObject({ file_id: maybe(OpaqueId) }).catch({});
const upload = z.looseObject({
  status: maybe(text),
  received_chunks: maybe(Count),
  file_path: maybe(text),
  file_size: maybe(Count),
  sha256: maybe(text),
});
/** One frame of a download, by its `data_type`; `data` is base64, sizes are bytes. */
const download = z.looseObject({
  data_type: maybe(z.enum(["file_info", "file_chunk", "file_complete"])),
  file_name: maybe(text),
  file_size: maybe(Count),
  index: maybe(z.number()),
  data: maybe(text),
  size: maybe(Count),
  total_chunks: maybe(Count),
  total_bytes: maybe(Count),
});

const personOrNobody = maybe(Uin).transform((uin) => (uin === "0" ? undefined : uin));
/** A request about a group. `checked`: it has been decided. `actor`: the second person of the notice, 0 where there is none. */
const groupSystemMessage = z.looseObject({
  request_id: OpaqueId,
  group_id: maybe(Uin),
  invitor_uin: personOrNobody,
  actor: personOrNobody,
  message: maybe(text),
  checked: maybe(z.boolean()),
});
export type GroupSystemMessage = z.output<typeof groupSystemMessage>;
const systemMessages = listOf(groupSystemMessage);

/** What each action answers. Loose: only what is read is named. */
const dataOf = {
  send_private_msg: sent,
  send_group_msg: sent,
  send_private_forward_msg: sent,
  send_group_forward_msg: sent,
  delete_msg: nothing,
  get_msg: z.looseObject({}),
  // Lagrange calls the list `message`.
  get_forward_msg: z
    .looseObject({ messages: maybe(z.array(z.unknown())), message: maybe(z.array(z.unknown())) })
    .transform(({ messages, message }) => ({ messages: messages ?? message ?? [] })),
  set_msg_emoji_like: kernelResult,
  mark_msg_as_read: nothing,
  get_group_msg_history: page,
  get_friend_msg_history: page,
  get_recent_contact: listOf(contact),
  fetch_ptt_text: z.looseObject({ text }),
  get_login_info: z.looseObject({ user_id: Uin, nickname: maybe(text) }),
  get_status: z.looseObject({ online: maybe(z.boolean()), good: maybe(z.boolean()) }),
  get_version_info: z.looseObject({ app_name: maybe(text), app_version: maybe(text) }),
  get_friend_list: listOf(person),
  get_group_list: listOf(group),
  get_group_info: group,
  get_group_member_info: member,
  get_group_shut_list: z.array(z.unknown()).catch([]),
  get_stranger_info: z.looseObject({ user_id: maybe(Uin), nickname: maybe(text) }),
  send_like: nothing,
  set_friend_add_request: nothing,
  set_group_add_request: nothing,
  get_group_system_msg: z
    .looseObject({ invited_requests: systemMessages, InvitedRequest: systemMessages, join_requests: systemMessages })
    .transform(({ invited_requests, InvitedRequest, join_requests: joins }) => ({
      // NapCat fills one of the two, or both alike.
      invites: invited_requests.length > 0 ? invited_requests : InvitedRequest,
      joins,
    })),
  set_input_status: kernelResult,
  friend_poke: nothing,
  group_poke: nothing,
  get_image: file,
  get_file: file,
  get_record: file,
  upload_private_file: uploaded,
  upload_group_file: uploaded,
  get_private_file_url: z.looseObject({ url: text }),
  get_group_file_url: z.looseObject({ url: text }),
  upload_file_stream: upload,
  download_file_stream: download,
  can_send_record: z.looseObject({ yes: maybe(z.boolean()) }),
} satisfies Record<keyof ParamsOf, z.ZodType>;

export type ActionName = keyof ParamsOf;
export type ActionParams<Name extends ActionName> = ParamsOf[Name];
export type ActionData<Name extends ActionName> = z.output<(typeof dataOf)[Name]>;

/** The data of an answer, or what is wrong with it: names of fields, never what is in them. */
export type DataReading<Name extends ActionName> =
  | { readonly data: ActionData<Name>; readonly malformed?: never }
  | { readonly malformed: string; readonly data?: never };

/** Reads the `data` of an answer that says the call was carried out. Never throws. */
export function parseData<Name extends ActionName>(name: Name, value: unknown): DataReading<Name> {
  const parsed = dataOf[name].safeParse(value);
  // The schema is the one of `name`; TypeScript sees those of all actions in its place.
  if (parsed.success) return { data: parsed.data as ActionData<Name> };
  return { malformed: wrongPaths(parsed.error) };
}
