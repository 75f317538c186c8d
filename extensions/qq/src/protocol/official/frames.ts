import { z } from "zod";

/** Opcodes of the gateway and of callbacks (QQ, "Opcode table"). */
export const Opcode = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  resume: 6,
  reconnect: 7,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
  callbackAck: 12,
  callbackValidation: 13,
} as const;

/** Server to client: the first frame of a connection. `heartbeat_interval` in ms, 41250 in production. */
const Hello = z.looseObject({
  op: z.literal(Opcode.hello),
  d: z.looseObject({ heartbeat_interval: z.number().positive() }),
});

/** Server to client: one event. `s` rises within a session; `id` is the event id and is absent on READY and RESUMED. */
export const Dispatch = z.looseObject({
  op: z.literal(Opcode.dispatch),
  s: z.number().int().nonnegative(),
  t: z.string(),
  id: z.string().optional(),
  d: z.unknown(),
});
export type Dispatch = z.infer<typeof Dispatch>;

/** Everything a gateway sends. Other opcodes fail to parse and are ignored by name. */
export const GatewayFrame = z.discriminatedUnion("op", [
  Hello,
  Dispatch,
  z.looseObject({ op: z.literal(Opcode.heartbeat) }),
  z.looseObject({ op: z.literal(Opcode.reconnect) }),
  z.looseObject({ op: z.literal(Opcode.invalidSession), d: z.boolean().optional() }),
  z.looseObject({ op: z.literal(Opcode.heartbeatAck) }),
]);
export type GatewayFrame = z.infer<typeof GatewayFrame>;

/** Payload of the READY dispatch. */
export const Ready = z.looseObject({
  session_id: z.string().min(1),
  user: z.looseObject({ id: z.string(), username: z.string().optional() }),
});
export type Ready = z.infer<typeof Ready>;

/** Client to server. `token` is `QQBot <access token>`: without the scheme the platform answers op 9. */
export type GatewayCommand =
  | { readonly op: typeof Opcode.heartbeat; readonly d: number | null }
  | {
      readonly op: typeof Opcode.identify;
      readonly d: {
        readonly token: string;
        readonly intents: number;
        readonly shard: readonly [index: number, total: number];
        readonly properties: Readonly<Record<string, string>>;
      };
    }
  | {
      readonly op: typeof Opcode.resume;
      readonly d: { readonly token: string; readonly session_id: string; readonly seq: number };
    };

/** Body of a signed callback. Unlike a gateway dispatch it has no `s`. */
export const CallbackEvent = z.looseObject({
  op: z.literal(Opcode.dispatch),
  id: z.string().min(1),
  t: z.string().min(1),
  d: z.unknown(),
});

/**
 * Type of the event, and beginning of the validation's token, with which we try an account's callbacks ourselves. QQ sends
 * neither: they start nothing, and are no sign that QQ can reach the bot.
 */
export const SELF_TEST = "OPENCLAW_SELF_TEST";

/** Body of the address validation that saving a callback URL triggers. */
export const CallbackValidation = z.looseObject({
  op: z.literal(Opcode.callbackValidation),
  d: z.looseObject({ plain_token: z.string(), event_ts: z.string() }),
});

/** What a callback is answered with: `d` 0 taken, 1 please push it again. */
export interface CallbackAck {
  readonly op: typeof Opcode.callbackAck;
  readonly d: 0 | 1;
}
