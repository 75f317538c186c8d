import type { DatabaseSync } from "node:sqlite";
import type { OfficialCredentials } from "../config/account.ts";
import { openAddresses } from "../journal/addresses.ts";
import { openRefusals } from "../journal/refusals.ts";
import { openSessions } from "../journal/sessions.ts";
import type { GatewayOptions } from "../transport/official/gateway.ts";

/** What a gateway line keeps over a restart, in the journal. Nothing of it is worth anything to another bot. */
export function gatewayMemory(
  journal: DatabaseSync,
  accountId: string,
  { appId, apiBaseUrl }: Pick<OfficialCredentials, "appId" | "apiBaseUrl">,
): Pick<GatewayOptions, "sessions" | "address" | "refusals"> {
  const bot = `${accountId}:${appId}`;
  return {
    sessions: (name) => openSessions(journal, `${bot}:${name}`),
    address: openAddresses(journal, `${bot}:${apiBaseUrl}`),
    refusals: openRefusals(journal, bot),
  };
}
