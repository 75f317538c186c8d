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
  forward: (url: string, base: string): Wording => ({
    en: `What comes to that address must reach this gateway: have your reverse proxy or tunnel pass it on to ${url}. QQ takes an HTTPS address with a public certificate, on port 443, 80, 8080 or 8443 only. Before you go on, check it with: openclaw qq doctor --public-url ${base} (it sends a signed test call; the warning webhook-never-called stays until QQ has called)`,
    zh: `该地址的请求必须能到达本网关：请让反向代理或内网穿透转发到 ${url}。QQ 只接受证书有效的 HTTPS 地址，且端口只能是 443、80、8080 或 8443。下一步之前请先检查：openclaw qq doctor --public-url ${base}（会发送一次带签名的测试回调；QQ 首次回调之前，会有警告 webhook-never-called）`,
  }),
  entry: (json: string): Wording => ({
    en: `NapCat needs this network entry: in its WebUI, 网络配置 (Network) → 新建 (New) with the same values; or in config/onebot11_<QQ number>.json:\n${json}`,
    zh: `NapCat 需要以下网络配置：在 WebUI「网络配置 → 新建」填写相同的值，或写入 config/onebot11_<QQ号>.json：\n${json}`,
  }),
  behindProxy: (urls: string): Wording => ({
    en: `At ${urls} a reverse proxy answers: NapCat itself listens behind it, on a port of its own without TLS (the one in the entry, or any free one), and the proxy passes on to that.`,
    zh: `${urls} 由反向代理应答：NapCat 在其后监听不带 TLS 的内部端口（即上面的端口，也可换成任意空闲端口），请让代理转发到该端口。`,
  }),
  openToNetwork: {
    en: "0.0.0.0 opens the port to the whole network of NapCat's machine, and the token is all that protects the account there: never leave it empty, and let a firewall admit this gateway only.",
    zh: "0.0.0.0 会向 NapCat 所在机器的整个网络开放该端口，账号只靠 token 保护：token 切勿留空，并用防火墙只放行本网关。",
  },
  elsewhere: (port: number): Wording => ({
    en: `If NapCat runs in a container or on another machine, write the address where it reaches this gateway instead of 127.0.0.1 (for a container on this machine: host.docker.internal:${port}).`,
    zh: `如果 NapCat 在容器或其他机器上，请把 127.0.0.1 换成它能访问本网关的地址（本机容器：host.docker.internal:${port}）。`,
  }),
  toBot: { en: "Write to the bot in QQ.", zh: "在 QQ 中给机器人发一条消息。" },
  toPerson: { en: "Write to this account from another QQ account.", zh: "用另一个 QQ 号给本账号发一条消息。" },
  pairing: (write: string): Wording => ({
    en: `${write} It answers with a pairing code; then run: openclaw pairing approve qq CODE (after that it answers what you wrote)`,
    zh: `${write}它会回复配对码，然后运行：openclaw pairing approve qq 配对码（批准后会回答你写的消息）`,
  }),
  known: (write: string): Wording => ({
    en: `${write} Who is in allowFrom is answered at once; others get a pairing code (openclaw pairing approve qq CODE), and are answered after its approval.`,
    zh: `${write}allowFrom 中的人会直接得到回复；其他人会收到配对码（openclaw pairing approve qq 配对码），批准后得到回复。`,
  }),
  start: {
    en: "A running gateway takes this over by itself; if none runs, start it: openclaw gateway",
    zh: "正在运行的网关会自动生效；若未运行，请启动：openclaw gateway",
  },
  ownDomain: { en: "https://<your domain>", zh: "https://<你的域名>" },
  ownToken: { en: "<the token of this account>", zh: "<本账号的 token>" },
} as const satisfies Readonly<Record<string, Wording | ((...facts: never[]) => Wording)>>;
