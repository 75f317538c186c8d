import type { DatabaseSync } from "node:sqlite";

/** What the platform has told of its gateway, and when it was asked. Times in ms since the epoch. */
export interface SavedAddress {
  readonly url: string;
  readonly shards: number;
  readonly toldAt: number;
  readonly askedAt: readonly number[];
}

/** The gateway's address as one bot was told it, so that a crash loop does not ask at each start. */
export interface Addresses {
  load(): SavedAddress | undefined;
  save(address: SavedAddress): void;
}

/** `bot` names account, AppID and API base: what one base tells of is nothing to another. */
export function openAddresses(database: DatabaseSync, bot: string): Addresses {
  const select = database.prepare("SELECT url, shards, told_at, asked_at FROM gateway_addresses WHERE bot = ?");
  const upsert = database.prepare(
    "INSERT OR REPLACE INTO gateway_addresses (bot, url, shards, told_at, asked_at) VALUES (?, ?, ?, ?, ?)",
  );
  return {
    load: () => {
      const row = select.get(bot);
      return (
        row && {
          url: String(row["url"]),
          shards: Number(row["shards"]),
          toldAt: Number(row["told_at"]),
          askedAt: String(row["asked_at"]).split(" ").filter(Boolean).map(Number),
        }
      );
    },
    save: ({ url, shards, toldAt, askedAt }) => void upsert.run(bot, url, shards, toldAt, askedAt.join(" ")),
  };
}
