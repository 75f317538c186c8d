import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { defineChannelSetupContract } from "openclaw/plugin-sdk/channel-setup";
import { isConfigured, resolveAccount, type QQAccount } from "../config/account.ts";
import { env } from "../config/env.ts";
import { setupFields } from "../config/setup-fields.ts";
import { localeOf } from "../texts.ts";
import { freshToken } from "./answers.ts";
import { readFlags, type FlagsRead, type SetupInput } from "./flags.ts";
import { issueOf, withAccount, withRoad } from "./save.ts";
import { flagTexts } from "./texts.ts";

/** Tokens that were made here: nobody knows them yet, so they are shown wherever the lines go. */
const freshTokens = new Set<string>();

/** `openclaw channels add --channel qq` with flags: what it takes, refuses, writes, and says afterwards. */
export const setupContract = defineChannelSetupContract({
  fields: setupFields,
  adapter: {
    configPromotion: "preserve-root",
    singleAccountKeysToMove: [],
    prepareAccountConfigInput: ({ cfg, accountId, input }) => withToken(cfg, accountId, input),
    validateInput: ({ cfg, accountId, input }) => refusal(cfg, accountId, input) ?? null,
    applyAccountName: ({ cfg, accountId, name }) => withAccount(cfg, accountId, { name: name?.trim() || undefined }),
    applyAccountConfig: ({ cfg, accountId, input }) => apply(cfg, accountId, input),
    afterAccountConfigWritten: async ({ cfg, accountId, input }) => {
      const { tellAfterwards } = await import("./afterwards.ts");
      const account = resolveAccount(cfg, accountId, env);
      await tellAfterwards(account, cfg, {
        publicUrl: input.publicUrl,
        hidesToken: !process.stdout.isTTY && !hasFreshToken(account),
        // Flags are typed at a terminal. The host's log would mask NapCat's token, which is to be pasted.
        log: (line) => void process.stdout.write(`${line}\n`),
        locale: localeOf(env),
      });
    },
  },
});

/** A personal account without a token gets one, for NapCat and itself. */
function withToken(cfg: OpenClawConfig, accountId: string, input: SetupInput): SetupInput {
  const flags = readFlags(input, cfg, accountId, env);
  if (!flags.ok) return input;
  const account = resolveAccount(applied(cfg, accountId, flags), accountId, env, "inspect");
  const lacksToken = account.transport === "onebot" && account.secretSource === "none";
  if (!lacksToken) return input;
  const accessToken = freshToken();
  freshTokens.add(accessToken);
  return { ...input, accessToken };
}

function hasFreshToken({ credentials, transport }: QQAccount): boolean {
  if (transport !== "onebot" || !credentials.ok) return false;
  return freshTokens.has(credentials.value.accessToken ?? "");
}

function refusal(cfg: OpenClawConfig, accountId: string, input: SetupInput): string | undefined {
  const locale = localeOf(env);
  const flags = readFlags(input, cfg, accountId, env);
  if (!flags.ok) return flags.wording[locale];
  const next = applied(cfg, accountId, flags);
  const issue = issueOf(next);
  if (issue !== undefined) return issue;
  const account = resolveAccount(next, accountId, env, "inspect");
  if (!isConfigured(account)) return flagTexts.nothing[locale];
  if (account.credentials.ok || refersToSecret(account)) return undefined;
  if (account.transport !== "onebot" && (account.appId === undefined || account.secretSource === "none"))
    return flagTexts.incomplete[locale];
  return account.credentials.error.wording[locale];
}

/** A secret reference is resolved where the account starts, and not here. */
function refersToSecret({ appId, config, transport }: QQAccount): boolean {
  return transport === "onebot"
    ? typeof config.accessToken === "object"
    : appId !== undefined && typeof config.appSecret === "object";
}

function apply(cfg: OpenClawConfig, accountId: string, input: SetupInput): OpenClawConfig {
  const flags = readFlags(input, cfg, accountId, env);
  // The host applies what it has had validated.
  if (!flags.ok) throw new Error(flags.wording.en);
  return applied(cfg, accountId, flags);
}

function applied(
  cfg: OpenClawConfig,
  accountId: string,
  { patch, isAnotherRoad }: Extract<FlagsRead, { ok: true }>,
): OpenClawConfig {
  return isAnotherRoad ? withRoad(cfg, accountId, patch) : withAccount(cfg, accountId, patch);
}
