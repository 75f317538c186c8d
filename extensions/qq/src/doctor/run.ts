import { normalizeAccountId } from "openclaw/plugin-sdk/account-id";
import type { OpenClawConfig } from "openclaw/plugin-sdk/channel-core";
import { listAccountIds } from "../config/account.ts";
import { env } from "../config/env.ts";
import { localeOf } from "../texts.ts";
import type { Wording } from "../errors.ts";
import { diagnose, type Question } from "./diagnose.ts";
import { toJson, toText } from "./report.ts";
import { doctorTexts as texts } from "./texts.ts";

/** The options of `openclaw qq doctor` as they were typed. */
export interface DoctorOptions {
  readonly account?: string;
  readonly json?: boolean;
  readonly publicUrl?: string;
  readonly timeout: string;
}

/** 0: no errors; warnings are no failure. 1: errors were found. 2: the command was not understood. */
export type ExitCode = 0 | 1 | 2;

interface Streams {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** Runs the checks against this machine and prints what they found. */
export async function runDoctor(cfg: OpenClawConfig, options: DoctorOptions, streams: Streams): Promise<ExitCode> {
  const locale = localeOf(env);
  const understood = readOptions(cfg, options);
  if ("wrong" in understood) {
    streams.error(`${understood.wrong[locale]}\n`);
    return 2;
  }
  // What reads secret files and what talks to the network load apart.
  const { resolveSecrets } = await import("./resolve-secrets.ts");
  const { realMachine } = await import("./real-machine.ts");
  const findings = await diagnose(realMachine(cfg), { ...understood, cfg: await resolveSecrets(cfg), env });
  const report = toJson(findings);
  streams.out(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : toText(findings, locale));
  return report.ok ? 0 : 1;
}

type Understood = Pick<Question, "accountId" | "publicUrl" | "timeoutMs">;

/** What the options mean, or what is wrong with them. */
export function readOptions(cfg: OpenClawConfig, options: DoctorOptions): Understood | { readonly wrong: Wording } {
  const { account, publicUrl } = options;
  const timeoutMs = /^\d+$/.test(options.timeout) ? Number(options.timeout) : 0;
  if (timeoutMs < 100 || timeoutMs > 120_000) return { wrong: texts.badTimeout(options.timeout) };
  const known = listAccountIds(cfg);
  const accountId = account === undefined ? undefined : normalizeAccountId(account);
  if (account !== undefined && !known.some((id) => normalizeAccountId(id) === accountId))
    return { wrong: texts.unknownAccount(account, known) };
  const url = publicUrl === undefined ? undefined : URL.parse(publicUrl);
  if (publicUrl !== undefined && !/^https?:$/.test(url?.protocol ?? "")) return { wrong: texts.badUrl(publicUrl) };
  // A password would be shown in the findings, and QQ takes no query.
  if (url && [url.username, url.password, url.search, url.hash].some(Boolean)) return { wrong: texts.unfitUrl };
  return { timeoutMs, ...(accountId !== undefined && { accountId }), ...(url && { publicUrl: url }) };
}
