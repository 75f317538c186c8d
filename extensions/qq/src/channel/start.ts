import { join } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { createAccountStatusSink, waitUntilAbort } from "openclaw/plugin-sdk/channel-outbound";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { ChannelGatewayContext } from "openclaw/plugin-sdk/channel-contract";
import { advise } from "../advice.ts";
import { resolveAccount, type QQAccount } from "../config/account.ts";
import { env } from "../config/env.ts";
import { QQError } from "../errors.ts";
import { openAudits } from "../journal/audits.ts";
import { openButtons } from "../journal/buttons.ts";
import { openChats } from "../journal/chats.ts";
import { openContactRequests } from "../journal/contact-requests.ts";
import { openJournal, transaction } from "../journal/database.ts";
import { openInbox } from "../journal/inbox.ts";
import { openKeptFiles } from "../journal/kept-files.ts";
import { openLaneAhead } from "../journal/lane-ahead.ts";
import { openOneBotMemory } from "../journal/onebot-marks.ts";
import { openParked } from "../journal/parked.ts";
import { openRefs } from "../journal/refs.ts";
import { openRefusals } from "../journal/refusals.ts";
import { openReplies } from "../journal/replies.ts";
import { openStreams } from "../journal/streams.ts";
import { openTurns } from "../journal/turns.ts";
import { openWaits } from "../journal/waits.ts";
import type { Log } from "../transport/log.ts";
import type { LineOptions } from "../transport/transport.ts";
import { approvalGateway, offerApprovals } from "./approvals/approval-gateway.ts";
import { journalFile } from "./directory.ts";
import { deliverKeptAgain } from "./answer/kept-again.ts";
import { deliverInbound, mayTakeTurn } from "./receive/inbound.ts";
import { isPress, takePress, type PressTurns } from "./interaction/interaction.ts";
import { createDropLog } from "./receive/drop-log.ts";
import { resumeInterrupted } from "./receive/interrupted.ts";
import { createLoopBrake } from "./receive/loop-brake.ts";
import { openLine } from "./line.ts";
import { keepFacts, type FactsKeeper } from "./line-facts.ts";
import { watchLogin } from "./login-loss.ts";
import { outside } from "./outside.ts";
import { resumeWaits } from "./receive/pairing.ts";
import { openPump } from "./pump.ts";
import { isPersonal, type RunningAccount, type RunningAccounts } from "./running.ts";
import { getQQRuntime } from "./runtime.ts";
import { isConfiguredElsewhere } from "./siblings.ts";
import { finishLeftStreams } from "./stream/stream-end.ts";
import { lineReport, type StatusPatch } from "./status.ts";
import { watchLine } from "./watch-line.ts";
import { keepTidy } from "./tidy.ts";
import { describeAccount } from "./describe.ts";

type Context = ChannelGatewayContext<QQAccount>;

/** Conversations that one pass over the inbox takes; within one, messages go one after the other. */
const LANES_AT_ONCE = 8;

/** Runs one account until the host stops it. What keeps it from running is shown in its status, and stops only it. */
export async function startAccount(ctx: Context, accounts: RunningAccounts): Promise<void> {
  const log = accountLog(ctx);
  const publish = statusSink(ctx);
  const { account } = ctx;
  // Whose account it was before may have changed with the configuration.
  publish({ ...describeAccount(account), bot: undefined, facts: undefined });
  log.info(`account transport=${account.transport} why="${account.transportWhy}" ${placesOf(account)}`);
  if (account.transport === "onebot" && account.exposure) log.warn(account.exposure[account.locale]);
  const facts = keepFacts((found) => publish({ facts: found }));
  const report = reportFor(ctx, accounts, log, publish, facts);
  try {
    if (!account.credentials.ok) throw account.credentials.error;
    await runAccount(ctx, { accounts, log, report, publish, facts });
  } catch (error) {
    if (ctx.abortSignal.aborted) return;
    const why = error instanceof QQError ? advise(error, account.locale) : `unexpected: ${String(error)}`;
    log.error(`account stopped why="${why}"`);
    report.status({ state: "stopped", since: outside.clock.now(), why });
    // Coming back would have the host start the account again and again; a person must change something first.
    await waitUntilAbort(ctx.abortSignal);
  }
}

/** Shows the line's state, and notes whose account it turns out to be. */
function reportFor(
  ctx: Context,
  accounts: RunningAccounts,
  log: Log,
  publish: Parts["publish"],
  facts: FactsKeeper,
): Parts["report"] {
  const report = lineReport(ctx.account, log, publish, ctx.abortSignal, facts);
  return {
    ...report,
    identity: (who) => {
      const twin = accounts.recognise(ctx.accountId, who.id);
      if (twin !== undefined)
        log.warn(`account ${twin} has the QQ number ${who.id} too: both answer each message; give each its own NapCat`);
      report.identity?.(who);
    },
  };
}

/** Where the account's calls go, and where its events come from, for the log. */
function placesOf(account: QQAccount): string {
  if (account.transport !== "onebot") return `api=${account.apiBaseUrl}`;
  const { httpUrl = "none", wsUrl = "none", reversePath = "none" } = account.addresses;
  return `http=${httpUrl} ws=${wsUrl} reverse=${reversePath}`;
}

interface Parts {
  readonly accounts: RunningAccounts;
  readonly log: Log;
  readonly report: LineOptions["report"];
  readonly publish: (patch: StatusPatch) => void;
  readonly facts: FactsKeeper;
}

const now = (): number => outside.clock.now();

async function runAccount(ctx: Context, parts: Parts): Promise<void> {
  const journal = openJournal(journalFile());
  const over = new AbortController();
  const signal = AbortSignal.any([ctx.abortSignal, over.signal]);
  const { running, monitor, presses, line } = assemble(ctx, parts, journal, signal);
  parts.accounts.add(running);
  if (running.chats.anybodyWrote()) parts.facts.heardBefore();
  // An account may also end by itself, its secret refused: what runs beside it must end then, before the journal closes.
  const beside = [
    resumeInterrupted(running, monitor.admit),
    finishLeftStreams(running),
    keepTidy(running, openOneBotMemory(journal, ctx.accountId)),
    ...(isPersonal(running) ? [deliverKeptAgain(running)] : []),
  ].map((task) => task.catch((error: unknown) => parts.log.error(`journal failed error="${String(error)}"`)));
  try {
    monitor.start();
    presses.start();
    offerApprovals(ctx, signal);
    resumeWaits(running);
    await line.run(ctx.abortSignal);
  } finally {
    over.abort();
    parts.accounts.remove(running);
    await presses.stop();
    await monitor.stop();
    await Promise.all(beside);
    journal.close();
  }
}

function assemble(ctx: Context, parts: Parts, journal: DatabaseSync, signal: AbortSignal) {
  const { log, publish, report } = parts;
  const { accountId } = ctx;
  const monitor = openPump(ctx, log, {
    queue: openInbox(journal, accountId, now),
    deliver: (event, receivedAt, lifecycle) => deliverInbound(event, receivedAt, lifecycle, running),
    lanesAtOnce: LANES_AT_ONCE,
  });
  const pressTurns: PressTurns = {
    mayTake: (message, event) => mayTakeTurn(message, event, running),
    admit: monitor.admit,
  };
  // A pump of its own: QQ waits 3 s for a press, and the turns under way may be waiting for just that.
  const presses = openPump(ctx, log, {
    queue: openInbox(journal, `${accountId}:presses`, now),
    deliver: (event, receivedAt) => takePress(event, receivedAt, pressTurns, running),
  });
  const login = { accountId, accounts: parts.accounts, clock: outside.clock, log, signal };
  const watched = watchLine(report, watchLogin(login));
  const line = openLine(ctx, { journal, log, report: watched.report }, async (event) => {
    await (isPress(event) ? presses : monitor).admit(event);
    publish({ lastInboundAt: now() });
  });
  const running: RunningAccount = {
    accountId,
    line: line.transport,
    replies: openReplies(journal, accountId),
    parked: openParked(journal, accountId),
    chats: openChats(journal, accountId),
    refs: openRefs(journal, accountId),
    refusals: openRefusals(journal, accountId),
    audits: openAudits(journal, accountId),
    buttons: openButtons(journal, accountId),
    keptFiles: openKeptFiles(join(getQQRuntime().state.resolveStateDir(), "qq", "kept", accountId)),
    requests: openContactRequests(journal, accountId),
    laneAhead: openLaneAhead(journal, accountId),
    turns: openTurns(journal, accountId),
    streams: openStreams(journal, accountId),
    growing: new Map(),
    waits: openWaits(journal, accountId),
    admit: monitor.admit,
    clock: outside.clock,
    log,
    atomically: (work) => transaction(journal, work),
    history: new Map(),
    recalled: new Set(),
    // Personal accounts hear all that is said in their groups, official bots mostly what is meant for them.
    dropped: ctx.account.transport === "onebot" ? createDropLog(outside.clock, log) : (line) => log.info(line),
    loopBrake: createLoopBrake(accountId, () => currentConfig().channels?.defaults?.botLoopProtection?.enabled),
    keptOnItsWay: new Map(),
    isUp: watched.isUp,
    isSibling: (userId) =>
      parts.accounts.isSibling(accountId, userId) || isConfiguredElsewhere(currentConfig(), env, accountId, userId),
    current: () => readCurrent(accountId),
    signal,
    ...approvalGateway(ctx),
    sent: () => publish({ lastOutboundAt: now() }),
  };
  return { running, monitor, presses, line };
}

function currentConfig(): OpenClawConfig {
  // The host hands out a deeply readonly view of the type that its own calls take.
  return getQQRuntime().config.current() as OpenClawConfig;
}

function readCurrent(accountId: string) {
  const cfg = currentConfig();
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
