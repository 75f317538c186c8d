// English, or Simplified Chinese where the environment asks for Chinese.

/** Whether the environment asks for Chinese: LC_ALL, LC_MESSAGES, LANG in this order; else what the system says (Windows). */
export function isChinese(env, system = "") {
  const wanted = env.LC_ALL || env.LC_MESSAGES || env.LANG || system;
  return /^zh/i.test(wanted);
}

const chinese = isChinese(
  process.env,
  process.platform === "win32" ? Intl.DateTimeFormat().resolvedOptions().locale : "",
);

/** Picks the text for the reader. */
export function say(english, simplified) {
  return chinese ? simplified : english;
}
