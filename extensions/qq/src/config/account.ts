import { readFileSync } from "node:fs";
import { createAccountListHelpers } from "openclaw/plugin-sdk/account-helpers";
import { DEFAULT_ACCOUNT_ID, normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { resolveSecretInputString } from "openclaw/plugin-sdk/secret-input";
import { QQConfigError } from "../errors.ts";
import { DEFAULT_API_BASE_URL } from "../protocol/official/endpoints.ts";
import { localeOf, type Locale } from "../texts.ts";
import { DEFAULT_WEBHOOK_PATH, type AccountConfig, type TransportName } from "./schema.ts";

/** Variables of the environment; a value in `channels.qq` wins over them. They speak for the default account only. */
export type Env = Readonly<Record<string, string | undefined>>;

/** What an official bot's line needs. */
export interface OfficialCredentials {
  readonly appId: string;
  readonly appSecret: string;
  readonly apiBaseUrl: string;
}

/** Where a secret comes from; `none` when nothing is configured. */
export type SecretSource = "config" | "file" | "env" | "none";

/** One account, read from the configuration. Complete or not, it can be shown; only a complete one can run. */
export interface QQAccount {
  readonly accountId: string;
  readonly name: string | undefined;
  readonly enabled: boolean;
  readonly config: AccountConfig;
  /** Language of what users and the operator are told. */
  readonly locale: Locale;
  readonly transport: TransportName;
  /** Why that transport, for the log and the status. */
  readonly transportWhy: string;
  readonly webhookPath: string;
  readonly apiBaseUrl: string;
  readonly appId: string | undefined;
  readonly secretSource: SecretSource;
  readonly credentials:
    | { readonly ok: true; readonly value: OfficialCredentials }
    | { readonly ok: false; readonly error: QQConfigError };
}

const helpers = createAccountListHelpers("qq", {
  omitKeys: ["defaultAccount"],
  implicitDefaultAccount: {
    channelKeys: ["appId", "appSecret", "appSecretFile"],
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
  mode: "strict" | "inspect" = "strict",
): QQAccount {
  const id = normalizeAccountId(accountId ?? resolveDefaultAccountId(cfg));
  // The host has validated it against our schema.
  const config = helpers.resolveAccountConfig(cfg, id) as AccountConfig;
  const ownEnv = id === DEFAULT_ACCOUNT_ID ? env : {};
  const appId = config.appId === undefined ? trimmed(ownEnv["QQ_BOT_APP_ID"]) : String(config.appId);
  const apiBaseUrl = (config.apiBaseUrl ?? trimmed(ownEnv["QQ_BOT_API_BASE_URL"]) ?? DEFAULT_API_BASE_URL).replace(
    /\/$/,
    "",
  );
  const own = ownEntry(id, cfg);
  const path = own ? `channels.qq.accounts.${own.key}` : "channels.qq";
  const secret = readSecret(withOwnSecret(config, own?.entry), path, ownEnv, mode);
  return {
    accountId: id,
    name: trimmed(config.name),
    enabled: channelEnabled(cfg) && config.enabled !== false,
    config,
    locale: config.locale ?? localeOf(env),
    ...chooseTransport(config),
    webhookPath: config.webhookPath ?? DEFAULT_WEBHOOK_PATH,
    apiBaseUrl,
    appId,
    secretSource: secret.source,
    credentials: credentials(appId, secret, apiBaseUrl, path),
  };
}

/** Whether somebody meant to set this account up: it has an AppID or a secret, complete or not. */
export function isConfigured(account: QQAccount): boolean {
  return account.appId !== undefined || account.secretSource !== "none";
}

/** Requirement C7: the key says it, else `webhookPath` means webhook, else the gateway needs no public address. */
function chooseTransport(config: AccountConfig): { transport: TransportName; transportWhy: string } {
  if (config.transport) return { transport: config.transport, transportWhy: "transport is set" };
  if (config.webhookPath !== undefined) return { transport: "webhook", transportWhy: "webhookPath is set" };
  return { transport: "websocket", transportWhy: "appId without webhookPath" };
}

interface Secret {
  readonly source: SecretSource;
  readonly value?: string;
  readonly error?: QQConfigError;
}

function readSecret(config: AccountConfig, path: string, env: Env, mode: "strict" | "inspect"): Secret {
  const inline = resolveInline(config, path, mode);
  if (inline) return inline;
  if (config.appSecretFile !== undefined) return readSecretFile(config.appSecretFile, `${path}.appSecretFile`);
  const value = trimmed(env["QQ_BOT_APP_SECRET"]) ?? trimmed(env["QQ_APP_SECRET"]);
  return value === undefined ? { source: "none" } : { source: "env", value };
}

function resolveInline(config: AccountConfig, path: string, mode: "strict" | "inspect"): Secret | undefined {
  const key = `${path}.appSecret`;
  try {
    const secret = resolveSecretInputString({ value: config.appSecret, path: key, mode });
    switch (secret.status) {
      case "available":
        return { source: "config", value: secret.value };
      case "configured_unavailable":
        return {
          source: "config",
          error: new QQConfigError(key, {
            en: `${key} is a secret reference that is not resolved yet`,
            zh: `${key} 是尚未解析的密钥引用`,
          }),
        };
      case "missing":
        return undefined;
    }
  } catch (error) {
    const wording = {
      en: `${key} is a secret reference that could not be resolved: check its provider and id`,
      zh: `${key} 的密钥引用无法解析，请检查其 provider 和 id`,
    };
    return { source: "config", error: new QQConfigError(key, wording, { cause: error }) };
  }
}

function readSecretFile(file: string, key: string): Secret {
  try {
    const value = trimmed(readFileSync(file, "utf8"));
    if (value !== undefined) return { source: "file", value };
    const wording = {
      en: `${key}: the file is empty; write the AppSecret into it`,
      zh: `${key}：文件为空，请写入 AppSecret`,
    };
    return { source: "file", error: new QQConfigError(key, wording) };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const wording = {
      en: `${key}: the file cannot be read (${reason}); give the path of a file that holds the AppSecret`,
      zh: `${key}：无法读取文件（${reason}），请填写存放 AppSecret 的文件路径`,
    };
    return { source: "file", error: new QQConfigError(key, wording, { cause: error }) };
  }
}

function missing(key: string, what: string, instead: string): QQConfigError {
  return new QQConfigError(key, {
    en: `${key} is missing: copy the ${what} from q.qq.com, or set ${instead}`,
    zh: `缺少 ${key}：请从 q.qq.com 复制 ${what}，或设置 ${instead}`,
  });
}

function fail(error: QQConfigError): QQAccount["credentials"] {
  return { ok: false, error };
}

function credentials(
  appId: string | undefined,
  secret: Secret,
  apiBaseUrl: string,
  path: string,
): QQAccount["credentials"] {
  if (secret.error) return fail(secret.error);
  if (appId === undefined) return fail(missing(`${path}.appId`, "AppID", "QQ_BOT_APP_ID"));
  if (secret.value === undefined) {
    return fail(missing(`${path}.appSecret`, "AppSecret", "appSecretFile / QQ_BOT_APP_SECRET"));
  }
  return { ok: true, value: { appId, appSecret: secret.value, apiBaseUrl } };
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

/** A secret is inherited whole: an account that names a file of its own does not want the base's text. */
function withOwnSecret(config: AccountConfig, own: Partial<AccountConfig> | undefined): AccountConfig {
  if (own?.appSecretFile === undefined || own.appSecret !== undefined) return config;
  const { appSecret: _, ...rest } = config;
  return rest;
}

function channelEnabled(cfg: OpenClawConfig): boolean {
  const channel = cfg.channels?.["qq"] as { enabled?: boolean } | undefined;
  return channel?.enabled !== false;
}

function trimmed(text: string | undefined): string | undefined {
  const value = text?.trim();
  return value === "" ? undefined : value;
}
