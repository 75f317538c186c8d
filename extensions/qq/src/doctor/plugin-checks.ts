import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import type { Finding } from "../checks/finding.ts";
import { machineTexts as texts } from "./machine-texts.ts";
import { good, warning, type Subject } from "./telling.ts";

/** How the plugins before this one are called (users.md 1.1, 1.3): `openclaw-qqbot`, `napcat`, `onebot`, `qq-napcat`, ... */
const OF_QQ = /(?:^|[^a-z])(?:qq|qqbot|napcat|onebot|go-?cqhttp)(?:$|[^a-z])/i;

/** Other plugins for QQ that are on: two of them fight over an account, a channel name or a route. */
export function checkPlugins({ plugins }: OpenClawConfig): Finding {
  const subject: Subject = { check: "other-qq-plugins", area: "config" };
  const others = Object.entries(plugins?.entries ?? {})
    .filter(([id, entry]) => id !== "qq" && OF_QQ.test(id) && entry?.enabled !== false)
    .map(([id]) => id);
  return others.length === 0 ? good(subject, texts.noOtherPlugins) : warning(subject, texts.otherPlugins(others));
}
