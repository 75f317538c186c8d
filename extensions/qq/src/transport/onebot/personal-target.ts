import { QQProtocolError } from "../../errors.ts";
import { formatTarget, type Target } from "../../message/target.ts";

/** A chat that a personal account can have. */
export type PersonalTarget = Extract<Target, { readonly kind: "c2c" | "group" }>;

/** The same chat, if a personal account can have it; throws `QQProtocolError` for chats of guilds. */
export function personalTarget(target: Target): PersonalTarget {
  if (target.kind === "c2c" || target.kind === "group") return target;
  throw new QQProtocolError(
    `a personal account has no ${formatTarget(target).split(":", 1)[0]} chats; name a person or a group by its QQ number`,
  );
}
