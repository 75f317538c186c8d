import { QQApiError, type FaultKind } from "../../errors.ts";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { openAudits } from "../../journal/audits.ts";
import { openButtons } from "../../journal/buttons.ts";
import { openChats } from "../../journal/chats.ts";
import { openContactRequests } from "../../journal/contact-requests.ts";
import { openJournal, transaction } from "../../journal/database.ts";
import { openLaneAhead } from "../../journal/lane-ahead.ts";
import { openParked } from "../../journal/parked.ts";
import { openRefs } from "../../journal/refs.ts";
import { openRefusals } from "../../journal/refusals.ts";
import { openReplies } from "../../journal/replies.ts";
import { openStreams } from "../../journal/streams.ts";
import { openWaits } from "../../journal/waits.ts";
import type { MediaFile, OutboundMessage, SentMessage } from "../../message/outbound.ts";
import { formatTarget, type Target } from "../../message/target.ts";
import { REPLY_LIMITS } from "../../protocol/official/limits.ts";
import { createFakeClock, type FakeClock } from "../../transport/testing/fake-clock.ts";
import { createRecorder } from "../../transport/testing/recorder.ts";
import type { AccountConfig } from "../../config/schema.ts";
import { createDropLog } from "../receive/drop-log.ts";
import { createLoopBrake } from "../receive/loop-brake.ts";
import type { RunningAccount } from "../running.ts";
import { setQQRuntime } from "../runtime.ts";
import { createFakeStreams, type FakeStreams } from "./fake-stream.ts";

/** A running account whose line records what is sent and answers as a test wants it to. */
export interface FakeAccount {
  readonly running: RunningAccount;
  readonly clock: FakeClock;
  readonly lines: readonly string[];
  readonly sent: OutboundMessage[];
  /** Texts of the files that were uploaded; what an upload is known by is its place here. */
  readonly files: { readonly name: string; readonly text: string }[];
  /** What the platform says to a message; nothing: it takes it. */
  platform: (message: OutboundMessage) => Error | undefined;
  /** What it says to an upload. */
  uploads: (file: MediaFile) => Error | undefined;
  readonly streams: FakeStreams;
  /** The host's configuration; what the account reads of its own is in `config`. */
  cfg: OpenClawConfig;
  /** What is configured beside the defaults. */
  config: Partial<AccountConfig>;
  /** Somebody writes in the chat, now. */
  hear(msgId: string, chat?: Target): void;
}

export const person: Target = { kind: "c2c", userId: "U1" };

/** `limit`: the account's `textChunkLimit`, UTF-16 units. */
export function openFakeAccount(limit = 10): FakeAccount {
  const clock = createFakeClock();
  const { log, lines } = createRecorder();
  const journal = openJournal(":memory:");
  const text = { resolveTextChunkLimit: () => limit, resolveChunkMode: () => "length" };
  // What a test does not give the code under test must not be asked for: reading it throws.
  setQQRuntime({ channel: { text } } as unknown as Parameters<typeof setQQRuntime>[0]);
  const sent: OutboundMessage[] = [];
  const files: { name: string; text: string }[] = [];
  const send = async (_target: Target, message: OutboundMessage): Promise<SentMessage> => {
    const refusal = fake.platform(message);
    if (refusal) throw refusal;
    sent.push(message);
    return { messageId: `m${sent.length}`, quoteIndex: `REFIDX_m${sent.length}` };
  };
  const upload = async (_target: Target, file: MediaFile) => {
    const refusal = fake.uploads(file);
    if (refusal) throw refusal;
    files.push({ name: file.name, text: new TextDecoder().decode(await file.read(0, file.size)) });
    return { kind: file.kind, fileInfo: String(files.length - 1) };
  };
  const streams = createFakeStreams(clock, refusal);
  const running = {
    accountId: "default",
    line: { send, upload, stream: streams.stream },
    signal: new AbortController().signal,
    log,
    clock,
    replies: openReplies(journal, "default"),
    parked: openParked(journal, "default"),
    chats: openChats(journal, "default"),
    refs: openRefs(journal, "default"),
    refusals: openRefusals(journal, "default"),
    audits: openAudits(journal, "default"),
    buttons: openButtons(journal, "default"),
    streams: openStreams(journal, "default"),
    requests: openContactRequests(journal, "default"),
    waits: openWaits(journal, "default"),
    laneAhead: openLaneAhead(journal, "default"),
    growing: new Map(),
    history: new Map(),
    recalled: new Set(),
    dropped: createDropLog(clock, log),
    loopBrake: createLoopBrake("default", () => fake.cfg.channels?.defaults?.botLoopProtection?.enabled),
    keptOnItsWay: new Map(),
    isUp: () => true,
    isSibling: () => false,
    keptFiles: { directory: "/nowhere", drop: async () => {} },
    atomically: <T>(work: () => T) => transaction(journal, work),
    current: () => ({ cfg: fake.cfg, account: { accountId: "default", locale: "en", config: fake.config } }),
    sent: () => {},
    // The rest of an account is not for sending; a test that needs it fails on `undefined`.
  } as unknown as RunningAccount;
  const fake: FakeAccount = {
    cfg: {},
    running,
    clock,
    lines,
    sent,
    files,
    streams,
    platform: () => undefined,
    uploads: () => undefined,
    config: {},
    hear: (msgId, chat = person) => {
      const target = formatTarget(chat);
      running.replies.open({ msgId, target, receivedAt: clock.now(), limit: REPLY_LIMITS[chat.kind] });
      running.chats.heard(target, clock.now());
    },
  };
  return fake;
}

/** A refusal by the platform, with whatever code. */
export function refusal(kind: FaultKind, platformCode = 1): QQApiError {
  const call = "POST /v2/users/{openid}/messages";
  return new QQApiError(kind, { kind, retry: "never", status: 400, platformCode, traceId: undefined, call });
}

/** What a message shows: its text, or the file that it carries. */
export function shownIn({ content }: OutboundMessage, { files }: FakeAccount): string {
  return content.kind === "media" ? (files[Number(content.media.fileInfo)]?.text ?? "") : content.text;
}
