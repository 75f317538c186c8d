import { DEFAULT_ACCOUNT_ID } from "openclaw/plugin-sdk/account-id";
import { z } from "zod";
import type { RunHost } from "./host.ts";

/** What the host is asked once everything is written. It waits that long for a gateway that does not answer, ms. */
export const STATUS = ["channels", "status", "--probe", "--channel", "qq", "--timeout", "15000", "--json"] as const;

/**
 * The gateway takes the configuration over within a second or two, and dials QQ; each ask takes seconds itself. One that
 * is still at it after so many is in trouble.
 */
const ASKS = 8;

/** How the account does: it works; it does not, and why; the gateway has none; or there is no gateway to say. */
export type Seen =
  | { readonly state: "works"; readonly mode: string }
  | { readonly state: "fails"; readonly why: string }
  | { readonly state: "unknown" }
  | { readonly state: "no gateway"; readonly why: string };

const Account = z.looseObject({
  accountId: z.string(),
  connected: z.boolean().optional(),
  mode: z.string().optional(),
  lastError: z.string().nullish(),
  stateReason: z.string().nullish(),
  probe: z.looseObject({ ok: z.boolean().optional(), error: z.string().optional() }).optional(),
});

/** The gateway's answer; `gatewayReachable` and `error` where there was none; `status` while it starts. */
const Answer = z.looseObject({
  gatewayReachable: z.boolean().optional(),
  error: z.string().optional(),
  status: z.string().optional(),
  channelAccounts: z.looseObject({ qq: z.array(Account).default([]) }).optional(),
});

/** Asks the gateway until the default account is connected and QQ knows it. The exit code of the command says neither. */
export async function watchAccount(host: RunHost): Promise<Seen> {
  let seen: Seen = { state: "unknown" };
  for (let ask = 0; ask < ASKS; ask += 1) {
    seen = readStatus(await host(STATUS));
    if (seen.state === "works" || seen.state === "no gateway") return seen;
  }
  return seen;
}

function readStatus({ stdout, said }: Awaited<ReturnType<RunHost>>): Seen {
  const { data } = Answer.safeParse(parse(stdout));
  if (!data) return { state: "fails", why: said.trim() };
  if (data.gatewayReachable === false) return { state: "no gateway", why: data.error ?? "" };
  const account = data.channelAccounts?.qq.find(({ accountId }) => accountId === DEFAULT_ACCOUNT_ID);
  if (!account) return data.status === undefined ? { state: "unknown" } : { state: "fails", why: data.status };
  const { connected, probe, mode = "", lastError, stateReason } = account;
  if (connected === true && probe?.ok === true) return { state: "works", mode };
  return { state: "fails", why: probe?.error ?? lastError ?? stateReason ?? "" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
