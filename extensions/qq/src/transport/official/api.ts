import { QQApiError } from "../../errors.ts";
import { paths, type V2Scene } from "../../protocol/official/endpoints.ts";
import {
  AnyAnswer,
  DmSession,
  FileAnswer,
  GatewayBot,
  Me,
  SendAnswer,
  StreamAnswer,
  UploadPlan,
  type C2CMessage,
  type FileUpload,
  type GuildMessage,
  type StreamChunk,
  type UploadPartFinish,
  type UploadPrepare,
  type V2Message,
} from "../../protocol/official/messages.ts";
import type { Outside } from "../transport.ts";
import { createCallPace } from "./call-pace.ts";
import { call, TRIES, type Call, type CallContext } from "./call.ts";
import type { OfficialAccount, TokenSource } from "./token.ts";

/** What a send came to: the platform's answer, the news that it had the message already, or that it reviews it first. */
export type SendOutcome =
  | { readonly answer: SendAnswer; readonly duplicate?: never; readonly auditId?: never }
  | { readonly duplicate: true; readonly answer?: never; readonly auditId?: never }
  | { readonly auditId: string; readonly answer?: never; readonly duplicate?: never };

/** Body of a send for each scene: what only C2C takes cannot reach a group. */
export interface V2Bodies {
  users: C2CMessage;
  groups: V2Message;
}

/** The calls of the official API that a line needs. All reject with a `QQError`. */
export interface OfficialApi {
  me(signal?: AbortSignal): Promise<Me>;
  /** Asked once, never repeated: QQ allows two a minute, and whoever asks counts them. */
  gatewayBot(signal?: AbortSignal): Promise<GatewayBot>;
  sendV2<S extends V2Scene>(scene: S, openid: string, message: V2Bodies[S], signal?: AbortSignal): Promise<SendOutcome>;
  sendChannel(channelId: string, message: GuildMessage | FormData, signal?: AbortSignal): Promise<SendOutcome>;
  sendDm(guildId: string, message: GuildMessage | FormData, signal?: AbortSignal): Promise<SendOutcome>;
  openDm(recipientId: string, sourceGuildId: string, signal?: AbortSignal): Promise<DmSession>;
  stream(openid: string, chunk: StreamChunk, signal?: AbortSignal): Promise<StreamAnswer>;
  uploadFile(scene: V2Scene, openid: string, file: FileUpload, signal?: AbortSignal): Promise<FileAnswer>;
  prepareUpload(scene: V2Scene, openid: string, file: UploadPrepare, signal?: AbortSignal): Promise<UploadPlan>;
  /** Once: how often a part that failed is tried again is the upload's affair (`upload_config`). */
  finishPart(scene: V2Scene, openid: string, part: UploadPartFinish, signal?: AbortSignal): Promise<unknown>;
  /** `path` is that of the message. */
  recall(path: string, shape: string, signal?: AbortSignal): Promise<unknown>;
  react(path: string, on: boolean, signal?: AbortSignal): Promise<unknown>;
  /** `code` 0 done, 1 failed, 2 too often, 3 repeated, 4 not permitted, 5 admins only. */
  acknowledge(interactionId: string, code: 0 | 1 | 2 | 3 | 4 | 5, signal?: AbortSignal): Promise<unknown>;
}

/** An acknowledgement has 3 s from the click; a late one is refused anyway. ms. */
const ACKNOWLEDGE_MS = 2_500;
/** Uploads carry up to 20 MB, and QQ fetches or converts before it answers. ms. */
const UPLOAD_MS = 120_000;

export function createOfficialApi(outside: Outside, account: OfficialAccount, tokens: TokenSource): OfficialApi {
  const context: CallContext = { outside, account, tokens, pace: createCallPace(outside.clock) };
  const send = async (
    path: string,
    shape: string,
    body: object,
    more: Pick<Call, "proactive">,
    signal?: AbortSignal,
  ): Promise<SendOutcome> => {
    const repeatable = "msg_seq" in body && body.msg_seq !== undefined;
    return sendOnce(context, change("POST", path, shape, { body, repeatable, visible: true, ...more }), signal);
  };
  const upload = { answerMs: UPLOAD_MS };
  return {
    me: (signal) => call(context, get(paths.me, TRIES), Me, signal),
    gatewayBot: (signal) => call(context, get(paths.gatewayBot, 1), GatewayBot, signal),
    sendV2: (scene, openid, message, signal) =>
      send(
        paths.v2Messages(scene, openid),
        `/v2/${scene}/{openid}/messages`,
        message,
        message.msg_id === undefined && message.event_id === undefined ? { proactive: scene } : {},
        signal,
      ),
    sendChannel: (id, message, signal) =>
      send(paths.channelMessages(id), "/channels/{channel_id}/messages", message, {}, signal),
    sendDm: (id, message, signal) => send(paths.dmMessages(id), "/dms/{guild_id}/messages", message, {}, signal),
    openDm: (recipient_id, source_guild_id, signal) =>
      call(
        context,
        change("POST", paths.openDm, paths.openDm, { body: { recipient_id, source_guild_id } }),
        DmSession,
        signal,
      ),
    stream: (openid, body, signal) =>
      call(
        context,
        change("POST", paths.streamMessages(openid), "/v2/users/{openid}/stream_messages", {
          body,
          tries: 1,
          repeatable: false,
          visible: true,
        }),
        StreamAnswer,
        signal,
      ),
    uploadFile: (scene, openid, body, signal) =>
      call(
        context,
        change("POST", paths.files(scene, openid), `/v2/${scene}/{openid}/files`, { body, ...upload }),
        FileAnswer,
        signal,
      ),
    prepareUpload: (scene, openid, body, signal) =>
      call(
        context,
        change("POST", paths.uploadPrepare(scene, openid), `/v2/${scene}/{openid}/upload_prepare`, { body }),
        UploadPlan,
        signal,
      ),
    finishPart: (scene, openid, body, signal) =>
      call(
        context,
        change("POST", paths.uploadPartFinish(scene, openid), `/v2/${scene}/{openid}/upload_part_finish`, {
          body,
          tries: 1,
        }),
        AnyAnswer,
        signal,
      ),
    recall: (path, shape, signal) => call(context, change("DELETE", path, shape), AnyAnswer, signal),
    react: (path, on, signal) =>
      call(
        context,
        change(on ? "PUT" : "DELETE", path, "/channels/{channel_id}/messages/{message_id}/reactions/{type}/{id}"),
        AnyAnswer,
        signal,
      ),
    acknowledge: (id, code, signal) =>
      call(
        context,
        change("PUT", paths.interaction(id), "/interactions/{interaction_id}", {
          body: { code },
          tries: 1,
          answerMs: ACKNOWLEDGE_MS,
        }),
        AnyAnswer,
        signal,
      ),
  };
}

function get(path: string, tries: number): Call {
  return { method: "GET", path, shape: path, tries, repeatable: true, visible: false };
}

function change(method: "POST" | "PUT" | "DELETE", path: string, shape: string, more: Partial<Call> = {}): Call {
  return { method, path, shape, tries: TRIES, repeatable: true, visible: false, ...more };
}

/** A message that QQ had already, or reviews before it shows it, was not refused. */
async function sendOnce(context: CallContext, message: Call, signal?: AbortSignal): Promise<SendOutcome> {
  try {
    return { answer: await call(context, message, SendAnswer, signal) };
  } catch (error) {
    if (!(error instanceof QQApiError)) throw error;
    if (error.kind === "duplicate") return { duplicate: true };
    if (error.kind === "audit") return { auditId: error.refusal.auditId ?? "" };
    throw error;
  }
}
