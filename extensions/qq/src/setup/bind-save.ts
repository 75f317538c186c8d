import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { coerceSecretRef } from "openclaw/plugin-sdk/secret-input";
import { isConfigured, listAccountIds, resolveAccount, type Env, type QQAccount } from "../config/account.ts";
import { withOwner, type BoundConfig, type Scan } from "./bind-owner.ts";
import { withOwnSecrets } from "../config/secret-value.ts";
import type { BoundBot } from "./bind.ts";
import { inheritsRoad, ownEntry, withAccount, withRoad, type AccountPatch } from "./save.ts";

/** What a scan would write over. */
export interface Occupant {
  readonly account: QQAccount;
  /** Its secret is a SecretRef: only who keeps the secret can put another into it. */
  readonly secretIsReference: boolean;
}

/** Who has that account already; `undefined` when nobody. */
export function occupantOf(cfg: OpenClawConfig, accountId: string, env: Env): Occupant | undefined {
  const id = normalizeAccountId(accountId);
  if (!listAccountIds(cfg).includes(id)) return undefined;
  const account = resolveAccount(cfg, id, env, "inspect");
  if (!isConfigured(account)) return undefined;
  return { account, secretIsReference: coerceSecretRef(account.config.appSecret) !== null };
}

/** Whether the scan would put a secret that is a reference into the configuration as text: that is asked first. */
export function becomesText(occupant: Occupant | undefined, secretFile: string | undefined): boolean {
  return occupant?.secretIsReference === true && secretFile === undefined;
}

/** The file in which the account itself keeps its secret; `undefined` when it has none, or shares another account's. */
export function secretFileOf(cfg: OpenClawConfig, accountId: string): string | undefined {
  const own = ownEntry(cfg, accountId);
  const isDefault = normalizeAccountId(accountId) === DEFAULT_ACCOUNT_ID;
  // What the default account inherits is its own: the base is nobody else's.
  const inherited = isDefault ? resolveAccount(cfg, accountId, {}, "inspect").config : {};
  const { appSecret, appSecretFile } = withOwnSecrets({ ...inherited, ...own }, own);
  return appSecret === undefined ? appSecretFile : undefined;
}

/**
 * Writes the bot into the account. The same bot keeps its road (a webhook stays one); another one gets the gateway, which
 * needs no public address. `secretFile` holds the secret, where the operator keeps it in a file.
 *
 * Who scanned owns the bot at QQ and sits before the terminal of this machine: see `withOwner`.
 */
export function withBoundBot(
  cfg: OpenClawConfig,
  accountId: string,
  bot: BoundBot,
  env: Env,
  secretFile?: string,
): BoundConfig {
  const occupant = occupantOf(cfg, accountId, env);
  const same = occupant?.account.appId === bot.appId;
  const secret: AccountPatch =
    secretFile === undefined
      ? { appSecret: bot.appSecret, appSecretFile: undefined }
      : { appSecret: undefined, appSecretFile: secretFile };
  const credentials: AccountPatch = { appId: bot.appId, ...secret };
  const written = same
    ? withAccount(cfg, accountId, credentials)
    : withRoad(cfg, accountId, { ...credentials, ...(inheritsRoad(cfg, accountId) && { transport: "websocket" }) });
  const lists = listsOf(resolveAccount(cfg, accountId, env, "inspect"), bot.appId);
  return withOwner(written, accountId, { openid: bot.ownerOpenid, lists, env });
}

/** Whom the lists before the scan were written for: where they are inherited, the bot that is inherited too. */
function listsOf({ appId, transport }: QQAccount, bound: string): Scan["lists"] {
  if (transport === "onebot") return "another's";
  if (appId === undefined) return "nobody's";
  return appId === bound ? "its" : "another's";
}
