import { withDeadline } from "../deadline.ts";
import type { RawSocket } from "../socket.ts";
import type { LineOptions, Transport } from "../transport.ts";
import type { OneBotAccess } from "./account.ts";
import { createAccepting, type Accepting } from "./accepting.ts";
import { runDialling } from "./dial.ts";
import { createHttpRoad } from "./http-road.ts";
import { createLineCalls } from "./line-calls.ts";
import { createLine, type LineCore } from "./line.ts";
import type { OneBotMemory } from "./memory.ts";
import { aborted, createPosts, type Posts } from "./posts.ts";
import { refusalOfUpgrade } from "./admission.ts";
import { createOneBotSending } from "./sending.ts";

export interface OneBotOptions extends LineOptions {
  readonly access: OneBotAccess;
  readonly memory: OneBotMemory;
}

/** A socket that the implementation has dialled: open, and nothing of it read yet. */
export type AcceptedSocket = RawSocket;

/** Headers as Node gives them, names in lower case. */
export type RequestHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/** An event that the implementation posts. */
export interface PostedRequest {
  readonly headers: RequestHeaders;
  /** The body byte for byte: the signature is over these. */
  readonly body: Uint8Array;
}

export interface PostedAnswer {
  readonly status: number;
  readonly body?: string;
}

/** The line of a personal account behind a OneBot 11 implementation such as NapCat. */
export interface OneBotTransport extends Transport {
  readonly unmetered: true;
  /** The HTTP status to refuse an upgrade with; `undefined` when the socket may come in. */
  admits(headers: RequestHeaders): number | undefined;
  /** Takes a socket whose upgrade `admits` has let in. The newest of an account wins: an older one is left. */
  acceptSocket(socket: AcceptedSocket, headers: RequestHeaders): void;
  /** Answers one posted event, once it is stored. Never rejects. */
  receivePost(request: PostedRequest): Promise<PostedAnswer>;
  /** Events that the implementation posted were turned away, and come no more: history is read for them. */
  missed(): void;
}

/** Not running, the line takes nothing. */
const NOT_RUNNING = 503;
/** How long what has come may still be stored once the line is stopped, ms. */
const SETTLE_MS = 5000;

/** What a run of the line has that the world outside reaches. */
interface Running {
  readonly accepting: Accepting;
  readonly posts: Posts;
}

export function createOneBotTransport(options: OneBotOptions): OneBotTransport {
  const { access, outside, log } = options;
  const core: LineCore = { identity: undefined, links: [], openings: 0 };
  const { httpUrl, accessToken } = access;
  const calls = createLineCalls({
    http: httpUrl === undefined ? undefined : createHttpRoad(outside, { httpUrl, accessToken }),
    socket: () => core.links.findLast(({ role }) => role !== "event")?.road,
    log,
  });
  const sending = createOneBotSending({
    calls,
    access,
    outside,
    log,
    self: () => core.identity,
    openings: () => core.openings,
    isSent: (id, lane) => options.memory.isSent(id, lane),
  });
  let running: Running | undefined;
  return {
    unmetered: true,
    ...sending,
    async run(signal) {
      const over = new AbortController();
      const until = AbortSignal.any([signal, over.signal]);
      const line = createLine({ ...options, core, calls, signal: until });
      const { wsUrl } = access;
      running = {
        accepting: createAccepting(line, wsUrl !== undefined, until),
        posts: createPosts(line, wsUrl === undefined && httpUrl !== undefined, until),
      };
      try {
        await Promise.all([
          aborted(until),
          running.posts.run(),
          ...(wsUrl === undefined ? [] : [runDialling(line, wsUrl, until)]),
        ]);
        line.state.stopped("stopped");
      } catch (error) {
        line.state.stopped(error instanceof Error ? error.message : "unexpected failure");
        if (!signal.aborted) throw error;
      } finally {
        const { accepting } = running;
        running = undefined;
        over.abort();
        await accepting.ended();
        await withDeadline(outside.clock, SETTLE_MS, undefined, async (late) => {
          await Promise.race([line.idle(), aborted(late)]);
        });
      }
    },
    admits: (headers) =>
      // Two accounts at once would answer in each other's name. An older connection that is dead is soon left.
      running ? refusalOfUpgrade(access, headers, core.links.length > 0 ? core.identity?.id : undefined) : NOT_RUNNING,
    acceptSocket(socket, headers) {
      if (running) running.accepting.take(socket, headers);
      else socket.close();
    },
    receivePost: async (request) => (await running?.posts.receive(request)) ?? { status: NOT_RUNNING },
    missed: () => running?.posts.missed(),
  };
}
