import { z } from "zod";

/**
 * Scan to bind (qq-official.md 12; the flow of Tencent's connector 1.1 and 1.2): a page on the phone on which the owner of
 * a bot hands its AppID and AppSecret to whoever shows the QR code. No login, no token.
 */
export const DEFAULT_BIND_BASE_URL = "https://q.qq.com";

/** `{key}`: 32 random bytes in base64, with which QQ seals the secret. Whoever has it and the task's id can read it. */
export interface CreateBindTask {
  readonly key: string;
}

export interface PollBindResult {
  readonly task_id: string;
}

export const bindPaths = { create: "/lite/create_bind_task", poll: "/lite/poll_bind_result" } as const;

/** What every answer is wrapped in: a `retcode` other than 0 is a refusal, whatever the HTTP status. */
export const BindEnvelope = z.looseObject({ retcode: z.number() });

export const BindTask = z.looseObject({ data: z.looseObject({ task_id: z.string().min(1) }) });

/** An AppID (qq-official.md 1): the same that the configuration takes. */
const APP_ID = /^\d{4,20}$/;

/** An openid of a person (qq-official.md 4.1). It goes into an allowlist, where `*` would let everybody in. */
const OPENID = /^[0-9A-F]{32}$/i;

/** AppIDs are decimal, and come as text or number. */
const AppId = z.union([z.string(), z.number()]).transform(String);

export const BindResult = z.looseObject({
  data: z.looseObject({
    status: z.coerce.number(),
    bot_appid: AppId.optional(),
    bot_encrypt_secret: z.string().optional(),
    /** Since connector 1.2: the person who scanned, as the bot knows them; see `OPENID`. */
    user_openid: z.string().optional(),
  }),
});

/** What became of a task. */
export type BindStatus =
  /** Status 0 none and 1 pending: nobody has confirmed yet. */
  | { readonly status: "waiting" }
  | {
      readonly status: "completed";
      readonly appId: string;
      /** See `openSecret`. */
      readonly sealedSecret: string;
      readonly userOpenid: string | undefined;
    }
  /** It will not be completed any more: make another. */
  | { readonly status: "expired" };

const COMPLETED = 2;
const EXPIRED = 3;

/**
 * Reads a polled result. `undefined` when it says that the bot is bound and lacks what that gives. A status that is not
 * known leaves the task open: one more step on the phone must not end the scan. A person is not made up of what is no
 * openid: the bot is bound without.
 */
export function decodeBindStatus({ data }: z.infer<typeof BindResult>): BindStatus | undefined {
  if (data.status === EXPIRED) return { status: "expired" };
  if (data.status !== COMPLETED) return { status: "waiting" };
  const { bot_appid, bot_encrypt_secret, user_openid } = data;
  if (bot_appid === undefined || !APP_ID.test(bot_appid) || !bot_encrypt_secret) return undefined;
  return {
    status: "completed",
    appId: bot_appid,
    sealedSecret: bot_encrypt_secret,
    userOpenid: OPENID.test(user_openid ?? "") ? user_openid : undefined,
  };
}

/**
 * The page that the QR code leads to. It is at q.qq.com whatever host of QQ is asked; where another host stands in for QQ,
 * such as the emulator, it is there. `source` is who asks, as the page shows it; QQ shows an empty one as a third-party bot.
 */
export function connectUrl(baseUrl: string, taskId: string, source: string): string {
  const { hostname, origin } = new URL(baseUrl);
  const isQQ = hostname === "q.qq.com" || hostname.endsWith(".q.qq.com");
  const url = new URL("/qqbot/openclaw/connect.html", isQQ ? DEFAULT_BIND_BASE_URL : origin);
  url.search = new URLSearchParams({ task_id: taskId, source, _wv: "2" }).toString();
  return url.href;
}
