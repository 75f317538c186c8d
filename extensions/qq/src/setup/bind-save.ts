import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { coerceSecretRef } from "openclaw/plugin-sdk/secret-input";
import { isConfigured, listAccountIds, resolveAccount, type Env, type QQAccount } from "../config/account.ts";
import type { BoundBot } from "./bind.ts";
import { inheritsRoad, withAccount, withRoad, type AccountPatch } from "./save.ts";

/** The configuration with a bound bot in it. */
export interface BoundConfig {
  readonly cfg: OpenClawConfig;
  /** Who scanned was put into the account's `allowFrom`. */
  readonly allowed: boolean;
  /** Who scanned was put into `commands.ownerAllowFrom`. */
  readonly owner: boolean;
}

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

/**
 * Writes the bot into the account. The same bot keeps its road (a webhook stays one); another one gets the gateway, which
 * needs no public address. `secretFile` already holds the secret, where the operator keeps it in a file.
 *
 * Who scanned owns the bot at QQ and sits before the terminal of this machine: they may write to the bot at once, unless
 * the account says already who may. They are also named as owner where nobody is: they will never be paired, and the host
 * gives ownership to the first who is, which would be a stranger.
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
  return withOwner(written, accountId, bot.ownerOpenid, env);
}

function withOwner(cfg: OpenClawConfig, accountId: string, openid: string | undefined, env: Env): BoundConfig {
  if (openid === undefined) return { cfg, allowed: false, owner: false };
  const { dmPolicy, allowFrom = [] } = resolveAccount(cfg, accountId, env, "inspect").config;
  const allowed =
    allowFrom.length === 0 && (dmPolicy === undefined || dmPolicy === "pairing" || dmPolicy === "allowlist");
  const admitted = allowed ? withAccount(cfg, accountId, { allowFrom: [openid] }) : cfg;
  // Owners of every channel stand in one list; as the host writes one when it pairs the first user.
  const owner = (cfg.commands?.ownerAllowFrom ?? []).length === 0;
  const named = owner
    ? { ...admitted, commands: { ...admitted.commands, ownerAllowFrom: [`qq:${openid}`] } }
    : admitted;
  return { cfg: named, allowed, owner };
}

/** Where the account keeps its secret in a file; `undefined` when in the configuration. */
export function secretFileOf(occupant: Occupant | undefined): string | undefined {
  const config = occupant?.account.config;
  return config?.appSecret === undefined ? config?.appSecretFile : undefined;
}
