import { createAccountListHelpers } from "openclaw/plugin-sdk/account-helpers";
import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { QQConfigError, type Wording } from "../errors.ts";
import { DEFAULT_API_BASE_URL } from "../protocol/official/endpoints.ts";
import { localeOf, type Locale } from "../texts.ts";
import type { OneBotAccess } from "../transport/onebot/account.ts";
import { exposure, oneBotAccess, oneBotAddresses, type OneBotAddresses } from "./onebot-access.ts";
import { DEFAULT_WEBHOOK_PATH, type AccountConfig } from "./schema.ts";
import {
  ACCESS_TOKEN,
  APP_SECRET,
  readSecret,
  trimmed,
  withOwnSecrets,
  type ReadMode,
  type Secret,
  type SecretSource,
} from "./secret-value.ts";
import { chooseTransport } from "./transport-choice.ts";

/** Variables of the environment; a value in `channels.qq` wins over them. They speak for the default account only. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What an official bot's line needs. */
export interface OfficialCredentials {
  readonly appId: string;
  readonly appSecret: string;
  readonly apiBaseUrl: string;
}

/** What was read of the configuration, or what is wrong with it. */
export type Readout<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: QQConfigError };

/** What was read; throws the error where something is wrong. */
export function settled<T>(readout: Readout<T>): T {
  if (!readout.ok) throw readout.error;
  return readout.value;
}

interface AccountBase {
  readonly accountId: string;
  readonly name: string | undefined;
  readonly enabled: boolean;
  readonly config: AccountConfig;
  /** Language of what users and the operator are told. */
  readonly locale: Locale;
  /** Why that transport, for the log and the status. */
  readonly transportWhy: string;
  readonly webhookPath: string;
  readonly apiBaseUrl: string;
  readonly appId: string | undefined;
  readonly secretSource: SecretSource;
}

/** A bot of QQ's open platform. */
export interface OfficialAccount extends AccountBase {
  readonly transport: "webhook" | "websocket";
  readonly credentials: Readout<OfficialCredentials>;
}

/** A personal account behind a OneBot 11 implementation. */
export interface OneBotAccount extends AccountBase {
  readonly transport: "onebot";
  readonly addresses: OneBotAddresses;
  /** Advice when the implementation takes calls from anybody on the network. */
  readonly exposure: Wording | undefined;
  readonly credentials: Readout<OneBotAccess>;
}

/** One account, read from the configuration. Complete or not, it can be shown; only a complete one can run. */
export type QQAccount = OfficialAccount | OneBotAccount;

const helpers = createAccountListHelpers("qq", {
  omitKeys: ["defaultAccount"],
  implicitDefaultAccount: {
    channelKeys: ["appId", "appSecret", "appSecretFile", "httpUrl", "wsUrl"],
    envVars: ["QQ_BOT_APP_ID"],
  },
});

export const { listAccountIds, resolveDefaultAccountId } = helpers;

/**
 * Reads one account; the base of `channels.qq` is inherited. `inspect` leaves a SecretRef that is not resolved alone
 * instead of failing for it: enough to show the account. Never throws; what is wrong is in `credentials`.
 */
export function resolveAccount(
  cfg: OpenClawConfig,
  accountId: string | null | undefined,
  env: Env,
  mode: ReadMode = "strict",
): QQAccount {
  const id = normalizeAccountId(accountId ?? resolveDefaultAccountId(cfg));
  // The host has validated it against our schema.
  const config = helpers.resolveAccountConfig(cfg, id) as AccountConfig;
  const ownEnv = id === DEFAULT_ACCOUNT_ID ? env : {};
  const own = ownEntry(id, cfg);
  const entry: Entry = {
    config: withOwnSecrets(config, own?.entry),
    own: own?.entry,
    path: own ? `channels.qq.accounts.${own.key}` : "channels.qq",
    mode,
  };
  const apiBaseUrl = config.apiBaseUrl ?? trimmed(ownEnv["QQ_BOT_API_BASE_URL"]) ?? DEFAULT_API_BASE_URL;
  const base = {
    accountId: id,
    name: trimmed(config.name),
    enabled: channelEnabled(cfg) && config.enabled !== false,
    config,
    locale: config.locale ?? localeOf(env),
    webhookPath: config.webhookPath ?? DEFAULT_WEBHOOK_PATH,
    apiBaseUrl: apiBaseUrl.replace(/\/$/, ""),
  };
  const { transport, transportWhy } = chooseTransport(config, own?.entry);
  return transport === "onebot"
    ? { ...base, transport, transportWhy, ...readOneBot(entry) }
    : { ...base, transport, transportWhy, ...readOfficial(entry, base.apiBaseUrl, ownEnv) };
}

/** Whether somebody meant to set this account up: it is a personal one, or has an AppID or a secret, complete or not. */
export function isConfigured(account: QQAccount): boolean {
  return account.transport === "onebot" || account.appId !== undefined || account.secretSource !== "none";
}

/** An entry with what it inherits, and where it stands. */
interface Entry {
  readonly config: AccountConfig;
  readonly own: Partial<AccountConfig> | undefined;
  readonly path: string;
  readonly mode: ReadMode;
}

function readOneBot({ config, own, path, mode }: Entry) {
  const token = readSecret(config, ACCESS_TOKEN, path, mode);
  const addresses = oneBotAddresses(config, own);
  return {
    appId: undefined,
    secretSource: token.source,
    addresses,
    exposure: exposure(addresses, token, path),
    credentials: oneBotAccess(config, addresses, token, path),
  };
}

function readOfficial({ config, path, mode }: Entry, apiBaseUrl: string, env: Env) {
  const appId = config.appId === undefined ? trimmed(env["QQ_BOT_APP_ID"]) : String(config.appId);
  const written = readSecret(config, APP_SECRET, path, mode);
  const secret = written.source === "none" ? secretOf(env) : written;
  return { appId, secretSource: secret.source, credentials: credentials(appId, secret, apiBaseUrl, path) };
}

function secretOf(env: Env): Secret {
  const value = trimmed(env["QQ_BOT_APP_SECRET"]) ?? trimmed(env["QQ_APP_SECRET"]);
  return value === undefined ? { source: "none" } : { source: "env", value };
}

function credentials(
  appId: string | undefined,
  secret: Secret,
  apiBaseUrl: string,
  path: string,
): Readout<OfficialCredentials> {
  if (secret.error) return { ok: false, error: secret.error };
  if (appId === undefined) return { ok: false, error: missing(`${path}.appId`, "AppID", "QQ_BOT_APP_ID") };
  if (secret.value === undefined) {
    const error = missing(`${path}.appSecret`, "AppSecret", "appSecretFile / QQ_BOT_APP_SECRET");
    return { ok: false, error };
  }
  return { ok: true, value: { appId, appSecret: secret.value, apiBaseUrl } };
}

function missing(key: string, what: string, instead: string): QQConfigError {
  return new QQConfigError(key, {
    en: `${key} is missing: copy the ${what} from q.qq.com, or set ${instead}`,
    zh: `缺少 ${key}：请从 q.qq.com 复制 ${what}，或设置 ${instead}`,
  });
}

interface OwnEntry {
  readonly key: string;
  readonly entry: Partial<AccountConfig> | undefined;
}

/** What stands under `accounts` for the account, with the key as the operator wrote it. */
function ownEntry(accountId: string, cfg: OpenClawConfig): OwnEntry | undefined {
  const channel = cfg.channels?.["qq"] as { accounts?: Record<string, Partial<AccountConfig> | undefined> } | undefined;
  const entries = Object.entries(channel?.accounts ?? {});
  const found =
    entries.find(([key]) => key === accountId) ?? entries.find(([key]) => normalizeAccountId(key) === accountId);
  return found && { key: found[0], entry: found[1] };
}

function channelEnabled(cfg: OpenClawConfig): boolean {
  const channel = cfg.channels?.["qq"] as { enabled?: boolean } | undefined;
  return channel?.enabled !== false;
}
