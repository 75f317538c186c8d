/** Any of them makes an entry of `channels.qq` an account, and its base more than what accounts inherit. */
export const ACCOUNT_KEYS = ["appId", "appSecret", "appSecretFile", "httpUrl", "wsUrl", "reversePath"] as const;

/** What belongs to one account: which bot or QQ account it is, its secrets, and where its messages come to. */
export const IDENTITY_KEYS = [...ACCOUNT_KEYS, "accessToken", "tokenFile", "selfId", "webhookPath"] as const;

/** All that says how an account is reached. Another road replaces every one of them. */
export const ROAD_KEYS = [...IDENTITY_KEYS, "transport"] as const;
