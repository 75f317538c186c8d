/**
 * Where the platform keeps files: names below these (QQ, "Message object", attachments; observed: voice as WAV at
 * ugcimg.cn, larger files at myqcloud.com and tencentcos). Personal accounts get theirs from multimedia.nt.qq.com.cn,
 * gchat.qpic.cn and gxh.vip.qq.com (onebot-napcat.md 4.5, 8.1).
 */
const SUFFIXES = [
  "qpic.cn",
  "qq.com",
  "qq.com.cn",
  "ugcimg.cn",
  "myqcloud.com",
  "tencentcos.cn",
  "tencentcos.com",
  "weiyun.com",
];

/** The same as patterns: `*.qpic.cn` stands for every name below it, and not for itself. */
export const MEDIA_HOSTS: readonly string[] = SUFFIXES.map((suffix) => `*.${suffix}`);

/** Whether a file there comes from the platform. `hostname` in lower case, as `URL` gives it. */
export function isMediaHost(hostname: string): boolean {
  return SUFFIXES.some((suffix) => hostname.endsWith(`.${suffix}`));
}
