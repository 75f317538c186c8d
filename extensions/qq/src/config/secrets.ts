import {
  collectConditionalChannelFieldAssignments,
  createChannelSecretTargetRegistryEntries,
  getChannelSurface,
  hasOwnProperty,
} from "openclaw/plugin-sdk/channel-secret-basic-runtime";

type CollectParams = Omit<
  Parameters<typeof collectConditionalChannelFieldAssignments>[0],
  | "channel"
  | "surface"
  | "channelKey"
  | "field"
  | "topLevelActiveWithoutAccounts"
  | "topLevelInheritedAccountActive"
  | "accountActive"
  | "topInactiveReason"
  | "accountInactiveReason"
> & {
  readonly config: Parameters<typeof getChannelSurface>[0];
};

const FIELDS = ["appSecret", "accessToken"] as const;

/** Where secrets may stand: the host resolves a SecretRef there before an account starts. */
const secretTargetRegistryEntries = createChannelSecretTargetRegistryEntries({
  channelKey: "qq",
  account: [...FIELDS],
  channel: [...FIELDS],
});

/** Tells the host which of the secret references are in use; the rest are not resolved. */
function collectRuntimeConfigAssignments(params: CollectParams): void {
  const resolved = getChannelSurface(params.config, "qq");
  if (!resolved) return;
  for (const field of FIELDS) {
    collectConditionalChannelFieldAssignments({
      channelKey: "qq",
      field,
      channel: resolved.channel,
      surface: resolved.surface,
      defaults: params.defaults,
      context: params.context,
      topLevelActiveWithoutAccounts: true,
      topLevelInheritedAccountActive: ({ account, enabled }) => enabled && !hasOwnProperty(account, field),
      accountActive: ({ enabled }) => enabled,
      topInactiveReason: `no enabled QQ account uses this top-level ${field}.`,
      accountInactiveReason: "this QQ account is disabled.",
    });
  }
}

export const channelSecrets = { secretTargetRegistryEntries, collectRuntimeConfigAssignments };
