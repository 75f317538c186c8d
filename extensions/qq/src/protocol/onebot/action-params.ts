import type { HistoryPage } from "./history.ts";
import type { OutNode, OutSegment } from "./segments.ts";
import type { WireId } from "./values.ts";

interface ToUser {
  readonly user_id: WireId;
}
interface ToGroup {
  readonly group_id: WireId;
}
interface OfMessage {
  readonly message_id: WireId;
}
/** `file` is a key out of a segment; never a path or an address. */
type OfFile = { readonly file: string; readonly file_id?: never } | { readonly file_id: string; readonly file?: never };
interface Message {
  readonly message: readonly OutSegment[];
  /** How long NapCat waits for QQ to confirm, ms. */
  readonly timeout?: number;
}
interface RecordOut {
  readonly messages: readonly OutNode[];
  /** What stands in the list of chats. */
  readonly prompt?: string;
  /** Last line of the card. */
  readonly summary?: string;
  /** Title of the card. */
  readonly source?: string;
}
type Nothing = Readonly<Record<string, never>>;

/** One call of an upload: a piece of the file, or the end of it. A call with a piece never ends an upload. */
type UploadStep =
  | {
      readonly stream_id: string;
      /** Base64. */
      readonly chunk_data: string;
      /** 0, 1, 2, ... */
      readonly chunk_index: number;
      readonly total_chunks: number;
      /** Bytes. */
      readonly file_size: number;
      readonly filename: string;
      /** Lower-case hex. */
      readonly expected_sha256?: string;
      /** How long the file is kept once it is whole, ms. */
      readonly file_retention?: number;
    }
  | { readonly stream_id: string; readonly is_complete: true }
  | { readonly stream_id: string; readonly reset: true };

/**
 * What each action is called with (`onebot-napcat.md` 6 and 8.4). A private message has no `group_id`: with one, NapCat
 * sends to the group what it cannot send to the person (4.8).
 */
export interface ParamsOf {
  readonly send_private_msg: ToUser & Message & { readonly group_id?: never };
  readonly send_group_msg: ToGroup & Message & { readonly user_id?: never };
  readonly send_private_forward_msg: ToUser & RecordOut & { readonly group_id?: never };
  readonly send_group_forward_msg: ToGroup & RecordOut & { readonly user_id?: never };
  readonly delete_msg: OfMessage;
  readonly get_msg: OfMessage;
  /** `id`: NapCat also takes the record's own, of 19 digits. */
  readonly get_forward_msg: { readonly id: string; readonly message_id?: string };
  readonly set_msg_emoji_like: OfMessage & { readonly emoji_id: string; readonly set?: boolean };
  readonly mark_msg_as_read: OfMessage;
  readonly get_group_msg_history: ToGroup & HistoryPage;
  readonly get_friend_msg_history: ToUser & HistoryPage;
  readonly get_recent_contact: { readonly count?: number };
  readonly fetch_ptt_text: OfMessage;
  readonly get_login_info: Nothing;
  readonly get_status: Nothing;
  readonly get_version_info: Nothing;
  readonly get_friend_list: { readonly no_cache?: boolean };
  readonly get_group_list: { readonly no_cache?: boolean };
  readonly get_group_info: ToGroup & { readonly no_cache?: boolean };
  readonly get_group_member_info: ToGroup & ToUser & { readonly no_cache?: boolean };
  readonly get_group_shut_list: ToGroup;
  readonly get_stranger_info: ToUser & { readonly no_cache?: boolean };
  readonly send_like: ToUser & { readonly times?: number };
  readonly set_friend_add_request: { readonly flag: string; readonly approve: boolean; readonly remark?: string };
  /** `sub_type`: NapCat needs none, the standard does. */
  readonly set_group_add_request: {
    readonly flag: string;
    readonly sub_type: "add" | "invite";
    readonly approve: boolean;
    readonly reason?: string;
  };
  readonly get_group_system_msg: { readonly count?: number };
  /** `event_type` 1: is typing. */
  readonly set_input_status: ToUser & { readonly event_type: 1 };
  readonly friend_poke: ToUser & { readonly group_id?: never };
  readonly group_poke: ToGroup & ToUser;
  readonly get_image: OfFile;
  readonly get_file: OfFile;
  readonly get_record: OfFile & { readonly out_format: "mp3" | "wav" };
  readonly upload_private_file: ToUser & {
    readonly file: string;
    readonly name: string;
    readonly group_id?: never;
  };
  readonly upload_group_file: ToGroup & { readonly file: string; readonly name: string; readonly user_id?: never };
  readonly get_private_file_url: { readonly file_id: string };
  readonly get_group_file_url: ToGroup & { readonly file_id: string };
  readonly upload_file_stream: UploadStep;
  /** Answers in several frames. `chunk_size`: bytes. */
  readonly download_file_stream: OfFile & { readonly chunk_size?: number };
  readonly can_send_record: Nothing;
}
