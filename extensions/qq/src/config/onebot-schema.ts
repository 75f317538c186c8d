import { buildSecretInputSchema } from "openclaw/plugin-sdk/secret-input";
import { z } from "zod";

/** Root of the paths on the gateway that a OneBot implementation may dial: the plugin holds it for as long as it is loaded. */
export const REVERSE_ROOT = "/qq-onebot";

/** Shortest token of a listener, characters: NapCat's own WebUI makes as many (onebot-napcat.md 1.1). */
export const LISTENER_TOKEN_LENGTH = 16;

/**
 * Largest limit for base64, MB: NapCat closes a socket on a frame of more than 50 MiB (onebot-napcat.md 1.2), and
 * base64 is a third longer than the file.
 */
const MAX_BASE64_MB = 30;

const everywhere = "0.0.0.0 is where NapCat listens, not where it is reached: write 127.0.0.1, or the host it runs on";
const requestPolicy = z.enum(["ask", "approve", "ignore"]);

/** Keys of personal accounts. */
export const oneBotShape = {
  httpUrl: z
    .string()
    .regex(
      /^https?:\/\/[^/\s?#@]+(?:\/[^\s?#]*)?$/,
      "write the address of NapCat's HTTP server, such as http://localhost:3000; its token goes into accessToken",
    )
    .regex(/^(?!https?:\/\/0\.0\.0\.0(?:[:/]|$))/, everywhere)
    .optional(),
  wsUrl: z
    .string()
    .regex(
      /^wss?:\/\/[^/\s?#@]+(?:\/[^\s?#]*)?$/,
      "write the address of NapCat's WebSocket server, such as ws://localhost:3001; its token goes into accessToken",
    )
    .regex(/^(?!wss?:\/\/[^/]*\/api\/?$)/, "no events come on /api: leave the path out, as in ws://localhost:3001")
    .regex(/^(?!wss?:\/\/0\.0\.0\.0(?:[:/]|$))/, everywhere)
    .optional(),
  accessToken: buildSecretInputSchema().optional(),
  tokenFile: z.string().min(1).optional(),
  reversePath: z
    .string()
    .regex(/^\/qq-onebot(?:\/[\w.~-]+)*$/, `write ${REVERSE_ROOT}, or a path below it such as ${REVERSE_ROOT}/work`)
    .optional(),
  selfId: z
    .union([
      z.string().regex(/^[1-9]\d{4,11}$/, "write the account's QQ number, digits only"),
      z.number().int().positive(),
    ])
    .optional(),
  connectionTimeoutMs: z.number().int().positive().optional(),
  reconnectIntervalMs: z.number().int().positive().optional(),
  base64MaxMb: z
    .number()
    .min(0)
    .max(MAX_BASE64_MB, `write ${MAX_BASE64_MB} or less: NapCat takes no frame of more than 50 MiB`)
    .optional(),
  sendGapMs: z.number().int().min(0).optional(),
  staleAfterMinutes: z.number().positive().optional(),
  mergeForwardAfter: z.number().int().min(0).optional(),
  friendRequests: requestPolicy.optional(),
  groupRequests: requestPolicy.optional(),
};
