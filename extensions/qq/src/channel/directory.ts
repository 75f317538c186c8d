import { join } from "node:path";
import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { ChannelPlugin } from "openclaw/plugin-sdk/channel-core";
import { listChats } from "../journal/chats.ts";
import { openForReading } from "../journal/database.ts";
import { parseTarget, type Target } from "../message/target.ts";
import { getQQRuntime } from "./runtime.ts";

type Directory = NonNullable<ChannelPlugin["directory"]>;
type Wish = Parameters<NonNullable<Directory["listPeers"]>>[0];

const isPerson = ({ kind }: Target): boolean => kind === "c2c" || kind === "dm";

/**
 * `openclaw directory peers list --channel qq` and `groups list`: QQ tells a bot no list of its chats, so these are the
 * ones that it was written to from, as targets, the latest first. Nobody has a name there. Works without a gateway.
 */
export const directory: Directory = {
  listPeers: async (wish) => list(wish, isPerson).map((id) => ({ kind: "user", id })),
  listGroups: async (wish) => list(wish, (target) => !isPerson(target)).map((id) => ({ kind: "group", id })),
};

function list({ accountId, query, limit }: Wish, belongs: (target: Target) => boolean): readonly string[] {
  const journal = openForReading(journalFile());
  if (!journal) return [];
  try {
    const wanted = listChats(journal, normalizeAccountId(accountId)).filter((text) => {
      const target = parseTarget(text);
      return target !== undefined && belongs(target) && text.includes(query?.trim() ?? "");
    });
    return wanted.slice(0, limit ?? undefined);
  } finally {
    journal.close();
  }
}

/** Where the accounts of this gateway keep their journal. */
export function journalFile(): string {
  return join(getQQRuntime().state.resolveStateDir(), "qq", "journal.sqlite");
}
