/** Languages of what users and operators read. */
export type Locale = "en" | "zh";

const texts = {
  pairingSenderId: {
    en: ({ id }) => `Your QQ openid: ${id}`,
    zh: ({ id }) => `你的 QQ openid：${id}`,
  },
  pairingApproved: {
    en: () => "You are approved. Send a message to begin.",
    zh: () => "已通过授权，可以开始聊天了。",
  },
  answerGoesOn: {
    en: ({ parts }) => `[${parts} more parts are kept: write anything to get them]`,
    zh: ({ parts }) => `【还有 ${parts} 段未发完，发送任意消息即可继续】`,
  },
} as const satisfies Record<string, Record<Locale, (facts: Facts) => string>>;

type Facts = Readonly<Record<string, string>>;
export type TextName = keyof typeof texts;

/** A text for a user, in the account's language. */
export function text(locale: Locale | undefined, name: TextName, facts: Facts): string {
  return texts[name][locale ?? "en"](facts);
}

/** The language that the environment asks for: `LC_ALL`, `LC_MESSAGES`, `LANG` in this order, as POSIX has it. */
export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  const value = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return value.toLowerCase().startsWith("zh") ? "zh" : "en";
}
