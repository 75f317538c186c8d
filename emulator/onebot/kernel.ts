import { ActionError } from "./actions.ts";

/** What QQ's own code says when a call of it fails, as NapCat passes it on (onebot-napcat.md 7.3). Texts are matched on. */
const CALLS = {
  sendMsg: "NodeIKernelMsgService/sendMsg ListenerName:NodeIKernelMsgListener/onMsgInfoListUpdate",
  recallMsg: "NodeIKernelMsgService/recallMsg ListenerName:NodeIKernelMsgListener/onMsgInfoListUpdate",
  getGroupDetailInfo:
    "NodeIKernelGroupService/getGroupDetailInfo ListenerName:NodeIKernelGroupListener/onGroupDetailInfoChange",
} as const;

type KernelCall = keyof typeof CALLS;

/** QQ refuses at once, with a number of its own. */
export const refused = (call: KernelCall, result: number, errMsg: string): ActionError =>
  new ActionError(
    `EventChecker Failed: NTEvent serviceAndMethod:${CALLS[call]} EventRet:\n${print({ result, errMsg })}\n`,
  );

/** QQ has taken the call and never said how it ended. */
export const unconfirmed = (call: KernelCall): ActionError => timedOut(call, { result: 0, errMsg: "" });

/** QQ's code itself does not answer. */
export const unanswered = (call: KernelCall): ActionError => timedOut(call, {});

const timedOut = (call: KernelCall, answer: object): ActionError =>
  new ActionError(`Timeout: NTEvent serviceAndMethod:${CALLS[call]} EventRet:\n${print(answer)}\n`);

const print = (answer: object): string => JSON.stringify(answer, undefined, 4);

/** `result` of a refused send (7.3), and the words beside it where they are known. */
export const SendResult = {
  removed: [110, "发送失败，你已被移出该群，请重新加群。"],
  muted: [120, "你已被禁言"],
  notFriend: [1, "发送失败,请添加对方为好友"],
  offline: [1_006_514, "网络连接异常!"],
} as const;
