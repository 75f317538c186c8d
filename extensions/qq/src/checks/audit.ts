import { riskFindings, type Checked } from "./checks.ts";
import type { Finding } from "./finding.ts";

/** A finding as the host's security audit takes it; its own type is not exported. */
export interface AuditFinding {
  readonly checkId: string;
  readonly severity: "info" | "warn" | "critical";
  readonly title: string;
  readonly detail: string;
  readonly remediation?: string;
}

/** Told by the host itself, of every channel. */
const OF_THE_HOST: ReadonlySet<string> = new Set(["open-dms"]);

/** What `openclaw security audit` says of an account besides what the host finds in `dmPolicy` and `groupPolicy`. */
export function auditFindings(checked: Checked): AuditFinding[] {
  return riskFindings(checked)
    .filter(({ check }) => !OF_THE_HOST.has(check))
    .map((finding) => toldAs(finding, checked));
}

function toldAs({ check, saw, why, fix }: Finding, { account: { accountId, locale } }: Checked): AuditFinding {
  return {
    checkId: `channels.qq.${check}`,
    severity: "warn",
    title: `QQ ${accountId}: ${saw[locale]}`,
    detail: why?.[locale] ?? saw[locale],
    ...(fix && { remediation: fix[locale] }),
  };
}
