import {
  createDefaultChannelRuntimeState,
  createComputedAccountStatusAdapter,
} from "openclaw/plugin-sdk/status-helpers";
import { DEFAULT_ACCOUNT_ID } from "openclaw/plugin-sdk/account-id";
import { channelBlockedPatch, channelReadyPatch, channelStoppedPatch } from "openclaw/plugin-sdk/gateway-runtime";
import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import { isConfigured, type QQAccount } from "../config/account.ts";
import type { Log } from "../transport/log.ts";
import type { LineReport, LineStatus } from "../transport/transport.ts";
import type { QQProbe } from "./probe.ts";

/** Fields of the host's account status that are to change. */
export type StatusPatch = {
  [K in keyof Omit<ChannelAccountSnapshot, "accountId">]?: ChannelAccountSnapshot[K] | undefined;
};

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
  resolveAccountSnapshot: ({ account }) => ({
    accountId: account.accountId,
    ...(account.name === undefined ? {} : { name: account.name }),
    enabled: account.enabled,
    configured: isConfigured(account),
    extra: describeAccount(account),
  }),
  collectStatusIssues: (accounts) =>
    accounts.flatMap((account) => {
      // The host itself lists what is blocked.
      const silent = account.enabled === false || account.configured !== true || account.lifecycle === "blocked";
      if (silent || !account.lastError) return [];
      return [{ channel: "qq", accountId: account.accountId, kind: "runtime" as const, message: account.lastError }];
    }),
});

/** What the status shows of an account that the line does not know: never a secret. */
export function describeAccount(account: QQAccount) {
  return {
    mode: `${account.transport} (${account.transportWhy})`,
    baseUrl: account.apiBaseUrl,
    ...(account.transport === "webhook" ? { webhookPath: account.webhookPath } : {}),
    dmPolicy: account.config.dmPolicy ?? "pairing",
    tokenSource: account.secretSource,
    tokenStatus: account.credentials.ok
      ? "available"
      : account.secretSource === "none"
        ? "missing"
        : "configured_unavailable",
  };
}

/** Turns what a line reports into the host's account status and into log lines; every member returns at once. */
export function lineReport(
  account: QQAccount,
  log: Log,
  publish: (patch: StatusPatch) => void,
  signal: AbortSignal,
): LineReport {
  const dropped = new Map<string, number>();
  let ready = false;
  return {
    status: (status) => {
      if (signal.aborted) return publish(channelStoppedPatch());
      if (status.state !== "stopped")
        log.info(`line ${status.state} transport=${account.transport} why="${status.why}"`);
      publish(patchOf(status, ready));
      ready = status.state === "ready";
    },
    activity: (at) => {
      // A quiet webhook bot is healthy: only a line of our own dialling may be judged by its silence.
      publish(
        account.transport === "websocket" ? { lastTransportActivityAt: at, lastEventAt: at } : { lastEventAt: at },
      );
    },
    dropped: (reason) => {
      const count = (dropped.get(reason) ?? 0) + 1;
      dropped.set(reason, count);
      if (count === 1 || count % DROPPED_LOG_EVERY === 0) log.info(`event dropped reason="${reason}" count=${count}`);
    },
  };
}

function patchOf(status: LineStatus, wasReady: boolean): StatusPatch {
  switch (status.state) {
    case "ready":
      return channelReadyPatch({
        connected: true,
        lastConnectedAt: status.since,
        lastError: null,
        stateReason: status.why,
        reconnectAttempts: 0,
      });
    case "connecting":
      return { connected: false, lifecycle: "starting", stateReason: status.why };
    case "waiting":
      return {
        connected: false,
        lifecycle: "recovering",
        stateReason: status.why,
        lastError: status.why,
        ...(wasReady ? { lastDisconnect: { at: status.since, error: status.why } } : {}),
      };
    case "stopped":
      return { ...channelBlockedPatch(status.why), connected: false, stateReason: status.why };
  }
}
