import {
  createDefaultChannelRuntimeState,
  createComputedAccountStatusAdapter,
} from "openclaw/plugin-sdk/status-helpers";
import { DEFAULT_ACCOUNT_ID } from "openclaw/plugin-sdk/account-id";
import { channelBlockedPatch, channelReadyPatch, channelStoppedPatch } from "openclaw/plugin-sdk/gateway-runtime";
import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import type { LineFacts } from "../checks/facts.ts";
import { isConfigured, type QQAccount } from "../config/account.ts";
import { env } from "../config/env.ts";
import { localeOf } from "../texts.ts";
import type { Log } from "../transport/log.ts";
import type { LineReport, LineStatus } from "../transport/transport.ts";
import { describeAccount, describeLine } from "./describe.ts";
import { adviseDown, adviseState } from "./line-advice.ts";
import { keepFacts, type FactsKeeper } from "./line-facts.ts";
import type { QQProbe } from "./probe.ts";
import { tryGetQQRuntime } from "./runtime.ts";
import { describeIssues, statusIssues } from "./status-issues.ts";

/** Fields of the host's account status that are to change. */
export type StatusPatch = {
  [K in keyof Omit<ChannelAccountSnapshot, "accountId">]?: ChannelAccountSnapshot[K] | undefined;
} & { facts?: LineFacts | undefined };

/** How often an ignored event is written to the log at most: each first time, then every so many. */
const DROPPED_LOG_EVERY = 1000;

/** The host's status, probe and advice for QQ accounts. */
export const statusAdapter = createComputedAccountStatusAdapter<QQAccount, QQProbe>({
  defaultRuntime: createDefaultChannelRuntimeState(DEFAULT_ACCOUNT_ID),
  probeAccount: async ({ account, timeoutMs }) => {
    // What talks to the network is loaded when it is needed, and apart from what reads secret files.
    const { probeAccount } = await import("./probe.ts");
    return probeAccount(account, timeoutMs);
  },
  resolveAccountSnapshot: ({ account, cfg, runtime }) => ({
    accountId: account.accountId,
    ...(account.name === undefined ? {} : { name: account.name }),
    enabled: account.enabled,
    configured: isConfigured(account),
    extra: {
      ...describeAccount(account),
      ...describeLine(account, runtime),
      issues: describeIssues({ account, snapshot: runtime, cfg, env }),
    },
  }),
  collectStatusIssues: (accounts) => statusIssues(accounts, tryGetQQRuntime()?.version, localeOf(env)),
});

/** Turns what a line reports into the host's account status and into log lines; every member returns at once. */
export function lineReport(
  account: QQAccount,
  log: Log,
  publish: (patch: StatusPatch) => void,
  signal: AbortSignal,
  facts: FactsKeeper = keepFacts((found) => publish({ facts: found })),
): LineReport {
  const dropped = new Map<string, number>();
  let up = false;
  return {
    status: (status) => {
      if (signal.aborted) return publish({ ...channelStoppedPatch(), healthState: undefined });
      if (status.state !== "stopped")
        log.info(`line ${status.state} transport=${account.transport} why="${status.why}"`);
      publish(patchOf(status, up, account));
      if (status.state === "ready") facts.ready(status.without);
      up = status.state === "ready" || status.state === "offline" || status.state === "deaf";
    },
    activity: (at) => {
      facts.good();
      publish(dials(account) ? { lastTransportActivityAt: at, lastEventAt: at } : { lastEventAt: at });
    },
    identity: ({ id, name, software }) => publish({ bot: { id, username: name, software } }),
    validated: (at, isSigned) => facts.validated(at, isSigned),
    clockOff: (aheadMs, signature) => facts.clockOff(aheadMs, signature),
    heard: (way) => facts.heard(way),
    dropped: (reason, refusal) => {
      if (refusal !== undefined) facts.refused(refusal);
      const count = (dropped.get(reason) ?? 0) + 1;
      dropped.set(reason, count);
      if (count === 1 || count % DROPPED_LOG_EVERY === 0) log.info(`event dropped reason="${reason}" count=${count}`);
    },
  };
}

/** A quiet webhook bot is healthy: only a line of our own dialling may be judged by its silence. */
function dials(account: QQAccount): boolean {
  return account.transport === "onebot" ? account.addresses.wsUrl !== undefined : account.transport === "websocket";
}

function patchOf(status: LineStatus, wasUp: boolean, { transport, locale }: QQAccount): StatusPatch {
  switch (status.state) {
    case "ready":
      return {
        ...channelReadyPatch({
          connected: true,
          lastConnectedAt: status.since,
          lastError: null,
          stateReason: status.why,
          reconnectAttempts: 0,
        }),
        healthState: undefined,
      };
    // The line itself is well: were it called disconnected, the host would open it again and again, which cannot help.
    case "offline":
    case "deaf":
      return {
        connected: true,
        lifecycle: "recovering",
        stateReason: status.why,
        healthState: status.state,
        lastError: adviseState(status.state, locale, status.why),
      };
    case "connecting":
      return {
        connected: false,
        lifecycle: "starting",
        stateReason: status.why,
        healthState: undefined,
        // Not a dial: the connection is there, and nothing comes over it.
        ...(wasUp && transport === "onebot" ? { lastError: adviseDown(status, locale) } : {}),
      };
    case "waiting":
      return {
        connected: false,
        lifecycle: "recovering",
        stateReason: status.why,
        healthState: undefined,
        lastError: adviseDown(status, locale),
        ...(wasUp ? { lastDisconnect: { at: status.since, error: status.why } } : {}),
      };
    case "stopped":
      return {
        ...channelBlockedPatch(status.why),
        connected: false,
        stateReason: status.why,
        healthState: undefined,
      };
  }
}
