import type { Wording } from "../errors.ts";
import type { Telling } from "./telling.ts";

/** Which address the callbacks were sent to: the gateway's own, or the one that QQ is told. */
export type Road = "local" | "public";

const noCallback: Wording = {
  en: "QQ's callbacks do not arrive: the bot hears nothing",
  zh: "QQ 的回调无法送达，机器人收不到消息",
};

const fixes = {
  silent: {
    local: {
      en: "start the gateway (`openclaw gateway run`), or correct gateway.port",
      zh: "启动网关（`openclaw gateway run`），或更正 gateway.port",
    },
    public: {
      en: "check DNS, the firewall and the reverse proxy; QQ needs HTTPS with a certificate that browsers trust, on port 80, 443, 8080 or 8443",
      zh: "检查 DNS、防火墙和反向代理；QQ 要求 HTTPS、浏览器信任的证书，端口为 80、443、8080 或 8443",
    },
  },
  notOurs: {
    local: {
      en: "make sure that the account is enabled and its line is up (`openclaw channels status`), and that webhookPath is the path above",
      zh: "确认账号已启用且线路正常（`openclaw channels status`），并且 webhookPath 与上面的路径一致",
    },
    public: {
      en: "have the reverse proxy pass this path to the gateway as it is: no login page, no redirect, body and X- headers unchanged",
      zh: "让反向代理把该路径原样转发给网关：不要登录页、不要跳转，请求体和 X- 开头的请求头不能改动",
    },
  },
  refused: {
    local: {
      en: "the running gateway has another AppID or secret than this configuration, or another clock: restart it (`openclaw gateway restart`)",
      zh: "运行中的网关使用的 AppID、密钥或时钟与当前配置不一致；请重启网关（`openclaw gateway restart`）",
    },
    public: {
      en: "pass the body byte for byte and the headers X-Bot-Appid, X-Signature-Ed25519 and X-Signature-Timestamp through the proxy; if the local test fails too, mend that first",
      zh: "代理必须原样转发请求体以及 X-Bot-Appid、X-Signature-Ed25519、X-Signature-Timestamp 请求头；若本地测试也失败，请先解决本地问题",
    },
  },
  busy: {
    en: "wait a minute and run this again",
    zh: "请一分钟后重试",
  },
} as const;

export const webhookTexts = {
  validated: (url: string): Wording => ({
    en: `${url} answers QQ's address validation (op 13) with the right signature`,
    zh: `${url} 对地址验证（op 13）的签名应答正确`,
  }),
  taken: (url: string): Wording => ({
    en: `${url} takes a signed event and acknowledges it`,
    zh: `${url} 已接收并确认签名事件`,
  }),
  silent: (road: Road, url: string, why: string): Telling => ({
    saw: { en: `no answer from ${url} (${why})`, zh: `${url} 没有应答（${why}）` },
    why: noCallback,
    fix: fixes.silent[road],
  }),
  untested: (url: string, code: string): Telling => ({
    saw: {
      en: `${url} is not tested: the gateway's certificate does not hold for this address (${code})`,
      zh: `未测试 ${url}：网关证书不适用于该地址（${code}）`,
    },
    why: {
      en: "QQ calls the public address, whose certificate counts; whether callbacks arrive is not known",
      zh: "QQ 访问的是公网地址，以其证书为准；暂不清楚回调能否送达",
    },
    fix: {
      en: "run this again with --public-url and the address that QQ calls",
      zh: "请加上 --public-url（QQ 访问的地址）重新运行",
    },
  }),
  notOurs: (road: Road, url: string, status: number): Telling => ({
    saw: {
      en: `something else than this plugin answers at ${url} (HTTP ${status})`,
      zh: `${url} 的应答不是来自本插件（HTTP ${status}）`,
    },
    why: noCallback,
    fix: fixes.notOurs[road],
  }),
  refused: (road: Road, url: string): Telling => ({
    saw: {
      en: `${url} refuses what is signed with this account's secret (HTTP 401)`,
      zh: `${url} 拒绝了用本账号密钥签名的请求（HTTP 401）`,
    },
    why: noCallback,
    fix: fixes.refused[road],
  }),
  wrongSignature: (road: Road, url: string): Telling => ({
    saw: {
      en: `${url} answers the address validation with a signature of another secret`,
      zh: `${url} 的地址验证应答使用了其他密钥的签名`,
    },
    why: {
      en: "q.qq.com refuses to save such an address (13007 check endpoint error)",
      zh: "q.qq.com 会拒绝保存该地址（13007 check endpoint error）",
    },
    fix: fixes.refused[road],
  }),
  busy: (url: string): Telling => ({
    saw: { en: `${url} has had too many tests in a minute (HTTP 429)`, zh: `${url} 一分钟内测试过多（HTTP 429）` },
    why: { en: "whether callbacks arrive cannot be told now", zh: "暂时无法判断回调是否可用" },
    fix: fixes.busy,
  }),
  notStored: (url: string, status: number): Telling => ({
    saw: {
      en: `${url} does not acknowledge a signed event (HTTP ${status})`,
      zh: `${url} 未确认签名事件（HTTP ${status}）`,
    },
    why: noCallback,
    fix: {
      en: "look into `openclaw logs` for the account's line of that moment",
      zh: "请在 `openclaw logs` 中查看该账号此刻的日志",
    },
  }),
  unfitAddress: (url: string): Telling => ({
    saw: { en: `QQ takes no callback address like ${url}`, zh: `QQ 不接受 ${url} 这样的回调地址` },
    why: {
      en: "it must be HTTPS on port 80, 443, 8080 or 8443",
      zh: "回调地址必须是 HTTPS，端口为 80、443、8080 或 8443",
    },
    fix: {
      en: "put a reverse proxy or a tunnel with a certificate before the gateway, and register its address at q.qq.com, 开发 → 回调配置",
      zh: "在网关前放置带证书的反向代理或隧道，并在 q.qq.com「开发 → 回调配置」登记其地址",
    },
  }),
} as const;
