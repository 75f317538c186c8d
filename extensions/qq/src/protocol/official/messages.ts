import { z } from "zod";

/** What a send is tied to. With neither id it is a proactive message. */
export type Anchor =
  | { readonly msg_id: string; readonly event_id?: never; readonly msg_seq: number }
  | { readonly event_id: string; readonly msg_id?: never; readonly msg_seq: number }
  | { readonly msg_id?: never; readonly event_id?: never; readonly msg_seq?: never };

/** `message_id` is an index `REFIDX_...`, of an inbound message or of an own one, not a message id. */
interface Quote {
  readonly message_reference?: { readonly message_id: string };
}

/** Body of `POST /v2/users/{openid}/messages` and `POST /v2/groups/{group_openid}/messages` (QQ, "Send a message"). */
export type V2Message = Anchor &
  (
    | ({ readonly msg_type: 0; readonly content: string } & Quote)
    | ({ readonly msg_type: 2; readonly markdown: { readonly content: string } } & Quote)
  );

/** Body that only C2C takes: the "is typing" notice, shown for `input_second` (1-60 s). */
export type C2CMessage =
  | V2Message
  | (Anchor & {
      readonly msg_type: 6;
      readonly input_notify: { readonly input_type: 1; readonly input_second: number };
    });

/** Answer to a send. `ext_info.ref_idx` is what a later message quotes this one by. */
export const SendAnswer = z.looseObject({
  id: z.string(),
  timestamp: z.union([z.string(), z.number()]).optional(),
  ext_info: z.looseObject({ ref_idx: z.string().optional() }).optional(),
});
export type SendAnswer = z.infer<typeof SendAnswer>;

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

/** Body of every refusal; `err_code` is the newer name and wins. */
export const Refusal = z.looseObject({
  message: z.string().optional(),
  code: z.number().optional(),
  err_code: z.number().optional(),
  trace_id: z.string().optional(),
});
export type Refusal = z.infer<typeof Refusal>;
