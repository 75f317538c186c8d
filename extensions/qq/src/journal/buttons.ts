import type { DatabaseSync } from "node:sqlite";

/** How long a button that is no longer good is remembered, so that who presses it is told so: 7 days, ms. */
const EXPIRED_TTL_MS = 7 * 24 * 3_600_000;

/** What a button does: says something for the person who pressed it, or decides what the host asked approval for. */
export type ButtonAction =
  | { readonly kind: "say"; readonly text: string }
  | {
      readonly kind: "decide";
      readonly approvalId: string;
      readonly approvalKind: "exec" | "plugin" | "system-agent";
      readonly decision: "allow-once" | "allow-always" | "deny";
    };

/** A button under a message. QQ carries only its id: what it does is nobody's to forge, and may be of any length. */
export interface KeptButton {
  /** What QQ brings back when it is pressed. */
  readonly id: string;
  /** Chat that it was shown in, as `formatTarget` writes it. */
  readonly target: string;
  readonly action: ButtonAction;
  /** Ids of those who may press it, in the name space of that chat; everybody when absent. */
  readonly onlyFor?: readonly string[];
  /** The buttons of which one is pressed once; absent where each may be pressed again and again. */
  readonly set?: string;
  /** ms since the epoch. */
  readonly expiresAt: number;
}

/** The buttons of one account, kept over a restart. */
export interface Buttons {
  add(button: KeptButton): void;
  find(id: string): KeptButton | undefined;
  /** Uses up the set of a button for one interaction; false when another has used it. Repeated, it says the same. */
  use(button: KeptButton, interactionId: string): boolean;
  prune(now: number): void;
}

export function openButtons(database: DatabaseSync, account: string): Buttons {
  const insert = database.prepare(
    "INSERT OR REPLACE INTO buttons (account, id, target, action, only_for, button_set, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
  );
  const select = database.prepare("SELECT * FROM buttons WHERE account = ? AND id = ?");
  const mark = database.prepare(
    "UPDATE buttons SET used_by = ? WHERE account = ? AND button_set = ? AND used_by IS NULL",
  );
  return {
    add: ({ id, target, action, onlyFor, set, expiresAt }) => {
      const people = onlyFor ? JSON.stringify(onlyFor) : null;
      insert.run(account, id, target, JSON.stringify(action), people, set ?? null, expiresAt);
    },
    find: (id) => {
      const row = select.get(account, id);
      return row && toButton(row);
    },
    use: ({ id, set }, interactionId) => {
      if (set === undefined) return true;
      mark.run(interactionId, account, set);
      return select.get(account, id)?.["used_by"] === interactionId;
    },
    prune: (now) => {
      database.prepare("DELETE FROM buttons WHERE account = ? AND expires_at < ?").run(account, now - EXPIRED_TTL_MS);
    },
  };
}

function toButton(row: Record<string, unknown>): KeptButton {
  const { only_for: onlyFor, button_set: set } = row;
  return {
    id: String(row["id"]),
    target: String(row["target"]),
    // Both columns hold what `add` has written.
    action: JSON.parse(String(row["action"])) as ButtonAction,
    ...(typeof onlyFor === "string" && { onlyFor: JSON.parse(onlyFor) as readonly string[] }),
    ...(typeof set === "string" && { set }),
    expiresAt: Number(row["expires_at"]),
  };
}
