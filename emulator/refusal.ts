/** HTTP status and text of each refusal the emulator makes (qq-official.md 1.6, 5, 9). Texts are the platform's or like it. */
const refusals: Readonly<Record<number, readonly [status: number, message: string]>> = {
  404: [404, "接口不存在"],
  11241: [401, "请求头缺少 Authorization"],
  11243: [401, "token 校验未通过"],
  11244: [401, "token 不存在或已过期"],
  11251: [401, "appid 错误"],
  11255: [500, "无效的请求或资源不存在"],
  11298: [401, "接口访问源IP不在白名单"],
  12002: [400, "请求包体错误"],
  22006: [400, "消息类型与内容不符"],
  50035: [400, "请求参数错误"],
  50037: [400, "markdown 消息不能与其他内容同时发送"],
  50057: [400, "原生 markdown 与模板只能选择一种"],
  50059: [400, "输入状态参数错误"],
  100001: [429, "接口调用超过频率限制"],
  304004: [400, "没有发送 ark 消息的权限"],
  304061: [400, "消息内容为空"],
  304080: [400, "file_info 无效"],
  305007: [400, "keyboard 参数错误"],
  340069: [400, "消息类型不支持"],
  40034005: [400, "回复消息已过期"],
  40034011: [400, "markdown 内容无效"],
  40034024: [400, "请求参数 msg_id 无效或越权"],
  40034025: [400, "请求参数 event_id 无效"],
  40034026: [400, "event_id 已过期"],
  40034027: [400, "该类型的 event_id 不能用于回复"],
  40034100: [400, "主动消息发送超过频率限制"],
  40034101: [400, "机器人不在群内"],
  40034105: [400, "主动消息失败, 无权限"],
  40034123: [400, "不支持互动召回消息"],
  40034127: [400, "没有原生 markdown 权限"],
  40034128: [400, "被动回复时间或次数超过限制"],
  40054002: [400, "群或机器人被禁言"],
  40054004: [400, "与用户不是好友"],
  40054005: [400, "消息被去重，请检查请求 msg_seq"],
  40054007: [400, "消息长度超过限制"],
  40054010: [400, "消息发送失败, 不允许发送url"],
  40054013: [400, "用户拒收主动消息"],
  40061002: [400, "消息 id 无效"],
  40062003: [400, "没有撤回该消息的权限"],
  40064004: [400, "消息超过可撤回的时间"],
};

/** The platform says no. Nothing of the refused call has had an effect. */
export class Refusal extends Error {
  readonly code: number;
  readonly errCode: number;
  /** HTTP status. */
  readonly status: number;

  constructor(code: number, detail?: string, errCode: number = code) {
    const [status, message] = refusals[code] ?? [400, "请求失败"];
    super(detail === undefined ? message : `${message} ${detail}`);
    this.code = code;
    this.errCode = errCode;
    this.status = status;
  }

  /** One line for the wire log. */
  get line(): string {
    return `${this.errCode} ${this.message}`;
  }
}

/** Refuses with `code` unless `holds`. */
export function demand(holds: boolean, code: number, detail?: string): asserts holds {
  if (!holds) throw new Refusal(code, detail);
}

/** A control call that makes no sense, such as one that names a person who is not there. Not part of QQ. */
export class ControlError extends Error {}
