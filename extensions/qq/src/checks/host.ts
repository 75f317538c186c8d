import type { Finding } from "./finding.ts";
import { texts } from "./texts.ts";

/** The host that this plugin is made for, and with which it is tested: any release of this year from this one on. */
const OLDEST_HOST = "2026.9.6";

/** `host`: the running OpenClaw is older than that, or of a later year. `version`: such as `2026.9.6` or `2026.10.1-beta.2`. */
export function host(version: string | undefined): readonly Finding[] {
  const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version ?? "");
  if (version === undefined || !found) return [];
  const wanted = OLDEST_HOST.split(".").map(Number);
  const parts = found.slice(1).map(Number);
  const at = parts.findIndex((part, index) => part !== wanted[index]);
  const isOlder = at >= 0 && (parts[at] ?? 0) < (wanted[at] ?? 0);
  if (!isOlder && parts[0] === wanted[0]) return [];
  const told = isOlder ? texts.hostTooOld(version, OLDEST_HOST) : texts.hostTooNew(version, OLDEST_HOST);
  return [{ check: "host", level: isOlder ? "error" : "warning", area: "runtime", ...told }];
}
