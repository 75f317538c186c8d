import { ChannelSchema } from "../../extensions/qq/src/config/schema.ts";
import type { AccountPatch } from "../../extensions/qq/src/setup/save.ts";
import type { Variables } from "./variables.ts";

/** Which key each variable becomes, for errors that name the variable. */
const VARIABLE_OF: Readonly<Record<string, keyof Variables>> = {
  apiBaseUrl: "QQ_BOT_API_BASE_URL",
  appId: "QQ_BOT_APP_ID",
  appSecret: "QQ_BOT_APP_SECRET",
  webhookPath: "QQ_OFFICIAL_WEBHOOK_PATH",
  dmPolicy: "QQ_DM_POLICY",
  allowFrom: "QQ_ALLOW_FROM",
};

/** The keys of the account, its secret as text; or what is wrong with the variables, each line with its name. */
export type Patched = { readonly account: AccountPatch } | { readonly wrong: readonly string[] };

/** The variables as keys of `channels.qq`, checked by the schema that the plugin and the host check by. */
export function channelPatch(variables: Variables): Patched {
  const allowFrom = variables.QQ_ALLOW_FROM?.split(",").flatMap((entry) => entry.trim() || []);
  const patch = {
    enabled: true,
    apiBaseUrl: variables.QQ_BOT_API_BASE_URL,
    appId: variables.QQ_BOT_APP_ID,
    appSecret: variables.QQ_BOT_APP_SECRET,
    webhookPath: variables.QQ_OFFICIAL_WEBHOOK_PATH,
    dmPolicy: variables.QQ_DM_POLICY,
    allowFrom,
  };
  const present = Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));
  const { error } = ChannelSchema.safeParse(present);
  // Not what the parse returns: that has defaults in it, which would overwrite what stands there.
  if (!error) return { account: present };
  return {
    wrong: error.issues.map(({ path, message }) => `${VARIABLE_OF[String(path[0])] ?? path.join(".")}: ${message}`),
  };
}
