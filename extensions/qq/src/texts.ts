/** Languages of what users and operators read. */
export type Locale = "en" | "zh";

const texts = {
  pairingSenderId: {
    en: ({ id }) => `Your QQ openid: ${id}`,
    zh: ({ id }) => `你的 QQ openid：${id}`,
  },
  pairingSenderNumber: {
    en: ({ id }) => `Your QQ number: ${id}`,
    zh: ({ id }) => `你的 QQ 号：${id}`,
  },
  pairingApproved: {
    en: () => "You are approved. Your message is being answered.",
    zh: () => "已通过授权，正在回复你刚才的消息。",
  },
  answerGoesOn: {
    en: ({ parts }) => `[${parts} more parts are kept: write anything to get them]`,
    zh: ({ parts }) => `【还有 ${parts} 段未发完，发送任意消息即可继续】`,
  },
  restInFile: {
    en: () => "The rest of the answer is in the file.",
    zh: () => "回答的其余部分在文件里。",
  },
  restFileName: {
    en: () => "rest-of-the-answer.md",
    zh: () => "回答的其余部分.md",
  },
  answerFileName: {
    en: () => "answer.md",
    zh: () => "回答.md",
  },
  contentRefused: {
    en: ({ code }) => `[QQ did not let this part of the answer through (code ${code}). Ask for it in other words.]`,
    zh: ({ code }) => `【QQ 平台未通过这部分回答（代码 ${code}），请换个说法再问】`,
  },
  linkLabel: {
    en: ({ number }) => `[link ${number}]`,
    zh: ({ number }) => `【链接${number}】`,
  },
  stillWorking: {
    en: () => "Still working on it, please wait…",
    zh: () => "仍在处理，请稍候…",
  },
  mediaNotSent: {
    en: ({ name }) => `[QQ did not take the file ${name}]`,
    zh: ({ name }) => `【文件 ${name} 未能发送】`,
  },
  attachmentLost: {
    en: ({ what, why }) => `[the ${what} could not be downloaded: ${why}]`,
    zh: ({ what, why }) => `[${what} 未能下载：${why}]`,
  },
  attachmentsLeft: {
    en: ({ count }) => `[${count} more files were not downloaded: that was too many at once]`,
    zh: ({ count }) => `[还有 ${count} 个附件未下载：一次发送过多]`,
  },
  lossTooLarge: {
    en: ({ mb }) => `it is larger than ${mb} MB`,
    zh: ({ mb }) => `超过 ${mb} MB`,
  },
  lossTooSlow: {
    en: () => "it took too long",
    zh: () => "下载超时",
  },
  lossNotAllowed: {
    en: () => "its address is not allowed",
    zh: () => "地址不允许访问",
  },
  lossGone: {
    en: () => "its address is no longer good",
    zh: () => "链接已失效",
  },
  lossFailed: {
    en: () => "the download failed",
    zh: () => "下载出错",
  },
  nounImage: {
    en: () => "image",
    zh: () => "图片",
  },
  nounVideo: {
    en: () => "video",
    zh: () => "视频",
  },
  nounVoice: {
    en: () => "voice message",
    zh: () => "语音",
  },
  nounFile: {
    en: () => "file",
    zh: () => "文件",
  },
  chooseOne: {
    en: () => "Choose:",
    zh: () => "请选择：",
  },
  buttonsAsText: {
    en: () => "To choose, write one of these:",
    zh: () => "请直接回复其中一项：",
  },
  buttonExpired: {
    en: () => "[This button is no longer good: say what you want instead]",
    zh: () => "【该按钮已失效，请直接发送文字】",
  },
  approvalOver: {
    en: () => "[This request is over: it was decided elsewhere, or nobody decided in time]",
    zh: () => "【该请求已结束：已在别处处理或已超时】",
  },
  approvalNotTaken: {
    en: ({ command }) => `[The decision did not reach the gateway. Press again, or write: ${command}]`,
    zh: ({ command }) => `【未能提交该决定，请重试或发送：${command}】`,
  },
  approvalExec: {
    en: () => "A command needs your approval",
    zh: () => "有命令需要你批准",
  },
  approvalPlugin: {
    en: () => "An action of a plugin needs your approval",
    zh: () => "有插件操作需要你批准",
  },
  approvalChange: {
    en: () => "A change of OpenClaw itself needs your approval",
    zh: () => "对 OpenClaw 的修改需要你批准",
  },
  approvalWhere: {
    en: ({ place }) => `In: ${place}`,
    zh: ({ place }) => `目录：${place}`,
  },
  approvalFoot: {
    en: ({ id, minutes }) => `Request ${id}, open for ${minutes} min`,
    zh: ({ id, minutes }) => `请求 ${id}，${minutes} 分钟内有效`,
  },
  requestFriend: {
    en: ({ number, user }) => `Request ${number}: ${user} wants to be a friend of this account.`,
    zh: ({ number, user }) => `请求 ${number}：${user} 申请加为好友。`,
  },
  requestJoin: {
    en: ({ number, user, group }) => `Request ${number}: ${user} wants to join the group ${group}.`,
    zh: ({ number, user, group }) => `请求 ${number}：${user} 申请加入群 ${group}。`,
  },
  requestInvite: {
    en: ({ number, user, group }) => `Request ${number}: ${user} invites this account to the group ${group}.`,
    zh: ({ number, user, group }) => `请求 ${number}：${user} 邀请本账号加入群 ${group}。`,
  },
  requestComment: {
    en: ({ comment }) => `They write: “${comment}”`,
    zh: ({ comment }) => `附言：“${comment}”`,
  },
  requestHowTo: {
    en: ({ number }) => `Write /qq approve ${number} or /qq deny ${number}.`,
    zh: ({ number }) =>
      `回复「同意 ${number}」或「拒绝 ${number}」（也可用 /qq approve ${number}、/qq deny ${number}）。`,
  },
  requestUsage: {
    en: () => "Write /qq approve NUMBER, /qq deny NUMBER or /qq requests.",
    zh: () => "用法：/qq approve 编号、/qq deny 编号、/qq requests。",
  },
  requestNone: { en: () => "No requests are open.", zh: () => "没有待处理的请求。" },
  requestApproved: {
    en: ({ number }) => `Request ${number} is approved.`,
    zh: ({ number }) => `已同意请求 ${number}。`,
  },
  requestDenied: { en: ({ number }) => `Request ${number} is denied.`, zh: ({ number }) => `已拒绝请求 ${number}。` },
  requestOver: {
    en: ({ number }) => `Request ${number} is over: it has been decided already.`,
    zh: ({ number }) => `请求 ${number} 已处理，无需再操作。`,
  },
  requestUnknown: {
    en: ({ number }) => `There is no request ${number}. /qq requests lists the open ones.`,
    zh: ({ number }) => `没有编号为 ${number} 的请求，可发送 /qq requests 查看。`,
  },
  requestFailed: {
    en: ({ why }) => `The decision did not reach QQ, and the request is still open: ${why}`,
    zh: ({ why }) => `未能提交该决定，请求仍待处理：${why}`,
  },
  requestNotOwner: {
    en: () => 'Only an owner decides this. The operator names owners in commands.ownerAllowFrom (["qq:NUMBER"]).',
    zh: () => '只有所有者可以处理。请由管理员在 commands.ownerAllowFrom（["qq:QQ号"]）中指定。',
  },
  loginLost: {
    en: ({ account }) =>
      `The personal QQ account ${account} is logged out and answers nobody. Log in again in NapCat (its WebUI, or the QR code in its log).`,
    zh: ({ account }) =>
      `个人号 ${account} 已掉线，无法回复消息。请在 NapCat 中重新登录（WebUI 或扫描日志中的二维码）。`,
  },
  loginBack: {
    en: ({ account }) => `The personal QQ account ${account} is logged in again.`,
    zh: ({ account }) => `个人号 ${account} 已重新登录。`,
  },
  allowOnce: { en: () => "Allow once", zh: () => "允许一次" },
  allowAlways: { en: () => "Always", zh: () => "总是允许" },
  deny: { en: () => "Deny", zh: () => "拒绝" },
  allowedOnce: { en: () => "Allowed", zh: () => "已允许" },
  allowedAlways: { en: () => "Always ✓", zh: () => "已总是允许" },
  denied: { en: () => "Denied", zh: () => "已拒绝" },
  notAnApprover: {
    en: () =>
      'You may not decide this on QQ. The operator names those who may: commands.ownerAllowFrom (["qq:OPENID"], or ["qq:NUMBER"] on a personal account) or channels.qq.allowFrom.',
    zh: () =>
      '你无权在 QQ 上批准。请由管理员在 commands.ownerAllowFrom（["qq:OPENID"]，个人号为 ["qq:QQ号"]）或 channels.qq.allowFrom 中指定批准人。',
  },
} as const satisfies Record<string, Record<Locale, (facts: Facts) => string>>;

type Facts = Readonly<Record<string, string>>;
export type TextName = keyof typeof texts;

/** A text for a user, in the account's language. */
export function text(locale: Locale | undefined, name: TextName, facts: Facts): string {
  return texts[name][locale ?? "en"](facts);
}

/** The language that the environment asks for: the host's `OPENCLAW_LOCALE`, then `LC_ALL`, `LC_MESSAGES`, `LANG` as POSIX has it. */
export function localeOf(env: Readonly<Record<string, string | undefined>>): Locale {
  const value = env["OPENCLAW_LOCALE"]?.trim() || env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return value.toLowerCase().startsWith("zh") ? "zh" : "en";
}
