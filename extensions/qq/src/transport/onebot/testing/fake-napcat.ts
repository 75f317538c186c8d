import type { Clock } from "../../clock.ts";
import type { RawSocket } from "../../socket.ts";

/** An end of a socket that a NapCat in memory speaks on. */
export interface NapCatEnd {
  say(frame: unknown): void;
  readonly left: boolean;
  onFrame?: (frame: unknown) => void;
}

interface Call {
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly echo: string;
}

/** A message as NapCat has it; `at` in ms since the epoch. */
export interface FakeMessage {
  readonly id: number;
  readonly at: number;
  readonly group?: number;
  readonly user?: number;
  readonly text?: string;
}

interface KeptMessage extends FakeMessage {
  /** QQ's sequence; the same counter for all chats here. */
  readonly seq: number;
}

/** As much of NapCat as a connection sees: one account, what was written to it, and who listens. */
export interface FakeNapCat {
  readonly calls: readonly Call[];
  /** Whether the account is logged in. */
  online: boolean;
  /** Actions that are never answered. */
  readonly silent: Set<string>;
  /** What an action says instead of its answer. */
  readonly refused: Map<string, { readonly retcode: number; readonly message: string }>;
  name: string;
  /** What `get_group_system_msg` answers with. */
  systemMessages: object | null;
  attach(end: NapCatEnd): void;
  /** Greets as NapCat does. */
  lifecycle(): void;
  heartbeat(): void;
  /** Somebody writes: pushed to who listens, and kept. */
  write(message: FakeMessage): void;
  /** The same, but nobody is told. */
  miss(message: FakeMessage): void;
  event(event: object): void;
  count(action: string): number;
}

export const UIN = 10001;

export function createFakeNapCat(clock: Clock, uin = UIN): FakeNapCat {
  const ends = new Set<NapCatEnd>();
  const calls: Call[] = [];
  const kept: KeptMessage[] = [];
  const keep = (message: FakeMessage): KeptMessage => {
    const added = { ...message, seq: kept.length + 101 };
    kept.push(added);
    return added;
  };
  const live = (): NapCatEnd[] => [...ends].filter(({ left }) => !left);
  const event = (body: object): void => {
    for (const end of live()) end.say({ time: Math.floor(clock.now() / 1000), self_id: uin, ...body });
  };

  const history = (chat: (message: FakeMessage) => boolean, params: Call["params"]): object => {
    const all = kept.filter(chat).sort((a, b) => a.at - b.at || a.seq - b.seq);
    const isSequence = fake.name === "LLOneBot";
    const anchor = all.findIndex(({ id, seq }) => (isSequence ? seq : id) === params["message_seq"]);
    const end = anchor < 0 ? all.length : anchor + 1;
    return { messages: all.slice(Math.max(0, end - Number(params["count"])), end).map((each) => toEvent(each, uin)) };
  };
  const recent = (): object[] => {
    const newest = new Map<string, FakeMessage>();
    for (const each of kept) {
      const chat = `${each.group ?? each.user ?? 20001}`;
      if ((newest.get(chat)?.at ?? 0) <= each.at) newest.set(chat, each);
    }
    const sorted = [...newest].sort(([, a], [, b]) => b.at - a.at);
    return sorted.map(([peerUin, { at, group }]) => ({
      peerUin,
      msgTime: `${Math.floor(at / 1000)}`,
      chatType: group === undefined ? 1 : 2,
    }));
  };
  const answer = ({ action, params }: Call): unknown => {
    switch (action) {
      case "get_login_info":
        return { user_id: uin, nickname: "Bot" };
      case "get_version_info":
        return { app_name: fake.name, app_version: "4.18.19" };
      case "get_status":
        return { online: fake.online, good: true };
      case "get_recent_contact":
        return recent().slice(0, Number(params["count"]));
      case "get_group_msg_history":
        return history(({ group }) => group === params["group_id"], params);
      case "get_friend_msg_history":
        return history(({ group, user }) => group === undefined && (user ?? 20001) === params["user_id"], params);
      case "get_group_system_msg":
        return fake.systemMessages;
      default:
        return null;
    }
  };

  const fake: FakeNapCat = {
    calls,
    online: true,
    silent: new Set(),
    refused: new Map(),
    name: "NapCat.Onebot",
    systemMessages: null,
    attach(end) {
      ends.add(end);
      end.onFrame = (frame) => {
        const call = frame as Call;
        calls.push(call);
        if (fake.silent.has(call.action)) return;
        const refusal = fake.refused.get(call.action);
        const base = { echo: call.echo, wording: "", stream: "normal-action" };
        queueMicrotask(() => {
          if (!refusal) end.say({ ...base, status: "ok", retcode: 0, data: answer(call), message: "" });
          else end.say({ ...base, status: "failed", data: null, ...refusal });
        });
      };
    },
    lifecycle: () => event({ post_type: "meta_event", meta_event_type: "lifecycle", sub_type: "connect" }),
    heartbeat: () =>
      event({
        post_type: "meta_event",
        meta_event_type: "heartbeat",
        status: { online: fake.online, good: true },
        interval: 30_000,
      }),
    write(message) {
      const added = keep(message);
      for (const end of live()) end.say(toEvent(added, uin));
    },
    miss: (message) => void keep(message),
    event,
    count: (action) => calls.filter((call) => call.action === action).length,
  };
  return fake;
}

function toEvent({ id, at, group, user = 20001, text = "hi", seq }: KeptMessage, uin: number): object {
  return {
    self_id: uin,
    user_id: user,
    time: Math.floor(at / 1000),
    message_id: id,
    message_seq: id,
    real_id: id,
    real_seq: `${seq}`,
    message_type: group === undefined ? "private" : "group",
    sender: { user_id: user, nickname: "Alice", card: "" },
    raw_message: text,
    font: 14,
    sub_type: group === undefined ? "friend" : "normal",
    message: [{ type: "text", data: { text } }],
    message_format: "array",
    post_type: user === uin ? "message_sent" : "message",
    ...(group === undefined ? { target_id: user } : { group_id: group, group_name: "Test Group" }),
  };
}

/** A socket that was accepted: the end for the line, and the end for NapCat. */
export function createAcceptedPair(): {
  readonly raw: RawSocket;
  readonly end: NapCatEnd & { close(code: number): void };
} {
  const target = new EventTarget();
  let isOver = false;
  const end = {
    say: (frame: unknown) => {
      if (!isOver) target.dispatchEvent(new MessageEvent("message", { data: JSON.stringify(frame) }));
    },
    get left() {
      return isOver;
    },
    close(code: number) {
      if (!isOver) target.dispatchEvent(new CloseEvent("close", { code }));
      isOver = true;
    },
  } as NapCatEnd & { close(code: number): void };
  const raw: RawSocket = {
    binaryType: "nodebuffer",
    send: (text) => end.onFrame?.(JSON.parse(text)),
    close: () => {
      isOver = true;
    },
    // The listeners get the events that are dispatched above, which have these fields.
    addEventListener: (type: string, listener: (event: never) => void) =>
      target.addEventListener(type, listener as (event: Event) => void),
  };
  return { raw, end };
}
