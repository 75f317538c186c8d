import { QQTransportError } from "../../errors.ts";
import { readFrame } from "../../protocol/onebot/frames.ts";
import { openSocket, type Socket } from "../socket.ts";
import type { Outside } from "../transport.ts";
import type { OneBotAccess } from "./account.ts";
import { createHttpRoad } from "./http-road.ts";
import { askPlainly, NO_SOCKET_SERVER } from "./plain-status.ts";
import { BAD_TOKEN, callOver, refusalOf, type Road } from "./road.ts";
import { createSocketRoad, type SocketRoad } from "./socket-road.ts";

/** Whose account an implementation serves, and whether that is logged in to QQ. */
export interface ProbedAccount {
  readonly id: string;
  readonly name: string;
  readonly online: boolean;
}

/**
 * Asks an implementation whose account it serves, over HTTP or, without an address for that, over a socket of its own
 * that is left at once. `undefined` when nothing can be dialled. Rejects with a `QQError`.
 */
export async function probeOneBot(
  outside: Outside,
  access: OneBotAccess,
  signal: AbortSignal,
): Promise<ProbedAccount | undefined> {
  const { httpUrl, wsUrl, accessToken } = access;
  if (httpUrl !== undefined) return await askWho(createHttpRoad(outside, { httpUrl, accessToken }), signal);
  return wsUrl === undefined
    ? undefined
    : await overSocket(outside, wsUrl, access, signal, async (road) => await askWho(road, signal));
}

async function askWho(road: Road, signal: AbortSignal): Promise<ProbedAccount> {
  const { user_id, nickname } = await callOver(road, "get_login_info", {}, { signal });
  const { online } = await callOver(road, "get_status", {}, { signal });
  // Who does not say is taken at its word that it answers at all.
  return { id: user_id, name: nickname ?? user_id, online: online !== false };
}

/**
 * Opens a socket of its own, has `ask` call over it, and leaves. A refused token ends it with the refusal. Rejects with a
 * `QQError`.
 */
export async function overSocket<T>(
  outside: Outside,
  url: string,
  { accessToken, connectionTimeoutMs }: OneBotAccess,
  signal: AbortSignal,
  ask: (road: Road) => Promise<T>,
): Promise<T> {
  const socket = await dial(outside, url, accessToken, connectionTimeoutMs, signal);
  const road = createSocketRoad(outside.clock, socket);
  try {
    const [told] = await Promise.all([ask(road).finally(() => socket.abandon("asked")), read(socket, road)]);
    return told;
  } finally {
    socket.abandon("asked");
  }
}

async function dial(
  outside: Outside,
  url: string,
  token: string | undefined,
  dialMs: number,
  signal: AbortSignal,
): Promise<Socket> {
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
  try {
    return await openSocket(outside, url, signal, { headers, dialMs });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : "no connection";
    const answer = await askPlainly(outside, url, headers, signal);
    if (answer.kind === "bad-token")
      throw refusalOf("get_login_info", { retcode: BAD_TOKEN, text: "", status: answer.status });
    if (answer.kind === "no-socket-server")
      throw new QQTransportError(`${why} (HTTP ${answer.status}); ${NO_SOCKET_SERVER}`, { cause });
    const advice =
      "check that NapCat's WebSocket server is enabled and wsUrl names its port, not the HTTP server's; in a container it must listen on 0.0.0.0";
    throw new QQTransportError(`${why}; ${advice}`, { cause });
  }
}

/** Hands out the answers until the socket ends. */
async function read(socket: Socket, road: SocketRoad): Promise<void> {
  for (let text = await socket.next(); text !== undefined; text = await socket.next()) {
    const frame = readFrame(text);
    if (frame.kind === "bad-token")
      throw refusalOf("get_login_info", { retcode: BAD_TOKEN, text: frame.text, status: 200 });
    if (frame.kind === "reply") road.answered(frame);
  }
  road.ended(socket.end?.why ?? "left");
}
