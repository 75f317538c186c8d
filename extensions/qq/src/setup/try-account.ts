import type { QQAccount } from "../config/account.ts";
import type { QQProbe } from "../channel/probe.ts";
import type { Outside } from "../transport/transport.ts";

/** Whom the platform or NapCat says the account is, that there was nobody to ask, or one line of advice. */
export type Tried =
  | { readonly ok: true; readonly bot: { readonly id: string; readonly username: string } }
  | { readonly ok?: never; readonly note: string }
  | { readonly ok: false; readonly error: string };

/** A person waits for it: longer than a slow answer of QQ's token API, shorter than patience. */
const TRY_TIMEOUT_MS = 15_000;

/**
 * Asks with the account's own credentials before they are saved. Never throws.
 * @param outside the real network when absent
 */
export async function tryAccount(account: QQAccount, outside?: Outside): Promise<Tried> {
  const { probeAccount } = await import("../channel/probe.ts");
  return tried(await probeAccount(account, TRY_TIMEOUT_MS, outside));
}

function tried(probe: QQProbe): Tried {
  if (probe.ok) return { ok: true, bot: probe.bot };
  return probe.ok === undefined ? { note: probe.note } : { ok: false, error: probe.error };
}
