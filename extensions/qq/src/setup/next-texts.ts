import type { Wording } from "../errors.ts";

/** What is left to do once an account is saved. */
export const nextTexts = {
  callback: (url: string): Wording => ({
    en: `At q.qq.com, 开发 → 回调配置 (Development → Callback), save this address while the gateway runs (QQ asks it at once): ${url}`,
    zh: `在 q.qq.com「开发 → 回调配置」保存以下地址（QQ 会立即验证，请保持网关运行）：${url}`,
  }),
  events: (events: string): Wording => ({
    en: `Tick these events there: ${events}`,
    zh: `在同一页面勾选以下事件：${events}`,
  }),
  forward: (url: string): Wording => ({
    en: `What comes to that address must reach this gateway: have your reverse proxy or tunnel pass it on to ${url}. QQ takes an HTTPS address with a public certificate, on port 443, 80, 8080 or 8443 only.`,
    zh: `该地址的请求必须能到达本网关：请让反向代理或内网穿透转发到 ${url}。QQ 只接受证书有效的 HTTPS 地址，且端口只能是 443、80、8080 或 8443。`,
  }),
  entry: (json: string): Wording => ({
    en: `NapCat needs this network entry: in its WebUI, 网络配置 (Network) → 新建 (New) with the same values; or in config/onebot11_<QQ number>.json:\n${json}`,
    zh: `NapCat 需要以下网络配置：在 WebUI「网络配置 → 新建」填写相同的值，或写入 config/onebot11_<QQ号>.json：\n${json}`,
  }),
  elsewhere: (port: number): Wording => ({
    en: `If NapCat runs in a container or on another machine, write the address where it reaches this gateway instead of 127.0.0.1 (for a container on this machine: host.docker.internal:${port}).`,
    zh: `如果 NapCat 在容器或其他机器上，请把 127.0.0.1 换成它能访问本网关的地址（本机容器：host.docker.internal:${port}）。`,
  }),
  pairing: {
    en: "Write to the bot in QQ: it answers with a pairing code. Then run: openclaw pairing approve qq CODE",
    zh: "在 QQ 中给机器人发一条消息，它会回复配对码，然后运行：openclaw pairing approve qq 配对码",
  },
  known: {
    en: "Write to the bot in QQ: who is in allowFrom is answered at once, others get a pairing code (openclaw pairing approve qq CODE).",
    zh: "在 QQ 中给机器人发一条消息：allowFrom 中的人会直接得到回复，其他人会收到配对码（openclaw pairing approve qq 配对码）。",
  },
  write: {
    en: "Write to the bot in QQ.",
    zh: "在 QQ 中给机器人发一条消息。",
  },
  start: {
    en: "A running gateway takes this over by itself; if none runs, start it: openclaw gateway",
    zh: "正在运行的网关会自动生效；若未运行，请启动：openclaw gateway",
  },
  ownDomain: { en: "https://<your domain>", zh: "https://<你的域名>" },
  ownToken: { en: "<the token of this account>", zh: "<本账号的 token>" },
} as const satisfies Readonly<Record<string, Wording | ((...facts: never[]) => Wording)>>;
