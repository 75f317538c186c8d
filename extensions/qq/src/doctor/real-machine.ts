import { lookup } from "node:dns/promises";
import { existsSync } from "node:fs";
import { stat, statfs } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { resolveGatewayPort } from "openclaw/plugin-sdk/core";
import { callGatewayFromCli } from "openclaw/plugin-sdk/gateway-runtime";
import { resolveStateDir } from "openclaw/plugin-sdk/state-paths";
import { z } from "zod";
import { outside } from "../channel/outside.ts";
import { getQQRuntime } from "../channel/runtime.ts";
import { openForReading } from "../journal/database.ts";
import { countKept } from "../journal/kept-count.ts";
import type { JournalView, Machine } from "./machine.ts";

/** The answer of the gateway's `channels.status`, as far as it is of this channel. */
const Statuses = z.looseObject({
  channelAccounts: z.looseObject({ qq: z.array(z.looseObject({ accountId: z.string() })).default([]) }),
});

/** The machine that this runs on, and the gateway of this configuration. */
export function realMachine(cfg: OpenClawConfig): Machine {
  const journalFile = join(resolveStateDir(), "qq", "journal.sqlite");
  return {
    outside,
    nodeVersion: process.versions.node,
    hostVersion: hostVersion(),
    gatewayUrl: gatewayUrl(cfg),
    lookup: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
    accountStatuses: async (timeoutMs) => await askStatuses(timeoutMs),
    // Opening is synchronous, and its failure a rejection all the same.
    journal: async () => viewJournal(journalFile),
    freeBytes: async () => {
      const { bavail, bsize } = await statfs(nearest(dirname(journalFile)));
      return bavail * bsize;
    },
    fileMode: async (path) => (process.platform === "win32" ? undefined : (await stat(path)).mode),
  };
}

/** The CLI calls the same one; a remote gateway's WebSocket address is that of its HTTP server as well. */
function gatewayUrl(cfg: OpenClawConfig): string {
  const { mode, remote, tls } = cfg.gateway ?? {};
  if (mode === "remote" && remote?.url) return remote.url.replace(/^ws/, "http").replace(/\/+$/, "");
  return `${tls?.enabled === true ? "https" : "http"}://127.0.0.1:${resolveGatewayPort(cfg)}`;
}

function hostVersion(): string | undefined {
  try {
    return getQQRuntime().version;
  } catch {
    return undefined;
  }
}

async function askStatuses(timeoutMs: number): Promise<readonly ChannelAccountSnapshot[]> {
  const answer = await callGatewayFromCli(
    "channels.status",
    { timeout: String(timeoutMs), json: true },
    { probe: false, timeoutMs },
    { progress: false, sharedStateMode: "read-only" },
  );
  return Statuses.parse(answer).channelAccounts.qq;
}

async function viewJournal(file: string): Promise<JournalView> {
  if (!existsSync(file)) return { kind: "none" };
  const { size } = await stat(file);
  const database = openForReading(file);
  if (!database) return { kind: "unreadable", why: "another version of this plugin wrote it" };
  try {
    return { kind: "readable", bytes: size, kept: countKept(database) };
  } finally {
    database.close();
  }
}

/** The first directory above that is there. */
function nearest(directory: string): string {
  return existsSync(directory) || dirname(directory) === directory ? directory : nearest(dirname(directory));
}
