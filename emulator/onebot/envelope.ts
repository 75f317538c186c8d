import type { Adapter } from "./actions.ts";
import type { Software } from "./settings.ts";

/** How a call ended, before it is written as the implementation and the transport have it. */
export type CallEnd =
  | { readonly kind: "ok"; readonly data: unknown }
  /** One frame of several, or the last. */
  | { readonly kind: "failed"; readonly text: string }
  | { readonly kind: "unknown"; readonly name: string }
  /** The parameters, or a condition of the action, are not met. */
  | { readonly kind: "wrong"; readonly text: string }
  | { readonly kind: "unparsable" };

/** `echo` as the client gave it; `undefined` where it gave none. */
export interface ReplyFacts {
  readonly software: Software;
  readonly transport: Adapter["transport"];
  readonly echo: unknown;
  readonly isStream: boolean;
  /** What an HTTP answer has for `echo` where the client gave none. */
  readonly ownEcho: string;
}

/** An answer, in the order of fields that it has on the wire (onebot-napcat.md 2.2, 9). */
export type Reply = Readonly<Record<string, unknown>>;

export function encodeReply(end: CallEnd, facts: ReplyFacts): Reply {
  const retcode = retcodeOf(end, facts);
  const text = textOf(end, facts);
  const status = retcode === 0 ? "ok" : "failed";
  const data = dataOf(end, facts.isStream);
  const echo = echoOf(end, facts);
  switch (facts.software) {
    case "napcat":
      return { status, retcode, ...data, message: text, wording: text, echo, stream: streamOf(facts.isStream) };
    case "llonebot":
      return { status, retcode, ...data, message: text, wording: text, echo };
    case "lagrange":
      return { status, retcode, ...data, echo };
    case "go-cqhttp":
      return {
        status,
        retcode,
        ...data,
        msg: text,
        wording: text,
        ...(facts.echo !== undefined && { echo: facts.echo }),
      };
  }
}

/** The frame that NapCat sends to who has the wrong token, before it closes (0.1). */
export function encodeDenial(software: Software): Reply {
  const text = "token验证失败";
  const denial = { status: "failed", retcode: 1403, data: null, message: text, wording: text, echo: null };
  return software === "napcat" ? { ...denial, stream: streamOf(false) } : denial;
}

const streamOf = (isStream: boolean): string => (isStream ? "stream-action" : "normal-action");

function dataOf(end: CallEnd, isStream: boolean): { readonly data?: unknown } {
  if (end.kind === "ok") return end.data === undefined ? {} : { data: end.data };
  return { data: isStream ? { type: "error", data_type: "error" } : null };
}

/** 2.3: by HTTP the same failures have other numbers. */
function retcodeOf({ kind }: CallEnd, { transport, software }: ReplyFacts): number {
  const isHttp = transport === "http";
  switch (kind) {
    case "ok":
      return 0;
    case "failed":
      return isHttp ? 200 : 1200;
    case "wrong":
    case "unparsable":
      return isHttp ? 400 : 1400;
    case "unknown":
      if (!isHttp) return 1404;
      return software === "napcat" ? 200 : 404;
  }
}

function textOf(end: CallEnd, { transport, software }: ReplyFacts): string {
  switch (end.kind) {
    case "ok":
      return "";
    case "failed":
    case "wrong":
      return end.text;
    case "unparsable":
      return "json解析失败,请检查数据格式";
    case "unknown":
      if (software === "go-cqhttp") return "API_NOT_FOUND";
      return `不支持的${transport === "ws" ? "API" : "Api"} ${end.name}`;
  }
}

/** 2.1, 1.3: what stands there when the client gave nothing depends on how the call ended. */
function echoOf({ kind }: CallEnd, { echo, transport, ownEcho }: ReplyFacts): unknown {
  const hasRun = kind === "ok" || kind === "failed";
  if (transport === "http") return hasRun ? (echo ?? ownEcho) : null;
  return echo ?? (hasRun ? "" : null);
}
