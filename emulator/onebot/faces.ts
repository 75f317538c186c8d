import type { Segment } from "./pieces.ts";

/** Some of QQ's faces by number: sending one that the table does not have drops it (onebot-napcat.md 4.6). */
const FACES: Readonly<Record<string, string>> = {
  0: "惊讶",
  1: "撇嘴",
  2: "色",
  4: "得意",
  5: "流泪",
  6: "害羞",
  8: "睡",
  9: "大哭",
  10: "尴尬",
  12: "调皮",
  13: "呲牙",
  14: "微笑",
  16: "酷",
  18: "抓狂",
  21: "可爱",
  26: "惊恐",
  27: "流汗",
  28: "憨笑",
  32: "疑问",
  49: "拥抱",
  63: "玫瑰",
  66: "爱心",
  74: "太阳",
  76: "赞",
  77: "踩",
  78: "握手",
  79: "胜利",
  99: "鼓掌",
  124: "OK",
  147: "棒棒糖",
  174: "无奈",
  175: "卖萌",
  176: "小纠结",
  178: "斜眼笑",
  179: "doge",
  182: "笑哭",
  212: "托腮",
  264: "捂脸",
  277: "汪汪",
  289: "睁眼",
  424: "续标识",
};

/** What the chat shows for a face; `undefined` for one that QQ does not have. */
export const faceName = (id: string): string | undefined => FACES[id];

/** `raw` is what QQ's own code has of it; objects end up as JSON in CQ strings. */
export const encodeFace = (id: string): Segment => ({
  type: "face",
  data: { id, raw: { faceIndex: Number(id), faceText: `/${FACES[id] ?? ""}`, faceType: 1 } },
});
