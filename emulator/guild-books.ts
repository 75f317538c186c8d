import { createAudits, type Audits } from "./audits.ts";
import type { GuildDm } from "./guild-places.ts";
import { createGuildAnchors, type GuildAnchors } from "./guild-anchors.ts";
import { createGuildQuota, type GuildQuota } from "./guild-quota.ts";
import type { Rules } from "./rules.ts";

/** What the platform remembers of guilds. */
export interface GuildBooks {
  readonly anchors: GuildAnchors;
  readonly quota: GuildQuota;
  readonly audits: Audits;
  /** DMs that were opened, by their guild id on the wire. */
  readonly dms: Map<string, GuildDm>;
  /** Guild ids on the wire of the DMs that their persons have closed. */
  readonly closedDms: Set<string>;
  clear(): void;
}

export function createGuildBooks(rules: Rules): GuildBooks {
  const anchors = createGuildAnchors(rules);
  const quota = createGuildQuota(rules);
  const audits = createAudits();
  const dms = new Map<string, GuildDm>();
  const closedDms = new Set<string>();
  return {
    anchors,
    quota,
    audits,
    dms,
    closedDms,
    clear() {
      for (const book of [anchors, quota, audits, dms, closedDms]) book.clear();
    },
  };
}
