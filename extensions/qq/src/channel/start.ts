import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import {
  createAccountStatusSink,
  createChannelIngressMonitor,
  waitUntilAbort,
} from "openclaw/plugin-sdk/channel-outbound";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { ChannelGatewayContext } from "openclaw/plugin-sdk/channel-contract";
import { runDetachedWebhookWork } from "openclaw/plugin-sdk/webhook-request-guards";
import { advise } from "../advice.ts";
import { resolveAccount, type OfficialCredentials, type QQAccount } from "../config/account.ts";
import { env } from "../config/env.ts";
import { QQError } from "../errors.ts";
import { openJournal } from "../journal/database.ts";
import { openInbox } from "../journal/inbox.ts";
import { openParked } from "../journal/parked.ts";
import { openPeers } from "../journal/peers.ts";
import { openReplies } from "../journal/replies.ts";
import { openSessions } from "../journal/sessions.ts";
import { openTurns } from "../journal/turns.ts";
import { openWaits } from "../journal/waits.ts";
import type { Log } from "../transport/log.ts";
import { createGatewayTransport } from "../transport/official/gateway.ts";
import { createWebhookTransport } from "../transport/official/webhook-transport.ts";
import type { LineOptions, RawEvent, Transport } from "../transport/transport.ts";
import { deliverInbound } from "./inbound.ts";
import { resumeInterrupted } from "./interrupted.ts";
import { outside } from "./outside.ts";
import { resumeWaits } from "./pairing.ts";
import type { RunningAccount, RunningAccounts } from "./running.ts";
import { getQQRuntime } from "./runtime.ts";
import { describeAccount, lineReport, type StatusPatch } from "./status.ts";
import { openWebhookRoute } from "./webhook-route.ts";

type Context = ChannelGatewayContext<QQAccount>;

/** Version of what is stored in the inbox. */
const EVENT_VERSION = 1;
/** Conversations that are taken at once; within one, messages go one after the other. */
const LANES_AT_ONCE = 8;
const UNREADABLE: RawEvent = { key: "", lane: "", text: "" };
/** How often the pump looks for events whose pause is over, ms. New events wake it at once. */
const RETRY_CHECK_MS = 5_000;
const TIDY_EVERY_MS = 3_600_000;

/** Runs one account until the host stops it. What keeps it from running is shown in its status, and stops only it. */
export async function startAccount(ctx: Context, accounts: RunningAccounts): Promise<void> {
  const log = accountLog(ctx);
  const publish = statusSink(ctx);
  const { account } = ctx;
  publish(describeAccount(account));
  log.info(`account transport=${account.transport} why="${account.transportWhy}" api=${account.apiBaseUrl}`);
  const report = lineReport(account, log, publish, ctx.abortSignal);
  try {
    if (!account.credentials.ok) throw account.credentials.error;
    await runAccount(ctx, { credentials: account.credentials.value, accounts, log, report, publish });
  } catch (error) {
    if (ctx.abortSignal.aborted) return;
    const why = error instanceof QQError ? advise(error, account.locale) : `unexpected: ${String(error)}`;
    log.error(`account stopped why="${why}"`);
    report.status({ state: "stopped", since: outside.clock.now(), why });
    // Coming back would have the host start the account again and again; a person must change something first.
    await waitUntilAbort(ctx.abortSignal);
  }
}

interface Parts {
  readonly credentials: OfficialCredentials;
  readonly accounts: RunningAccounts;
  readonly log: Log;
  readonly report: LineOptions["report"];
  readonly publish: (patch: StatusPatch) => void;
}

const now = (): number => outside.clock.now();

async function runAccount(ctx: Context, parts: Parts): Promise<void> {
  const journal = openJournal(join(getQQRuntime().state.resolveStateDir(), "qq", "journal.sqlite"));
  const over = new AbortController();
  const signal = AbortSignal.any([ctx.abortSignal, over.signal]);
  const { running, monitor, line } = assemble(ctx, parts, journal, signal);
  parts.accounts.add(running);
  // An account may also end by itself, its secret refused: what runs beside it must end then, before the journal closes.
  const beside = [resumeInterrupted(running, monitor.admit), keepTidy(running)].map((task) =>
    task.catch((error: unknown) => parts.log.error(`journal failed error="${String(error)}"`)),
  );
  try {
    monitor.start();
    resumeWaits(running);
    await line.run(ctx.abortSignal);
  } finally {
    over.abort();
    parts.accounts.remove(running);
    await monitor.stop();
    await Promise.all(beside);
    journal.close();
  }
}

function assemble(ctx: Context, parts: Parts, journal: DatabaseSync, signal: AbortSignal) {
  const { log, publish, credentials } = parts;
  const { accountId } = ctx;
  const monitor = openMonitor(ctx, openInbox(journal, accountId, now), () => running, log);
  const line = openLine(ctx, parts, openSessions(journal, `${accountId}:${credentials.appId}`), async (event) => {
    await monitor.admit(event);
    publish({ lastInboundAt: now() });
  });
  const running: RunningAccount = {
    accountId,
    line: line.transport,
    replies: openReplies(journal, accountId),
    parked: openParked(journal, accountId),
    peers: openPeers(journal, accountId),
    turns: openTurns(journal, accountId),
    waits: openWaits(journal, accountId),
    clock: outside.clock,
    log,
    history: new Map(),
    current: () => readCurrent(accountId),
    signal,
    sent: () => publish({ lastOutboundAt: now() }),
  };
  return { running, monitor, line };
}

/** Drops what is out of every window, now and every hour: the ledger stays small however long the account runs. */
async function keepTidy({ replies, parked, clock, signal }: RunningAccount): Promise<void> {
  while (!signal.aborted) {
    replies.prune(clock.now());
    parked.prune(clock.now());
    await clock.sleep(TIDY_EVERY_MS, signal).catch(() => {});
  }
}

/** The host's pump over our inbox: lanes, claims, retries and adoption are its own. */
function openMonitor(
  ctx: Context,
  queue: ReturnType<typeof openInbox<StoredEvent>>,
  running: () => RunningAccount,
  log: Log,
) {
  return createChannelIngressMonitor<RawEvent, RawEvent, StoredEvent>({
    queue,
    inspect: (event) => ({ eventId: event.key, laneKey: event.lane }),
    payload: {
      version: EVENT_VERSION,
      serialize: (event) => event,
      deserialize: (event) => event,
      encode: ({ version, body }) => ({ version, event: body }),
      // A payload that could not be read is null, and has no version that fits.
      decode: (stored: StoredEvent | null) => ({ version: stored?.version, body: stored?.event ?? UNREADABLE }),
      createClaimError: (kind, claim) => new Error(`stored event ${kind} id=${claim.id.slice(0, 24)}`),
    },
    deliver: async (event, lifecycle, claim) => {
      await deliverInbound(event, claim.receivedAt, lifecycle, running());
    },
    pollIntervalMs: RETRY_CHECK_MS,
    retention: "standard",
    waitForDeliveryIdleBeforeRepump: false,
    runPumpTask: runDetachedWebhookWork,
    deferredClaims: "wait-on-stop",
    drain: { startLimit: LANES_AT_ONCE },
    abortSignal: ctx.abortSignal,
    onError: (error) => log.error(`inbox error="${error instanceof Error ? error.message : String(error)}"`),
  });
}

interface StoredEvent {
  readonly version: number;
  readonly event: RawEvent;
}

interface Line {
  readonly transport: Transport;
  run(signal: AbortSignal): Promise<void>;
}

function openLine(
  ctx: Context,
  parts: Parts,
  sessions: ReturnType<typeof openSessions>,
  accept: LineOptions["accept"],
): Line {
  const { account, accountId } = ctx;
  const { credentials, log, report } = parts;
  const options = { outside, log, accept, report, account: credentials };
  if (account.transport === "websocket") {
    const transport = createGatewayTransport({ ...options, sessions });
    return { transport, run: async (signal) => transport.run(signal) };
  }
  const transport = createWebhookTransport({ ...options, path: account.webhookPath });
  return {
    transport,
    run: async (signal) => {
      const close = openWebhookRoute(
        {
          path: account.webhookPath,
          accountId,
          appId: credentials.appId,
          line: transport,
          dropped: (reason) => report.dropped(reason),
        },
        log,
      );
      try {
        await transport.run(signal);
      } finally {
        close();
      }
    },
  };
}

function readCurrent(accountId: string) {
  // The host hands out a deeply readonly view of the type that its own calls take.
  const cfg = getQQRuntime().config.current() as OpenClawConfig;
  return { cfg, account: resolveAccount(cfg, accountId, env) };
}

/** The host's type predates exactOptionalPropertyTypes: an absent field and an undefined one are the same to it. */
function statusSink(ctx: Context): (patch: StatusPatch) => void {
  const sink = createAccountStatusSink({ accountId: ctx.accountId, setStatus: ctx.setStatus });
  return (patch) => sink(patch as Parameters<typeof sink>[0]);
}

/** The host's log for this account, with a debug level that may be absent there. */
function accountLog(ctx: Context): Log {
  const line = (text: string): string => `[${ctx.accountId}] ${text}`;
  return {
    debug: (text) => ctx.log?.debug?.(line(text)),
    info: (text) => ctx.log?.info(line(text)),
    warn: (text) => ctx.log?.warn(line(text)),
    error: (text) => ctx.log?.error(line(text)),
  };
}
