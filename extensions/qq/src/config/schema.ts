import {
  buildChannelAccountSchemaParts,
  ChannelGroupEntrySchema,
  ChannelImplicitMentionsSchema,
  refineChannelDmPolicy,
  TextChunkModeSchema,
} from "openclaw/plugin-sdk/channel-config-schema";
import { buildSecretInputSchema } from "openclaw/plugin-sdk/secret-input";
import { z } from "zod";
import { MAX_TEXT_UNITS } from "../protocol/official/limits.ts";
import { refineTransport } from "./contradictions.ts";
import { keyTexts } from "./key-texts.ts";
import { oneBotShape } from "./onebot-schema.ts";

/** Path the callbacks of official bots are taken on, where none is configured. */
export const DEFAULT_WEBHOOK_PATH = "/qq-official-webhook";

/** More gateway sessions than this QQ grants to nobody: 1000 Identifies a day in its documents (qq-official.md 2.1). */
const MAX_SHARDS = 1000;
const SHARDS = /^(?:auto|[1-9]\d{0,2}|1000)$/;
const SHARDS_ADVICE = `write "auto", or a number from 1 to ${MAX_SHARDS}`;

const TransportSchema = z.enum(["webhook", "websocket", "onebot"]);
export type TransportName = z.infer<typeof TransportSchema>;

/** Keys of ours; each label and help becomes the form of the Control UI and a row of docs/configuration.md. */
const ownShape = {
  transport: TransportSchema.optional(),
  appId: z
    .union([
      z.string().regex(/^\d{4,20}$/, "write the AppID from q.qq.com, digits only; an openid or a QQ number is not one"),
      z.number().int().positive(),
    ])
    .optional(),
  appSecret: buildSecretInputSchema().optional(),
  appSecretFile: z.string().min(1).optional(),
  apiBaseUrl: z
    .string()
    .regex(/^https?:\/\/[^/\s]+\/?$/, "write an origin such as https://api.bot.qq.com, without a path")
    .optional(),
  webhookPath: z
    .string()
    .regex(/^\/[^\s?#]*$/, "write a path that starts with /, such as /qq-official-webhook")
    .optional(),
  shards: z
    .union(
      [
        z.string().regex(SHARDS, SHARDS_ADVICE),
        z.number().int(SHARDS_ADVICE).positive(SHARDS_ADVICE).max(MAX_SHARDS, SHARDS_ADVICE),
      ],
      SHARDS_ADVICE,
    )
    .optional(),
  guildMessages: z.boolean().optional(),
  ...oneBotShape,
  locale: z.enum(["en", "zh"]).optional(),
  typing: z.boolean().optional(),
  ackReaction: z.string().optional(),
  removeAckAfterReply: z.boolean().optional(),
  nativeMarkdown: z.boolean().optional(),
  nativeStreaming: z.boolean().optional(),
  progressAfterSeconds: z.number().int().min(0).optional(),
  proactivePerDay: z.number().int().min(0).optional(),
  textChunkLimit: z.number().int().positive().max(MAX_TEXT_UNITS, "QQ takes no more than 5000 characters").optional(),
  chunkMode: TextChunkModeSchema.optional(),
  // The host's own says nothing of what may stand there.
  replyToMode: z.enum(["off", "first", "all"]).optional(),
  implicitMentions: ChannelImplicitMentionsSchema.optional(),
  groups: z.record(z.string(), ChannelGroupEntrySchema.optional()).optional(),
};

const { accountShape, rootPolicyShape } = buildChannelAccountSchemaParts();

const AccountSchema = z.strictObject(explained({ ...accountShape, ...ownShape }));
export type AccountConfig = z.infer<typeof AccountSchema>;

/** The whole of `channels.qq`: the default account at the top, further ones under `accounts`, which inherit from it. */
export const ChannelSchema = z
  .strictObject(
    explained({
      ...accountShape,
      ...rootPolicyShape,
      ...ownShape,
      accounts: z.record(z.string(), AccountSchema).optional(),
      defaultAccount: z.string().optional(),
    }),
  )
  .superRefine((value, ctx) => {
    // The host's type predates exactOptionalPropertyTypes: an absent key and an undefined one are the same to it.
    const policy = { channelId: "qq", value: value as Parameters<typeof refineChannelDmPolicy>[0]["value"], ctx };
    refineChannelDmPolicy(policy);
    for (const accountId of Object.keys(value.accounts ?? {})) refineChannelDmPolicy({ ...policy, accountId });
    refineTransport(value, ctx);
  });

/**
 * Puts label and help into the schema too: in an account of a name the host's form takes its own hint, which may have
 * neither, before that of a plugin.
 */
function explained<Shape extends Readonly<Record<string, z.ZodType>>>(shape: Shape): Shape {
  const entries = Object.entries(shape).map(([key, schema]) => {
    const text = keyTexts[key];
    return [key, text ? schema.meta({ title: text.label, description: text.help }) : schema] as const;
  });
  // Each key has the schema that it had.
  return Object.fromEntries(entries) as Shape;
}
