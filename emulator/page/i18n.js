// @ts-check
/** The page's words in two languages. */

const words = {
  en: {
    title: "Emulated QQ",
    tagline: "A QQ that runs on your machine. Nothing here leaves it.",
    language: "Language",
    weather: "Weather",
    chats: "Chats",
    chat: "Chat",
    panes: "Panes",
    wire: "Wire log",
    "you-are": "You are",
    message: "Message",
    messages: "Messages",
    send: "Send",
    keys: "Enter to send · Shift+Enter for a new line",
    mention: "Mention a bot",
    unmention: "Remove the mention of {name}",
    write: "Message {name}",
    "write-mention": "Message {name}. Bots here see only what mentions them: type @",
    quote: "Quote",
    quoting: "Quoting {name}",
    unquote: "Do not quote",
    copy: "Copy",
    copied: "Copied",
    bot: "BOT",
    "guild-dm": "DM",
    proactive: "proactive",
    recalled: "{name} took back a message",
    "typing-dm": "Typing…",
    "typing-group": "{name} is typing…",
    nothing: "No messages yet. Say hello.",
    "nothing-here": "No messages yet",
    newer: "New messages",
    unread: "{n} unread",
    muted: "Muted",
    members: "{n} members",
    online: "Online",
    offline: "Offline",
    sessions: "{n} gateway session(s)",
    webhook: "webhook",
    websocket: "WebSocket",
    "link-up": "Live",
    "link-down": "Reconnecting…",
    pause: "Pause",
    resume: "Resume",
    clear: "Clear",
    held: "{n} held",
    filters: "Filters",
    lines: "Line",
    direction: "Direction",
    "both-ways": "Both ways",
    "from-bot": "→ from the bot",
    "to-bot": "← to the bot",
    search: "Filter by text",
    "hide-beats": "Hide heartbeats",
    "wire-empty": "Every frame and call between QQ and the bot shows up here.",
    refused: "Refused",
    "no-body": "No body",
    "which-bot": "Which bot",
    "all-bots": "Every bot",
    "fault-drop": "Cut the socket",
    "fault-drop-about": "No close frame, as when a network dies",
    "fault-op7": "Ask to reconnect",
    "fault-op7-about": "op 7; the bot should resume",
    "fault-4009": "Time the session out",
    "fault-4009-about": "Close with 4009; the bot should resume",
    "fault-half-open": "Half-open socket",
    "fault-half-open-about": "Stays open and says nothing any more",
    "fault-500": "Fail the next send",
    "fault-500-about": "The next message call answers HTTP 500",
    "fault-later": "Let five minutes pass",
    "fault-later-about": "A reply in a group is too late after that",
    "fault-mute": "Mute {name}",
    "fault-unmute": "Unmute {name}",
    "fault-mute-about": "A bot may not write in a muted group",
    "fault-reset": "Start over",
    "fault-reset-about": "Wipe the world and plant it again",
    done: "Done: {what}",
    failed: "Failed: {why}",
    "no-answer": "the emulator does not answer",
    everyone: "everyone",
    buttons: "Buttons",
    "press 1": "The bot says that it failed",
    "press 2": "Pressed too often",
    "press 3": "That was done before",
    "press 4": "The bot does not permit it",
    "press 5": "The bot permits it to admins only",
    "press timeout": "The bot did not answer in time",
    "press not permitted": "You may not press this button",
    "press disabled": "This button cannot be pressed any more",
    reactions: "Reactions",
    face: "[face {id}]",
    image: "image",
    voice: "voice",
    video: "video",
    file: "file",
    degraded: "too large for its kind",
    "not-kept": "too large to keep",
    attach: "Attach files",
    unattach: "Do not send {name}",
    yesterday: "Yesterday",
  },
  zh: {
    title: "模拟 QQ",
    tagline: "在你电脑上运行的 QQ，这里的一切都不会离开本机。",
    language: "语言",
    weather: "天气",
    chats: "会话",
    chat: "聊天",
    panes: "面板",
    wire: "线路日志",
    "you-are": "你的身份",
    message: "消息",
    messages: "消息记录",
    send: "发送",
    keys: "Enter 发送 · Shift+Enter 换行",
    mention: "@ 机器人",
    unmention: "取消 @{name}",
    write: "发消息给 {name}",
    "write-mention": "在 {name} 中发言，机器人只会收到 @ 它的消息",
    quote: "引用",
    quoting: "引用 {name}",
    unquote: "取消引用",
    copy: "复制",
    copied: "已复制",
    bot: "机器人",
    "guild-dm": "私信",
    proactive: "主动消息",
    recalled: "{name} 撤回了一条消息",
    "typing-dm": "对方正在输入…",
    "typing-group": "{name} 正在输入…",
    nothing: "还没有消息，打个招呼吧。",
    "nothing-here": "还没有消息",
    newer: "有新消息",
    unread: "{n} 条未读",
    muted: "全员禁言",
    members: "{n} 位成员",
    online: "在线",
    offline: "离线",
    sessions: "{n} 个网关会话",
    webhook: "webhook",
    websocket: "WebSocket",
    "link-up": "已连接",
    "link-down": "正在重连…",
    pause: "暂停",
    resume: "继续",
    clear: "清空",
    held: "{n} 条待显示",
    filters: "筛选",
    lines: "线路",
    direction: "方向",
    "both-ways": "双向",
    "from-bot": "→ 机器人发出",
    "to-bot": "← 发给机器人",
    search: "按文字筛选",
    "hide-beats": "隐藏心跳",
    "wire-empty": "QQ 与机器人之间的每一帧、每一次调用都会显示在这里。",
    refused: "已拒绝",
    "no-body": "没有内容",
    "which-bot": "哪个机器人",
    "all-bots": "所有机器人",
    "fault-drop": "切断连接",
    "fault-drop-about": "没有关闭帧，如同断网",
    "fault-op7": "要求重连",
    "fault-op7-about": "op 7，机器人应当恢复会话",
    "fault-4009": "会话超时",
    "fault-4009-about": "以 4009 关闭，机器人应当恢复会话",
    "fault-half-open": "半开连接",
    "fault-half-open-about": "连接还在，但不再有任何数据",
    "fault-500": "下一次发送失败",
    "fault-500-about": "下一次发消息返回 HTTP 500",
    "fault-later": "让五分钟过去",
    "fault-later-about": "之后群里的被动回复就过期了",
    "fault-mute": "禁言 {name}",
    "fault-unmute": "解除禁言 {name}",
    "fault-mute-about": "被禁言的群里机器人不能发言",
    "fault-reset": "重新开始",
    "fault-reset-about": "清空一切，恢复到初始状态",
    done: "完成：{what}",
    failed: "失败：{why}",
    "no-answer": "模拟器没有响应",
    everyone: "全体成员",
    buttons: "按钮",
    "press 1": "机器人表示操作失败",
    "press 2": "操作过于频繁",
    "press 3": "已经操作过了",
    "press 4": "机器人不允许该操作",
    "press 5": "仅管理员可以操作",
    "press timeout": "机器人没有及时响应",
    "press not permitted": "你没有权限点这个按钮",
    "press disabled": "这个按钮已不能再点",
    reactions: "表情表态",
    face: "[表情 {id}]",
    image: "图片",
    voice: "语音",
    video: "视频",
    file: "文件",
    degraded: "过大，按文件显示",
    "not-kept": "过大，未保存",
    attach: "添加文件",
    unattach: "不发送 {name}",
    yesterday: "昨天",
  },
};

/** @typedef {keyof typeof words} Language */
/** @typedef {keyof typeof words["en"]} Word */

const remembered = "emulated-qq-language";
/** @type {Language} */
let language = firstLanguage();
/** @type {Set<() => void>} */
const listeners = new Set();

/** @returns {Language} */
function firstLanguage() {
  const kept = localStorage.getItem(remembered);
  if (kept === "en" || kept === "zh") return kept;
  return navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en";
}

export function currentLanguage() {
  return language;
}

/**
 * @param {Word} word
 * @param {Record<string, string | number>} [values] for the `{name}` in it
 */
export function t(word, values = {}) {
  return words[language][word].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

/** @param {() => void} listener runs at once and after every change of language */
export function inEveryLanguage(listener) {
  listeners.add(listener);
  listener();
}

/** @param {Language} to */
export function speak(to) {
  language = to;
  localStorage.setItem(remembered, to);
  for (const listener of listeners) listener();
}

/** Fills in what index.html marks with `data-t`, `data-t-label` and `data-t-placeholder`. */
export function translateMarkup() {
  document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
  document.title = t("title");
  for (const element of document.querySelectorAll("[data-t]")) element.textContent = wordOf(element, "data-t");
  for (const [mark, attribute] of Object.entries({ "data-t-label": "aria-label", "data-t-placeholder": "placeholder" }))
    for (const element of document.querySelectorAll(`[${mark}]`))
      element.setAttribute(attribute, wordOf(element, mark));
}

/**
 * @param {Element} element
 * @param {string} mark
 */
function wordOf(element, mark) {
  return t(/** @type {Word} */ (element.getAttribute(mark)));
}
