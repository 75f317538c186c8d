import type { Wording } from "../errors.ts";
import type { Telling } from "./telling.ts";

const addAddress: Wording = {
  en: "add that address at q.qq.com, development settings, IP allow-list (IP 白名单); behind a proxy it is the proxy's address that counts, and a bot made by scan to bind (openclaw qq bind) needs no list",
  zh: "在 q.qq.com「开发设置 → IP 白名单」添加该地址；经代理访问时以代理的出口地址为准，扫码绑定（openclaw qq bind）创建的机器人无需白名单",
};

export const officialTexts = {
  platformReached: (host: string): Wording => ({ en: `QQ answers at ${host}`, zh: `QQ 在 ${host} 有应答` }),
  platformSilent: (host: string, advice: Wording): Telling => ({
    saw: { en: `no answer from QQ at ${host}`, zh: `${host} 没有应答` },
    why: { en: "without it nothing comes in and nothing goes out", zh: "此时既收不到消息也发不出消息" },
    fix: advice,
  }),
  tokenGiven: {
    en: "QQ takes the AppID and secret and gives an access token",
    zh: "AppID 和密钥有效，已获取 access token",
  },
  tokenRefused: (facts: string, advice: Wording): Telling => ({
    saw: { en: `QQ gives this bot no access token (${facts})`, zh: `QQ 拒绝签发 access token（${facts}）` },
    why: { en: "every call to QQ needs one", zh: "所有调用都需要 access token" },
    fix: advice,
  }),
  profile: (name: string): Wording => ({ en: `the bot is “${name}”`, zh: `机器人名称为「${name}」` }),
  profileRefused: (facts: string, advice: Wording): Telling => ({
    saw: { en: `QQ does not show the bot's profile (${facts})`, zh: `无法读取机器人资料（${facts}）` },
    why: { en: "other calls of the bot will fail the same way", zh: "机器人的其他调用也会同样失败" },
    fix: advice,
  }),
  addressAllowed: { en: "QQ takes calls from this machine's address", zh: "QQ 接受来自本机地址的调用" },
  addressBlocked: (address: string | undefined, facts: string): Telling => ({
    saw: {
      en: `QQ sees this machine as ${address ?? "an address"} that is not in the bot's allow-list (${facts})`,
      zh: `QQ 看到的本机地址${address ? ` ${address} ` : ""}不在机器人的 IP 白名单中（${facts}）`,
    },
    why: { en: "QQ refuses every call from there", zh: "QQ 会拒绝来自该地址的所有调用" },
    fix: addAddress,
  }),
  gatewayGiven: { en: "QQ names its gateway", zh: "QQ 已返回网关地址" },
  gatewayRefused: (facts: string, advice: Wording): Telling => ({
    saw: { en: `QQ does not name its gateway (${facts})`, zh: `QQ 未返回网关地址（${facts}）` },
    why: { en: "without it the bot cannot connect and hears nothing", zh: "无法建立连接，也就收不到消息" },
    fix: advice,
  }),
  sessionsLeft: (left: number, total: number): Wording => ({
    en: `${left} of ${total} new sessions are left today`,
    zh: `今日剩余会话创建次数 ${left}/${total}`,
  }),
  sessionsFew: (left: number, total: number, minutes: number): Telling => ({
    saw: {
      en: `only ${left} of ${total} new sessions are left for ${minutes} min`,
      zh: `${minutes} 分钟内只剩 ${left}/${total} 次会话创建机会`,
    },
    why: { en: "at 0 the bot cannot connect again after a drop", zh: "用完后断线将无法重连" },
    fix: {
      en: "stop what connects again and again: another program with the same AppID, or a gateway that restarts in a loop",
      zh: "请停止反复连接的程序：使用同一 AppID 的其他程序，或不断重启的网关",
    },
  }),
  clockRight: (seconds: number): Wording => ({
    en: `this machine's clock is within ${seconds} s of QQ's`,
    zh: `本机时钟与 QQ 相差不超过 ${seconds} 秒`,
  }),
} as const;
