/** Keys that are read anew for each message, request or answer: a change of one leaves the account's line alone. */
const LIVE_KEYS = [
  "dmPolicy",
  "allowFrom",
  "groupPolicy",
  "groupAllowFrom",
  "groups",
  "typing",
  "ackReaction",
  "removeAckAfterReply",
  "nativeMarkdown",
  "nativeStreaming",
  "progressAfterSeconds",
  "proactivePerDay",
  "textChunkLimit",
  "chunkMode",
  "historyLimit",
  "dmHistoryLimit",
  "replyToMode",
  "mediaMaxMb",
  "staleAfterMinutes",
  "mergeForwardAfter",
  "friendRequests",
  "groupRequests",
  "implicitMentions",
  "mentionPatterns",
  "contextVisibility",
  "responsePrefix",
] as const;

/**
 * What a change of the configuration restarts: the account that it is in; every account, where it is at the top, which
 * all inherit from; none, where the key is live.
 */
export const reload = {
  configPrefixes: ["channels.qq"],
  noopPrefixes: LIVE_KEYS.flatMap((key) => [`channels.qq.${key}`, `channels.qq.accounts.*.${key}`]),
  accountScopedRestart: true,
};
