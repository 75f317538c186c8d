import { resolve } from "node:path";
import { DEFAULT_ACCOUNT_ID } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { isConfigured, resolveAccount, type Env } from "../config/account.ts";
import type { setupFields } from "../config/setup-fields.ts";
import type { Wording } from "../errors.ts";
import { DEFAULT_NAPCAT_URL, isOrigin, parseBothSecrets } from "./answers.ts";
import type { AccountPatch } from "./save.ts";
import { flagTexts } from "./texts.ts";

type Fields = typeof setupFields;
type FieldValue<Field> = Field extends { readonly kind: "boolean" }
  ? boolean
  : Field extends { readonly choices: readonly (infer Choice)[] }
    ? Choice
    : string;

/** What was typed after `channels add --channel qq`. */
export type SetupInput = { name?: string } & { [Key in keyof Fields]?: FieldValue<Fields[Key]> };

/** What the flags ask for, or what to type instead. */
export type FlagsRead =
  | { readonly ok: true; readonly patch: AccountPatch; readonly isAnotherRoad: boolean }
  | { readonly ok: false; readonly wording: Wording };

type Flag = keyof SetupInput & keyof Fields;

const OFFICIAL: readonly Flag[] = [
  "token",
  "appId",
  "appSecret",
  "appSecretFile",
  "webhookPath",
  "publicUrl",
  "useEnv",
];
const PERSONAL: readonly Flag[] = ["httpUrl", "wsUrl", "reversePath", "accessToken", "tokenFile", "selfId"];

/** Reads the flags for the account as it is configured now. */
export function readFlags(input: SetupInput, cfg: OpenClawConfig, accountId: string, env: Env): FlagsRead {
  const wording = refusal(input, accountId, env);
  if (wording) return { ok: false, wording };
  const now = resolveAccount(cfg, accountId, env, "inspect");
  const personal = isPersonal(input) ?? now.transport === "onebot";
  const isAnotherRoad = isConfigured(now) && (now.transport === "onebot") !== personal;
  const isNew = isAnotherRoad || !isConfigured(now);
  const patch = personal ? personalPatch(input, isNew) : officialPatch(input);
  return { ok: true, isAnotherRoad, patch: { ...(input.name !== undefined && { name: input.name }), ...patch } };
}

/** Whether the flags speak of a personal account; `undefined` when they do not say. */
function isPersonal(input: SetupInput): boolean | undefined {
  if (input.transport !== undefined) return input.transport === "onebot" || input.transport === "napcat";
  if (firstOf(input, PERSONAL)) return true;
  return firstOf(input, OFFICIAL) ? false : undefined;
}

function refusal(input: SetupInput, accountId: string, env: Env): Wording | undefined {
  const wording = roadRefusal(input) ?? secretRefusal(input);
  if (wording) return wording;
  if (input.publicUrl !== undefined && !isOrigin(input.publicUrl)) return flagTexts.publicUrl;
  return input.useEnv === true ? envRefusal(input, accountId, env) : undefined;
}

/** Flags of both kinds of accounts in one command. */
function roadRefusal(input: SetupInput): Wording | undefined {
  const { transport } = input;
  const said = transport === undefined ? undefined : `--transport ${transport}`;
  const saysPersonal = transport === "onebot" || transport === "napcat";
  const official = saysPersonal ? undefined : said;
  const personal = saysPersonal ? said : undefined;
  const officialFlag = official ?? flagOf(firstOf(input, OFFICIAL));
  const personalFlag = personal ?? flagOf(firstOf(input, PERSONAL));
  return officialFlag && personalFlag ? flagTexts.twoRoads(officialFlag, personalFlag) : undefined;
}

function secretRefusal(input: SetupInput): Wording | undefined {
  if (input.token !== undefined && parseBothSecrets(input.token) === undefined) return flagTexts.token;
  if (input.token !== undefined && firstOf(input, ["appId", "appSecret", "appSecretFile"])) return flagTexts.tokenTwice;
  if (input.appSecret !== undefined && input.appSecretFile !== undefined)
    return flagTexts.secretTwice("--app-secret", "--app-secret-file");
  const isTwice = input.accessToken !== undefined && input.tokenFile !== undefined;
  return isTwice ? flagTexts.secretTwice("--access-token", "--token-file") : undefined;
}

function envRefusal(input: SetupInput, accountId: string, env: Env): Wording | undefined {
  if (accountId !== DEFAULT_ACCOUNT_ID) return flagTexts.envAccount;
  if (firstOf(input, ["token", "appId", "appSecret", "appSecretFile"])) return flagTexts.envAlone;
  const isThere = (name: string): boolean => (env[name] ?? "").trim() !== "";
  const isComplete = isThere("QQ_BOT_APP_ID") && (isThere("QQ_BOT_APP_SECRET") || isThere("QQ_APP_SECRET"));
  return isComplete ? undefined : flagTexts.envMissing;
}

/** Files by their whole path: the gateway may run elsewhere than this command. */
function officialPatch(input: SetupInput): AccountPatch {
  const both = input.token === undefined ? undefined : parseBothSecrets(input.token);
  const appId = both?.appId ?? input.appId?.trim();
  const appSecret = both?.appSecret ?? input.appSecret;
  return {
    ...(input.useEnv === true && { appId: undefined, appSecret: undefined, appSecretFile: undefined }),
    ...(appId !== undefined && { appId }),
    ...(appSecret !== undefined && { appSecret, appSecretFile: undefined }),
    ...(input.appSecretFile !== undefined && { appSecretFile: resolve(input.appSecretFile), appSecret: undefined }),
    ...arrivalPatch(input),
  };
}

function arrivalPatch({ transport, webhookPath }: SetupInput): AccountPatch {
  if (transport === "websocket") return { transport, webhookPath };
  if (transport !== "webhook" && webhookPath === undefined) return {};
  return { transport: "webhook", ...(webhookPath !== undefined && { webhookPath }) };
}

function personalPatch(input: SetupInput, isNew: boolean): AccountPatch {
  const { httpUrl, wsUrl, reversePath, accessToken, tokenFile, selfId, transport } = input;
  const hasAddress = httpUrl !== undefined || wsUrl !== undefined || reversePath !== undefined;
  return {
    ...(transport !== undefined && { transport: "onebot" as const }),
    ...(!hasAddress && isNew && { wsUrl: DEFAULT_NAPCAT_URL }),
    ...(httpUrl !== undefined && { httpUrl }),
    ...(wsUrl !== undefined && { wsUrl }),
    ...(reversePath !== undefined && { reversePath }),
    ...(accessToken !== undefined && { accessToken, tokenFile: undefined }),
    ...(tokenFile !== undefined && { tokenFile: resolve(tokenFile), accessToken: undefined }),
    ...(selfId !== undefined && { selfId }),
  };
}

function firstOf(input: SetupInput, flags: readonly Flag[]): Flag | undefined {
  return flags.find((flag) => input[flag] !== undefined && input[flag] !== false);
}

/** `appSecretFile` is typed as `--app-secret-file`. */
function flagOf(flag: Flag | undefined): string | undefined {
  return flag && `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
