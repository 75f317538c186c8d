import { QQApiError, QQConfigError, QQProtocolError } from "../../errors.ts";
import { softwareOf, type Software } from "../../protocol/onebot/software.ts";
import type { OneBotAccess } from "./account.ts";
import type { OneBotCalls } from "./calls.ts";

/** Whose account it is, and which implementation it runs in. */
export interface Identity {
  /** QQ number. */
  readonly id: string;
  readonly name: string;
  /** The implementation's `app_name` and version. */
  readonly software: string;
  readonly kind: Software;
}

/** How long each of the questions may take, ms: they need nothing of QQ. */
const ASK_MS = 15_000;

/**
 * Asks who it is. `toldId` is the account that the events name, where one has come. Rejects with a `QQConfigError` when it
 * is not the account that was configured, with another `QQError` when there is no answer.
 */
export async function askIdentity(
  calls: OneBotCalls,
  access: OneBotAccess,
  toldId: () => string | undefined,
  signal: AbortSignal,
): Promise<Identity> {
  const options = { timeoutMs: ASK_MS, signal };
  const login = await calls.call("get_login_info", {}, options);
  checkId(access, login.user_id, toldId());
  const version = await calls.call("get_version_info", {}, options).catch(withoutVersion);
  const software = [version?.app_name, version?.app_version].filter(Boolean).join(" ");
  return { id: login.user_id, name: login.nickname ?? "", software, kind: softwareOf(version?.app_name) };
}

/** Some have no such action, or answer it in their own way. One that is late may be NapCat all the same: it is asked again. */
function withoutVersion(error: unknown): undefined {
  if (!(error instanceof QQApiError) && !(error instanceof QQProtocolError)) throw error;
}

/** Throws a `QQConfigError` when the account is not the one that is configured, or calls and events are of two accounts. */
function checkId({ selfId }: OneBotAccess, id: string, toldId: string | undefined): void {
  if (selfId !== undefined && selfId !== id) {
    throw new QQConfigError("selfId", {
      en: `selfId is ${selfId}, but the account behind wsUrl and httpUrl is ${id}; correct one of them`,
      zh: `selfId 为 ${selfId}，但 wsUrl / httpUrl 对应的账号是 ${id}；请更正其中之一`,
    });
  }
  if (toldId !== undefined && toldId !== id) {
    throw new QQConfigError("httpUrl", {
      en: `httpUrl belongs to account ${id}, but wsUrl to account ${toldId}; let both name the same NapCat`,
      zh: `httpUrl 对应账号 ${id}，而 wsUrl 对应账号 ${toldId}；请让两者指向同一个 NapCat`,
    });
  }
}
