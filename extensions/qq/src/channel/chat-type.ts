import type { Target } from "../message/target.ts";

/** What a chat is to the host: a guild DM is a direct message, and a channel has sessions of its own kind. */
export function chatType({ kind }: Target): "direct" | "group" | "channel" {
  if (kind === "group" || kind === "channel") return kind;
  return "direct";
}
