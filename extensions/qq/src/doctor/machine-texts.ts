import type { Wording } from "../errors.ts";
import type { Telling } from "./telling.ts";

export const machineTexts = {
  node: (version: string): Wording => ({ en: `Node.js ${version}`, zh: `Node.js ${version}` }),
  nodeOld: (version: string): Telling => ({
    saw: { en: `Node.js ${version}`, zh: `Node.js ${version}` },
    why: { en: "OpenClaw needs 24.16 or newer, or 26.1 or newer", zh: "OpenClaw 需要 24.16 及以上（或 26.1 及以上）" },
    fix: {
      en: "install Node.js 24 LTS from nodejs.org (or `nvm install 24`) and start the gateway with it",
      zh: "从 nodejs.org 安装 Node.js 24 LTS（或 `nvm install 24`），并用它启动网关",
    },
  }),
  gatewayUp: (url: string): Wording => ({ en: `the gateway answers at ${url}`, zh: `网关在 ${url} 应答` }),
  gatewayDown: (url: string, why: string): Telling => ({
    saw: { en: `no gateway answers at ${url} (${why})`, zh: `${url} 没有网关应答（${why}）` },
    why: {
      en: "the accounts run inside the gateway; what follows was asked without it",
      zh: "账号在网关内运行；以下检查在没有网关的情况下进行",
    },
    fix: {
      en: "start it: `openclaw gateway run`, or `openclaw gateway restart` when it is installed as a service",
      zh: "启动网关：`openclaw gateway run`；已安装为服务时执行 `openclaw gateway restart`",
    },
  }),
  lineUp: (mode: string): Wording => ({ en: `the line is up: ${mode}`, zh: `线路正常：${mode}` }),
  lineUnknown: {
    saw: { en: "the running gateway has no such account", zh: "运行中的网关没有这个账号" },
    why: { en: "it runs with an older configuration, or another one", zh: "网关使用的是旧配置或另一份配置" },
    fix: { en: "restart the gateway: `openclaw gateway restart`", zh: "重启网关：`openclaw gateway restart`" },
  },
  accountOff: { en: "the account is switched off (enabled: false)", zh: "账号已停用（enabled: false）" },
  nothingConfigured: {
    saw: { en: "no QQ account is configured", zh: "尚未配置 QQ 账号" },
    why: { en: "there is nobody to answer", zh: "没有可用的账号" },
    fix: {
      en: "run `openclaw channels add --channel qq`, or scan to bind: `openclaw qq bind`",
      zh: "运行 `openclaw channels add --channel qq`，或扫码绑定：`openclaw qq bind`",
    },
  },
  noOtherPlugins: { en: "no other plugin for QQ is on", zh: "没有启用其他 QQ 插件" },
  otherPlugins: (ids: readonly string[]): Telling => ({
    saw: { en: `another plugin for QQ is on: ${ids.join(", ")}`, zh: `还启用了其他 QQ 插件：${ids.join("、")}` },
    why: {
      en: "two plugins on one bot take each other's messages and sessions away",
      zh: "两个插件使用同一机器人时会互相抢走消息和会话",
    },
    fix: {
      en: `take over its settings with \`openclaw qq import\`, then \`openclaw plugins disable ${ids[0] ?? ""}\``,
      zh: `先用 \`openclaw qq import\` 迁移其配置，再执行 \`openclaw plugins disable ${ids[0] ?? ""}\``,
    },
  }),
  resolves: (host: string, addresses: string): Wording => ({
    en: `${host} is ${addresses}`,
    zh: `${host} 解析为 ${addresses}`,
  }),
  unresolved: (host: string, why: string): Telling => ({
    saw: { en: `${host} has no address (${why})`, zh: `${host} 无法解析（${why}）` },
    why: { en: "without one nothing can be asked there", zh: "无法访问该主机" },
    fix: {
      en: "check this machine's DNS (`nslookup` the name) and the spelling of the address in the configuration",
      zh: "检查本机 DNS（用 `nslookup` 查询该域名）以及配置中的地址拼写",
    },
  }),
  fakeAddress: (host: string, address: string): Telling => ({
    saw: {
      en: `${host} is ${address}: an address that a proxy makes up (fake-IP)`,
      zh: `${host} 解析为 ${address}：这是代理虚构的地址（fake-IP）`,
    },
    why: {
      en: "calls pass while the proxy runs, files from other hosts than QQ's are refused as private, and QQ sees the proxy's address",
      zh: "代理运行时调用可以通过，但非 QQ 域名的文件会被当作内网地址拒绝，且 QQ 看到的是代理的出口地址",
    },
    fix: {
      en: "add qq.com, qpic.cn and myqcloud.com to the proxy's fake-ip-filter (Clash, mihomo) or to its direct rules, then flush the DNS cache",
      zh: "把 qq.com、qpic.cn、myqcloud.com 加入代理的 fake-ip-filter（Clash、mihomo）或直连规则，然后刷新 DNS 缓存",
    },
  }),
  privateAddress: (host: string, address: string): Telling => ({
    saw: { en: `${host} is ${address}, an address of a private network`, zh: `${host} 解析为内网地址 ${address}` },
    why: {
      en: "QQ is not there: a filter or a hosts file stands in between",
      zh: "QQ 不在该地址：被过滤器或 hosts 文件改写",
    },
    fix: {
      en: "remove the name from the hosts file or the DNS filter of the network",
      zh: "请从 hosts 文件或网络的 DNS 过滤规则中移除该域名",
    },
  }),
  secretFile: { en: "only its owner can read the secret file", zh: "密钥文件仅所有者可读" },
  secretFileOpen: (key: string, path: string): Telling => ({
    saw: { en: `${key}: every user of this machine can read ${path}`, zh: `${key}：本机所有用户都能读取 ${path}` },
    why: { en: "whoever has the secret is the bot", zh: "拿到密钥即可冒用该账号" },
    fix: { en: `chmod 600 ${path}`, zh: `执行 chmod 600 ${path}` },
  }),
  journalNone: { en: "no account has run here yet: there is no journal", zh: "尚无账号在此运行，没有日志库" },
  journal: (megabytes: number): Wording => ({
    en: `the journal can be read (${megabytes} MB)`,
    zh: `日志库可读（${megabytes} MB）`,
  }),
  journalUnreadable: (why: string): Telling => ({
    saw: { en: `the journal cannot be read: ${why}`, zh: `日志库无法读取：${why}` },
    why: { en: "messages are stored there before they are answered", zh: "消息在回复前会先写入该文件" },
    fix: {
      en: "give the gateway's user the state directory (`openclaw status` names it); if another version wrote the file, start the gateway once or update the plugin",
      zh: "请确保网关用户拥有状态目录（见 `openclaw status`）；若由其他版本写入，请启动一次网关或升级插件",
    },
  }),
  journalLarge: (megabytes: number): Telling => ({
    saw: { en: `the journal has ${megabytes} MB`, zh: `日志库已有 ${megabytes} MB` },
    why: { en: "it is tidied by itself and should stay far below", zh: "日志库会自动清理，正常情况下远小于此" },
    fix: {
      en: "restart the gateway, which tidies it; report this line if it grows again",
      zh: "重启网关会触发清理；若再次增长请反馈本行",
    },
  }),
  disk: (megabytes: number): Wording => ({ en: `${megabytes} MB of disk are free`, zh: `磁盘剩余 ${megabytes} MB` }),
  diskFull: (megabytes: number): Telling => ({
    saw: { en: `only ${megabytes} MB of disk are free`, zh: `磁盘仅剩 ${megabytes} MB` },
    why: { en: "a message that cannot be stored is not answered", zh: "无法落盘的消息不会被处理" },
    fix: { en: "free some space, or move the state directory", zh: "请清理磁盘，或迁移状态目录" },
  }),
  nothingKept: { en: "no answer waits", zh: "没有滞留的回复" },
  kept: (parts: number): Telling => ({
    saw: { en: `${parts} parts of answers wait for their chats`, zh: `有 ${parts} 段回复在等待会话允许发送` },
    why: { en: "QQ allowed no message there when they were ready", zh: "生成时 QQ 不允许向该会话发送" },
    fix: {
      en: "nothing, when users write rarely: each goes out with their next message. If they should have it now: have them write, or switch on proactive messages in the bot's profile",
      zh: "若用户很少发言则无需处理：对方下次发言时会送达。如需立即送达，请让对方发一条消息，或在机器人资料页开启主动消息",
    },
  }),
} as const;
