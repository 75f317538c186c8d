import type { QQConfigError } from "../errors.ts";
import { CALLBACK_FRESH_MS } from "../protocol/official/limits.ts";
import type { Told } from "./subject.ts";

/** The findings of `checks/` in words. */
export const texts = {
  credentials: ({ path, wording }: QQConfigError): Told => ({
    saw: wording,
    why: { en: "the account does not start without it", zh: "缺少它账号无法启动" },
    fix: { en: `correct ${path}; the account then starts by itself`, zh: `更正 ${path}，保存后账号会自动启动` },
  }),
  tokenEmpty: (key: string, host: string): Told => ({
    saw: {
      en: `${key} is empty though NapCat is on ${host}`,
      zh: `${key} 为空，而 NapCat 位于 ${host}`,
    },
    why: { en: "whoever reaches its port can use the account", zh: "能访问该端口的人都可以操作此账号" },
    fix: {
      en: `set a token of 16 characters or more in NapCat's network settings, and the same as ${key}`,
      zh: `在 NapCat「网络配置」中设置至少 16 个字符的 token，并把相同的值填入 ${key}`,
    },
  }),
  tokenWeak: (key: string, host: string, length: number): Told => ({
    saw: {
      en: `${key} is shorter than ${length} characters, and NapCat is on ${host}`,
      zh: `${key} 不足 ${length} 个字符，而 NapCat 位于 ${host}`,
    },
    why: { en: "scanners look for such ports and guess such tokens", zh: "扫描器会寻找这类端口并猜测弱口令" },
    fix: {
      en: `set a token of ${length} characters or more in NapCat's network settings, and the same as ${key}`,
      zh: `在 NapCat「网络配置」中改用至少 ${length} 个字符的 token，并把相同的值填入 ${key}`,
    },
  }),
  plainAddress: (key: string, host: string, secure: string): Told => ({
    saw: { en: `${key} leads to ${host} without encryption`, zh: `${key} 以明文访问 ${host}` },
    why: {
      en: "the secret and all messages can be read on the way",
      zh: "密钥和全部消息会在传输途中被读取",
    },
    fix: {
      en: `write ${secure}:// there, or reach it through a VPN or an SSH tunnel`,
      zh: `请改用 ${secure}://，或经 VPN / SSH 隧道访问`,
    },
  }),
  sameBot: (other: string, appId: string): Told => ({
    saw: { en: `account ${other} has the AppID ${appId} too`, zh: `账号 ${other} 使用了相同的 AppID ${appId}` },
    why: {
      en: "both connect as one bot, and messages are answered twice or by the wrong one",
      zh: "两个账号会以同一机器人连接，消息会被重复回答或答错账号",
    },
    fix: { en: "remove one of the two, or give it a bot of its own", zh: "删除其中一个，或为它配置另一个机器人" },
  }),
  sameNapcat: (other: string): Told => ({
    saw: { en: `account ${other} is the same QQ account`, zh: `账号 ${other} 指向同一个 QQ 账号` },
    why: { en: "both answer each message", zh: "每条消息都会被回答两次" },
    fix: { en: "remove one of the two, or give each its own NapCat", zh: "删除其中一个，或让每个账号各用一个 NapCat" },
  }),
  siblingPlugin: (channel: string): Told => ({
    saw: {
      en: `channels.${channel} is set up with the same bot or NapCat`,
      zh: `channels.${channel} 配置了同一个机器人或 NapCat`,
    },
    why: {
      en: "two plugins answer as one account, and take each other's connection away",
      zh: "两个插件会争用同一账号，互相抢占连接并重复回答",
    },
    fix: {
      en: `set channels.${channel}.enabled to false, or move it in with \`openclaw qq import\` and remove it`,
      zh: `把 channels.${channel}.enabled 设为 false，或用 \`openclaw qq import\` 迁入后删除`,
    },
  }),
  line: (error: string, isNapcat: boolean): Told => ({
    saw: { en: error, zh: error },
    why: isNapcat
      ? { en: "until then no message comes in", zh: "在此之前收不到任何消息" }
      : { en: "until then the account does not answer", zh: "在此之前该账号不会回答" },
    fix: {
      en: "do what this line says; `openclaw channels status --probe` shows whether it helped",
      zh: "按上述提示处理，再用 `openclaw channels status --probe` 确认",
    },
  }),
  /** The line says nothing itself. `state`: what it was doing. */
  lineDown: (state: string | undefined): Told => ({
    saw: { en: `the line is down: ${state ?? "it has not begun"}`, zh: `线路未连接：${state ?? "尚未启动"}` },
    why: { en: "until then the account does not answer", zh: "在此之前该账号不会回答" },
    fix: {
      en: "mend the errors named here; the line comes back by itself. If none is named: `openclaw logs --follow`",
      zh: "请先解决此处列出的错误，线路会自动恢复；若没有错误，请看 `openclaw logs --follow`",
    },
  }),
  neverCalled: (path: string): Told => ({
    saw: { en: `no event has come to ${path} yet`, zh: `${path} 尚未收到任何事件` },
    why: {
      en: "a bot in webhook mode hears only what QQ sends there",
      zh: "webhook 模式的机器人只能收到 QQ 推送到该地址的消息",
    },
    fix: {
      en: `at q.qq.com, development settings, callback (回调配置), enter https://<public address of this gateway>${path} and tick the C2C, group and channel message events`,
      zh: `在 q.qq.com「开发设置 → 回调配置」填写 https://<网关公网地址>${path}，并勾选单聊、群聊和频道消息事件`,
    },
  }),
  wrongSignature: (path: string, times: number, key: string): Told => ({
    saw: {
      en: `${times} or more callbacks came to ${path} with a wrong signature, and no good one since`,
      zh: `${path} 收到至少 ${times} 次签名错误的回调，此后没有正确的回调`,
    },
    why: {
      en: "callbacks that are not proved to be QQ's are refused; each was signed with another secret",
      zh: "无法证明来自 QQ 的回调会被拒绝；它们是用另一个密钥签名的",
    },
    fix: {
      en: `copy the AppSecret from q.qq.com into ${key}; if it is right, a proxy changes the body on the way, or somebody else calls this address`,
      zh: `从 q.qq.com 重新复制 AppSecret 到 ${key}；若无误，则是代理改动了请求体，或有他人在访问该地址`,
    },
  }),
  anotherBot: (path: string, times: number, appId: string, key: string): Told => ({
    saw: {
      en: `${times} or more callbacks came to ${path} for an AppID other than ${appId}, and no good one since`,
      zh: `${path} 收到至少 ${times} 次 AppID 不是 ${appId} 的回调，此后没有正确的回调`,
    },
    why: { en: "they belong to a bot that no account here is", zh: "这些回调属于此处未配置的机器人" },
    fix: {
      en: `compare ${key} with q.qq.com, development settings; or take this address out of the other bot's callback settings`,
      zh: `对照 q.qq.com「开发设置」核对 ${key}；或在另一个机器人的回调配置中去掉该地址`,
    },
  }),
  unsigned: (path: string, times: number): Told => ({
    saw: {
      en: `${times} or more calls came to ${path} without a signature, and no good one`,
      zh: `${path} 收到至少 ${times} 次没有签名的请求，没有正确的回调`,
    },
    why: { en: "QQ signs each event; these were refused", zh: "QQ 的每个事件都带签名，这些请求已被拒绝" },
    fix: {
      en: "have the proxy pass on the headers X-Signature-Ed25519, X-Signature-Timestamp and X-Bot-Appid as they come",
      zh: "让反向代理原样转发 X-Signature-Ed25519、X-Signature-Timestamp 和 X-Bot-Appid 请求头",
    },
  }),
  /** `shownBy`: a callback that was refused for it, or the platform's answers. */
  clock: (aheadMs: number, shownBy: "callback" | "platform"): Told => {
    const seconds = Math.abs(Math.round(aheadMs / 1000));
    const by = aheadMs > 0 ? { en: "ahead of", zh: "快" } : { en: "behind", zh: "慢" };
    const refusedSeconds = CALLBACK_FRESH_MS / 1000;
    return {
      saw:
        shownBy === "callback"
          ? {
              en: `the last signed callback was refused: this machine's clock is ${seconds} s ${by.en} its time`,
              zh: `上一个签名回调被拒绝：本机时钟比其时间${by.zh} ${seconds} 秒`,
            }
          : {
              en: `this machine's clock is ${seconds} s ${by.en} QQ's`,
              zh: `本机时钟比 QQ ${by.zh} ${seconds} 秒`,
            },
      why: {
        en: `callbacks more than ${refusedSeconds} s off are refused as recordings, and tokens are renewed at the wrong time`,
        zh: `时间相差超过 ${refusedSeconds} 秒的回调会被当作重放而拒绝，token 续期时间也会出错`,
      },
      fix: {
        en: "set this machine's clock by NTP, such as `timedatectl set-ntp true`; in a container, the host's clock",
        zh: "请用 NTP 校准本机时钟（如 `timedatectl set-ntp true`）；容器请校准宿主机时钟",
      },
    };
  },
  onlyMentions: {
    saw: {
      en: "a group has requireMention false, and QQ has sent only messages that mention the bot",
      zh: "有群设置了 requireMention false，但 QQ 只推送了 @ 机器人的消息",
    },
    why: {
      en: "QQ sends the rest only to bots whose owner has asked for it",
      zh: "QQ 只向开启了该功能的机器人推送群内全部消息",
    },
    fix: {
      en: "at q.qq.com switch on all messages of groups (获取群内全部消息), or take requireMention out",
      zh: "在 q.qq.com 开启「获取群内全部消息」，或去掉 requireMention 设置",
    },
  } satisfies Told,
  /** `url`: the server that does; absent where nobody knows which. */
  cqStrings: (url?: string): Told => ({
    saw: {
      en: `NapCat sends messages as CQ strings${url === undefined ? "" : ` at ${url}`}`,
      zh: `NapCat ${url === undefined ? "" : `在 ${url} `}以 CQ 码字符串推送消息`,
    },
    why: {
      en: "they hold less than segments do: names of files and the like get lost",
      zh: "字符串格式包含的信息较少，文件名等内容会丢失",
    },
    fix: {
      en: "set the message format (消息格式, messagePostFormat) of each entry in NapCat's network settings to Array",
      zh: "在 NapCat「网络配置」中把每一项的「消息格式」（messagePostFormat）改为 Array",
    },
  }),
  intents: (missing: string): Told => ({
    saw: { en: `QQ has not granted ${missing}`, zh: `QQ 未授予事件 ${missing}` },
    why: { en: "events of these kinds do not come", zh: "不会收到这些类型的事件" },
    fix: {
      en: "apply for them at q.qq.com if you need them, and restart the account",
      zh: "如有需要请到 q.qq.com 申请，然后重启该账号",
    },
  }),
  openDms: (path: string): Told => ({
    saw: { en: `${path}.dmPolicy is open`, zh: `${path}.dmPolicy 为 open` },
    why: {
      en: "everybody on QQ who finds the account may give work to the agent",
      zh: "任何能找到该账号的 QQ 用户都可以使唤智能体",
    },
    fix: {
      en: `set ${path}.dmPolicy to "pairing", or to "allowlist" with allowFrom`,
      zh: `把 ${path}.dmPolicy 设为 "pairing"，或设为 "allowlist" 并填写 allowFrom`,
    },
  }),
  openGroups: (opener: string, tools: readonly string[], path: string): Told => ({
    saw: {
      en: `${opener} lets every member of every group speak, and the agent may use ${tools.join(", ")} there`,
      zh: `${opener} 允许任何群的任何成员发言，且智能体可使用 ${tools.join("、")}`,
    },
    why: {
      en: "a stranger can talk the agent into changing this machine",
      zh: "陌生人可以诱导智能体改动本机",
    },
    fix: {
      en: `list the groups in ${path}.groups and the people in groupAllowFrom, or set ${path}.groups.*.tools.deny to ["group:runtime", "group:fs", "group:automation"]`,
      zh: `在 ${path}.groups 列出群、在 groupAllowFrom 列出成员，或把 ${path}.groups.*.tools.deny 设为 ["group:runtime", "group:fs", "group:automation"]`,
    },
  }),
  hostTooOld: (version: string, oldest: string): Told => ({
    saw: {
      en: `OpenClaw is ${version}; this plugin needs ${oldest} or later`,
      zh: `OpenClaw 版本为 ${version}，本插件需要 ${oldest} 或更高`,
    },
    why: { en: "what it calls in the host may not be there", zh: "插件调用的接口可能不存在" },
    fix: { en: "run `openclaw update`", zh: "请运行 `openclaw update`" },
  }),
  hostTooNew: (version: string, oldest: string): Told => ({
    saw: {
      en: `OpenClaw is ${version}; this plugin is made for ${oldest} and the releases of that year`,
      zh: `OpenClaw 版本为 ${version}，本插件面向 ${oldest} 及同年版本`,
    },
    why: { en: "what it calls in the host may have changed", zh: "插件调用的接口可能已改变" },
    fix: { en: "run `openclaw plugins update qq`", zh: "请运行 `openclaw plugins update qq`" },
  }),
};
