import { say } from "../scripts/lib/locale.mjs";

/** What the demo says, in the reader's language. */
export const texts = {
  page: (url: string): string => say(`QQ is at ${url}  (Ctrl-C ends it)`, `QQ 页面：${url}（Ctrl-C 结束）`),
  starting: say("the OpenClaw gateway is starting, this takes about 20 seconds…", "OpenClaw 网关正在启动，约需 20 秒…"),
  standIn: say(
    "model: a stand-in that repeats what it is told (set OPENAI_API_KEY for a real one)",
    "模型：替身，只会复述（设置 OPENAI_API_KEY 可换用真实模型）",
  ),
  realModel: (name: string, url: string): string => say(`model: ${name} at ${url}`, `模型：${name}（${url}）`),
  ready: (seconds: string, transport: string): string =>
    say(
      `ready after ${seconds} s (${transport}): write to the bot`,
      `已就绪，用时 ${seconds} 秒（${transport}）：可以和机器人聊天了`,
    ),
  failed: say("the gateway could not be started: see the terminal", "网关启动失败：请看终端"),
  stopping: say("stopping…", "正在停止…"),
  took: (ms: number): string => say(`answered in ${ms} ms`, `回复用时 ${ms} 毫秒`),
};
