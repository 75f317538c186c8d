import type { ChannelAccountSnapshot } from "openclaw/plugin-sdk/channel-contract";
import { z } from "zod";
import { host, statusFindings, type Checked } from "../checks/checks.ts";
import type { Area, Finding } from "../checks/finding.ts";
import type { Locale } from "../texts.ts";

/** A finding as an account's status carries it (`issues`), in the account's language. */
const Issue = z.object({
  check: z.string(),
  kind: z.enum(["intent", "permissions", "config", "auth", "runtime"] satisfies readonly Area[]),
  message: z.string(),
  fix: z.string(),
});
type Issue = z.infer<typeof Issue>;

/** One line of advice as the host prints it. */
export interface StatusIssue extends Pick<Issue, "kind" | "message"> {
  readonly channel: "qq";
  readonly accountId: string;
  readonly fix?: string;
}

/** What is wrong with the account, for its status. */
export function describeIssues(checked: Checked): readonly Issue[] {
  return statusFindings(checked).map((finding) => issueOf(finding, checked.account.locale));
}

/**
 * What the host is to print of the accounts. Of one that is blocked it prints the error itself. `hostVersion`: that of the
 * running OpenClaw, which is told with the first account, in `locale`.
 */
export function statusIssues(
  accounts: readonly ChannelAccountSnapshot[],
  hostVersion: string | undefined,
  locale: Locale,
): StatusIssue[] {
  const ofHost = host(hostVersion).map((finding) => issueOf(finding, locale));
  return accounts.flatMap((account, index) => [
    ...(index === 0 ? ofHost.map((issue) => filed(issue, account)) : []),
    ...ofAccount(account),
  ]);
}

function ofAccount(account: ChannelAccountSnapshot): readonly StatusIssue[] {
  if (account.enabled === false || account.configured !== true || account.lifecycle === "blocked") return [];
  const { accountId, lastError } = account;
  return [
    ...(lastError ? [{ channel: "qq", accountId, kind: "runtime", message: lastError } as const] : []),
    ...issuesOf(account).map((issue) => filed(issue, account)),
  ];
}

function issuesOf(snapshot: ChannelAccountSnapshot): readonly Issue[] {
  return "issues" in snapshot ? (z.array(Issue).safeParse(snapshot.issues).data ?? []) : [];
}

function issueOf({ check, area, saw, why, fix }: Finding, locale: Locale): Issue {
  const message = [saw[locale], why?.[locale]].filter(Boolean).join(locale === "zh" ? "；" : "; ");
  return { check, kind: area, message, fix: fix?.[locale] ?? "" };
}

function filed({ kind, message, fix }: Issue, { accountId }: ChannelAccountSnapshot): StatusIssue {
  return { channel: "qq", accountId, kind, message, fix };
}
