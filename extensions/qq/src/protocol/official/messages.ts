import { z } from "zod";

/** What a send is tied to. With neither id it is a proactive message. */
export type Anchor =
  | { readonly msg_id: string; readonly event_id?: never; readonly msg_seq: number; readonly is_wakeup?: never }
  | { readonly event_id: string; readonly msg_id?: never; readonly msg_seq: number; readonly is_wakeup?: never }
  | { readonly msg_id?: never; readonly event_id?: never; readonly msg_seq?: never; readonly is_wakeup?: true };

/** `message_id` is an index `REFIDX_...`, of an inbound message or of an own one, not a message id. */
interface Quote {
  readonly message_reference?: { readonly message_id: string };
}

/** A button (QQ, "Message buttons"). `style` 0 grey, 1 blue outline, 3 red text, 4 filled blue; `type` 0 link, 1 callback, 2 command. */
export interface WireButton {
  readonly id: string;
  readonly render_data: { readonly label: string; readonly visited_label: string; readonly style: 0 | 1 | 3 | 4 };
  readonly action: {
    readonly type: 0 | 1 | 2;
    readonly permission: { readonly type: 2 } | { readonly type: 0; readonly specify_user_ids: readonly string[] };
    readonly data: string;
    readonly enter?: boolean;
    readonly unsupport_tips: string;
  };
  readonly group_id?: string;
}

/** At most 5 rows of 5 buttons. */
export interface WireKeyboard {
  readonly content: { readonly rows: readonly { readonly buttons: readonly WireButton[] }[] };
}

/** Body of `POST /v2/users/{openid}/messages` and `POST /v2/groups/{group_openid}/messages` (QQ, "Send a message"). */
export type V2Message = Anchor &
  (
    | ({ readonly msg_type: 0; readonly content: string } & Quote)
    | ({
        readonly msg_type: 2;
        readonly markdown: { readonly content: string };
        readonly keyboard?: WireKeyboard;
      } & Quote)
    | ({ readonly msg_type: 7; readonly media: { readonly file_info: string }; readonly content?: string } & Quote)
  );

/** Body that only C2C takes: the "is typing" notice, shown for `input_second` (1-60 s). */
export type C2CMessage =
  | V2Message
  | (Anchor & {
      readonly msg_type: 6;
      readonly input_notify: { readonly input_type: 1; readonly input_second: number };
    });

/** Body of `POST /v2/users/{openid}/stream_messages` (QQ, "Stream message"): `input_state` 1 goes on, 10 ends. */
export type StreamChunk = Exclude<Anchor, { readonly msg_id?: never; readonly event_id?: never }> & {
  readonly input_mode: "replace";
  readonly input_state: 1 | 10;
  readonly index: number;
  readonly content_type: "markdown" | "text";
  /** All of the text so far; it begins with what was delivered before. */
  readonly content_raw: string;
  /** Absent in the first chunk only. */
  readonly stream_msg_id?: string;
};

/** Body of `POST /channels/{channel_id}/messages` and `POST /dms/{guild_id}/messages` (QQ, "Guild messages"). */
export type GuildMessage = {
  readonly msg_id?: string;
  readonly event_id?: string;
  /** `message_id` is a guild message's own id here. */
  readonly message_reference?: { readonly message_id: string; readonly ignore_get_message_error?: boolean };
} & ({ readonly content: string } | { readonly markdown: { readonly content: string } } | { readonly image: string });

/** Body of `POST /v2/users/{openid}/files` and of the group's (QQ, "Rich media"): 1 image, 2 video, 3 voice, 4 file. */
export type FileUpload = {
  readonly file_type: 1 | 2 | 3 | 4;
  readonly srv_send_msg: false;
  readonly file_name?: string;
} & ({ readonly file_data: string } | { readonly url: string } | { readonly upload_id: string });

/** Body of `.../upload_prepare`. Hashes are lower-case hex; `md5_10m` is of the first 10 002 432 bytes. */
export interface UploadPrepare {
  readonly file_type: 1 | 2 | 3 | 4;
  readonly file_name: string;
  readonly file_size: number;
  readonly md5: string;
  readonly sha1: string;
  readonly md5_10m: string;
}

/** Body of `.../upload_part_finish`. */
export interface UploadPartFinish {
  readonly upload_id: string;
  readonly part_index: number;
  readonly block_size: number;
  readonly md5: string;
}

/** A number that arrives as a number or as its digits. */
const numeric = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

/** Answer of a file upload. `ttl` in s; 0 has no end. */
export const FileAnswer = z.looseObject({
  file_info: z.string().min(1),
  file_uuid: z.string().optional(),
  ttl: numeric.optional(),
});
export type FileAnswer = z.infer<typeof FileAnswer>;

const UploadConfig = z.looseObject({
  concurrency: numeric.optional(),
  /** s */
  retry_timeout: numeric.optional(),
  /** s */
  retry_delay: numeric.optional(),
});

/** Answer of `.../upload_prepare`; no parts when the platform has the file already. Older: the config's keys at the top. */
export const UploadPlan = UploadConfig.extend({
  upload_id: z.string().min(1),
  block_size: numeric.optional(),
  parts: z
    .array(z.looseObject({ index: numeric, presigned_url: z.string().min(1), block_size: numeric.optional() }))
    .nullish()
    .transform((parts) => parts ?? []),
  upload_config: UploadConfig.optional(),
});
export type UploadPlan = z.infer<typeof UploadPlan>;

/** An answer of which only its being one matters: some calls have an empty body, with 200 or 204. */
export const AnyAnswer = z.unknown().transform((): true => true);

/** Answer to a send. `ext_info.ref_idx` is what a later message quotes this one by. */
export const SendAnswer = z.looseObject({
  id: z.string(),
  timestamp: z.union([z.string(), z.number()]).optional(),
  ext_info: z.looseObject({ ref_idx: z.string().optional() }).optional(),
});
export type SendAnswer = z.infer<typeof SendAnswer>;

/** Answer to a chunk of a stream; `id` is the stream's. `remain_msg_len` in UTF-16 units. */
export const StreamAnswer = SendAnswer.extend({ remain_msg_len: z.number().optional() });
export type StreamAnswer = z.infer<typeof StreamAnswer>;

/** Answer of `POST /users/@me/dms`: the guild id that messages of this DM go to. */
export const DmSession = z.looseObject({ guild_id: z.string().min(1), channel_id: z.string().optional() });
export type DmSession = z.infer<typeof DmSession>;

/** Answer of the token call. `expires_in` is a string in production, a number in the documentation; seconds. */
export const TokenAnswer = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive(),
});

/** Answer of `GET /users/@me`. */
export const Me = z.looseObject({ id: z.string(), username: z.string() });
export type Me = z.infer<typeof Me>;

/** Answer of `GET /gateway/bot`. */
export const GatewayBot = z.looseObject({
  url: z.string(),
  shards: z.number().int().positive().default(1),
  session_start_limit: z
    .looseObject({
      total: z.number(),
      remaining: z.number(),
      /** ms until `remaining` is `total` again. */
      reset_after: z.number(),
      max_concurrency: z.number(),
    })
    .optional(),
});
export type GatewayBot = z.infer<typeof GatewayBot>;

/** Body of every refusal; `err_code` is the newer name and wins. A message under review is told of in the same form. */
export const Refusal = z.looseObject({
  message: z.string().optional(),
  code: z.number().optional(),
  err_code: z.number().optional(),
  trace_id: z.string().optional(),
  data: z
    .looseObject({ message_audit: z.looseObject({ audit_id: z.string().optional() }).optional() })
    .nullish()
    .catch(undefined),
});
export type Refusal = z.infer<typeof Refusal>;
