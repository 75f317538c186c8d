import type { FaultKind, Retry } from "../../errors.ts";
import type { ActionName } from "./actions.ts";

/** What a failed call means. */
export interface ActionFault {
  readonly kind: FaultKind;
  readonly retry: Retry;
  /** `unknown`: QQ may have taken it all the same, so look before it is repeated. `refused`: it has surely not. */
  readonly outcome: "refused" | "unknown";
  /** What QQ itself said, where it did (`EventRet`). */
  readonly result?: number;
}

type Meaning = readonly [kind: FaultKind, retry: Retry];

/** `result` of a refusal by QQ (`onebot-napcat.md` 7.3; 120 is the code of QQ's protocol). */
const byResult: ReadonlyMap<number, Meaning> = new Map<number, Meaning>([
  [103, ["stranger", "never"]],
  [110, ["removed", "never"]],
  [120, ["muted", "later"]],
  [1006514, ["offline", "later"]],
]);

/** A one-way friend; only of a message to a person. */
const NOT_A_FRIEND = 1;
/** Too late, or not the account's own; only where a message is taken back. */
const NOT_RECALLED = 8;

/** What QQ or the implementation says, by what it means; the first that fits (`onebot-napcat.md` 2.3, 4.3, 6 and 7.3). */
const byText: readonly (readonly [RegExp, ...Meaning])[] = [
  [/packetBackend/, "unsupported", "never"],
  [/不支持的api|API_NOT_FOUND|api not found|unsupported action/i, "unsupported", "never"],
  [/token验证失败|token verify failed/, "token", "later"],
  [/禁言/, "muted", "later"],
  [/添加对方为好友/, "stranger", "never"],
  [/网络连接异常/, "offline", "later"],
  [/点赞失败/, "quota", "never"],
  [/rich media transfer failed/, "media", "never"],
  [/NOT_GROUP_ADMIN|cannot ban|Recall failed/, "permission", "never"],
  [/^未知的消息类型|^消息体无法解析|Get Uid Error/, "content", "never"],
  // A person whom NapCat cannot map (4.8), a message, a request, a member that is not there.
  [/无法获取用户信息|消息.*不存在|msg not found|No such request|Uin2Uid Error|成员.*不存在|请指定/, "target", "never"],
  [/文件|ENOENT|语音转换失败|转换失败|识别URL失败|file not found|fileUUID not found/, "media", "never"],
  [/^(?:Download failed|SHA256 mismatch|Missing (?:memory )?chunk|Invalid chunk|Stream not found)/, "media", "later"],
  [/Memory limit exceeded|Server is closed/, "temporary", "later"],
];

/** Longest text that is looked at, UTF-16 units. */
const MAX_TEXT_UNITS = 4000;
/** QQ was asked and has not confirmed it, or its core did not answer (7.3). Not that a server has not given a file. */
const UNCONFIRMED = /^(?!下载文件失败).*(?:timed? ?out|超时)/is;
/** NapCat prints the JSON of what QQ answered over several lines. */
const RESULT = /"result":\s*(-?\d{1,15})\b/;

/**
 * What a failure means, by the words it came with and, where there are none, by its code. `retcode` may be an HTTP status:
 * 404 and 501 are how some say that they do not know the action (`onebot-napcat.md` 9).
 */
export function classifyFailure(action: ActionName, retcode: number, words: string): ActionFault {
  const text = words.slice(0, MAX_TEXT_UNITS);
  const result = readResult(text);
  if (UNCONFIRMED.test(text)) {
    return { kind: "temporary", retry: "later", outcome: "unknown", ...(result !== undefined && { result }) };
  }
  // Lagrange gives QQ's own code as its `retcode`, and no words.
  const code = result ?? (text === "" ? retcode : undefined);
  const known = code === undefined ? undefined : meaningOf(action, code);
  if (known) return refused(known, code);
  const said = byText.find(([pattern]) => pattern.test(text));
  if (said) return refused([said[1], said[2]], result);
  return refused(byRetcode(retcode, result), result);
}

function refused([kind, retry]: Meaning, result?: number): ActionFault {
  return { kind, retry, outcome: "refused", ...(result !== undefined && { result }) };
}

function meaningOf(action: ActionName, result: number): Meaning | undefined {
  if (result === NOT_A_FRIEND && action.startsWith("send_private_")) return ["stranger", "never"];
  if (result === NOT_RECALLED && action === "delete_msg") return ["permission", "never"];
  return byResult.get(result);
}

function readResult(text: string): number | undefined {
  const [, digits] = RESULT.exec(text) ?? [];
  return digits === undefined ? undefined : Number(digits);
}

/** Without a word that is known. What QQ refuses for a reason of its own is taken for the content. */
function byRetcode(retcode: number, result: number | undefined): Meaning {
  if (result !== undefined) return ["content", "never"];
  switch (retcode) {
    case 404:
    case 501:
    case 1404:
      return ["unsupported", "never"];
    case 401:
    case 403:
    case 1401:
    case 1403:
      return ["token", "later"];
    case 400:
    case 1400:
      return ["bug", "never"];
    case 429:
      return ["rate-limited", "later"];
    default:
      return retcode >= 500 && retcode < 600 ? ["temporary", "later"] : ["content", "never"];
  }
}
