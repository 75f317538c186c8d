import { readFileSync } from "node:fs";
import { resolveSecretInputString } from "openclaw/plugin-sdk/secret-input";
import { QQConfigError } from "../errors.ts";
import type { AccountConfig } from "./schema.ts";

/** Where a secret comes from; `none` when nothing is configured. */
export type SecretSource = "config" | "file" | "env" | "none";

/** A secret as it was found, or why it could not be read. Both are absent when nothing is configured. */
export interface Secret {
  readonly source: SecretSource;
  readonly value?: string;
  readonly error?: QQConfigError;
}

/** `inspect` leaves a SecretRef that is not resolved alone instead of failing for it. */
export type ReadMode = "strict" | "inspect";

/** The keys of a secret: as text or reference, and as a file. The text wins. */
export interface SecretKeys {
  readonly inline: "appSecret" | "accessToken";
  readonly file: "appSecretFile" | "tokenFile";
  /** What the operator knows it as. */
  readonly name: string;
}

export const APP_SECRET: SecretKeys = { inline: "appSecret", file: "appSecretFile", name: "AppSecret" };
export const ACCESS_TOKEN: SecretKeys = { inline: "accessToken", file: "tokenFile", name: "access token" };

/** Reads a secret of the entry at `path`, such as `channels.qq.accounts.work`. Never throws. */
export function readSecret(config: AccountConfig, keys: SecretKeys, path: string, mode: ReadMode): Secret {
  const inline = readInline(config[keys.inline], `${path}.${keys.inline}`, mode);
  if (inline) return inline;
  const file = config[keys.file];
  return file === undefined ? { source: "none" } : readFile(file, `${path}.${keys.file}`, keys.name);
}

/** A secret is inherited whole: an account that names a file of its own does not want the base's text. */
export function withOwnSecrets(config: AccountConfig, own: Partial<AccountConfig> | undefined): AccountConfig {
  const kept = { ...config };
  for (const { inline, file } of [APP_SECRET, ACCESS_TOKEN]) {
    if (own?.[file] !== undefined && own[inline] === undefined) delete kept[inline];
  }
  return kept;
}

/** Text without the space around it; `undefined` when nothing is left. */
export function trimmed(text: string | undefined): string | undefined {
  const value = text?.trim();
  return value === "" ? undefined : value;
}

function readInline(value: unknown, key: string, mode: ReadMode): Secret | undefined {
  try {
    const secret = resolveSecretInputString({ value, path: key, mode });
    switch (secret.status) {
      case "available":
        return { source: "config", value: secret.value };
      case "configured_unavailable":
        return {
          source: "config",
          error: new QQConfigError(key, {
            en: `${key} is a secret reference that is not resolved: see \`openclaw secrets audit\`, then run \`openclaw secrets reload\``,
            zh: `${key} 的密钥引用尚未解析：请用 \`openclaw secrets audit\` 检查，再运行 \`openclaw secrets reload\``,
          }),
        };
      case "missing":
        return undefined;
    }
  } catch (error) {
    const wording = {
      en: `${key} is a secret reference that could not be resolved: check its provider and id, then run \`openclaw secrets reload\``,
      zh: `${key} 的密钥引用无法解析：请检查其 provider 和 id，再运行 \`openclaw secrets reload\``,
    };
    return { source: "config", error: new QQConfigError(key, wording, { cause: error }) };
  }
}

function readFile(file: string, key: string, name: string): Secret {
  try {
    const value = trimmed(readFileSync(file, "utf8"));
    if (value !== undefined) return { source: "file", value };
    const wording = {
      en: `${key}: the file is empty; write the ${name} into it`,
      zh: `${key}：文件为空，请写入 ${name}`,
    };
    return { source: "file", error: new QQConfigError(key, wording) };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    const wording = {
      en: `${key}: the file cannot be read (${reason}); give the path of a file that holds the ${name}`,
      zh: `${key}：无法读取文件（${reason}），请填写存放 ${name} 的文件路径`,
    };
    return { source: "file", error: new QQConfigError(key, wording, { cause: error }) };
  }
}
