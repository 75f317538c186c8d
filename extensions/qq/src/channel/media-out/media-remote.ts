import { basename } from "node:path/posix";
import {
  fetchWithSsrFGuard,
  SsrFBlockedError,
  ssrfPolicyFromHttpBaseUrlAllowedOrigin,
} from "openclaw/plugin-sdk/ssrf-runtime";
import { QQMediaError, QQTransportError } from "../../errors.ts";
import type { Clock } from "../../transport/clock.ts";
import { refuseTooLarge, unreadable, type SourceBytes } from "./media-bytes.ts";
import { keepBody } from "./media-spool.ts";

export interface RemoteOptions {
  readonly clock: Clock;
  /** Addresses there are trusted like the platform's own, though they be private: a proxy, a sandbox; none when absent. */
  readonly apiBaseUrl: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Longest wait for the answer and for each piece of it, ms. */
const PIECE_MS = 60_000;
/** Before the one other try, ms. */
const PAUSE_MS = 1_000;

/**
 * Reads a file from the network, guarded by the host against private addresses, and refused by its size before it is
 * read where the server tells it. The address is never handed to QQ: it may be private, and it may be gone when QQ looks.
 */
export async function openRemote(url: string, options: RemoteOptions): Promise<SourceBytes> {
  const { clock, signal } = options;
  try {
    return await fetchSource(url, options);
  } catch (error) {
    if (!mayPass(error) || signal?.aborted) throw notFetched(error, signal);
  }
  try {
    await clock.sleep(PAUSE_MS, signal);
    return await fetchSource(url, options);
  } catch (error) {
    throw notFetched(error, signal);
  }
}

/** The server answered with a failure. */
class StatusError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

async function fetchSource(url: string, { apiBaseUrl, signal }: RemoteOptions): Promise<SourceBytes> {
  const policy = apiBaseUrl === undefined ? undefined : ssrfPolicyFromHttpBaseUrlAllowedOrigin(apiBaseUrl);
  const { response, finalUrl, release, refreshTimeout } = await fetchWithSsrFGuard({
    url,
    timeoutMs: PIECE_MS,
    auditContext: "qq media",
    ...(policy && { policy }),
    ...(signal && { signal }),
  });
  try {
    if (!response.ok) throw new StatusError(response.status);
    refuseTooLarge(Number(response.headers.get("content-length") ?? 0));
    const mime = response.headers.get("content-type")?.split(";")[0]?.trim();
    const facts = { name: nameOf(response, finalUrl), ...(mime ? { mime } : {}) };
    return await keepBody(response, facts, () => refreshTimeout?.());
  } finally {
    await release();
  }
}

/** What the server calls the file (RFC 6266), else the end of its address. */
function nameOf(response: Response, url: string): string {
  const disposition = response.headers.get("content-disposition") ?? "";
  const encoded = /filename\*\s*=\s*utf-8'[^']*'([^;\s]+)/i.exec(disposition)?.[1];
  const plain = /filename\s*=\s*(?:"([^"]*)"|([^;\s]+))/i.exec(disposition);
  const inAddress = URL.canParse(url) ? basename(new URL(url).pathname) : "";
  return (encoded && decode(encoded)) || plain?.[1] || plain?.[2] || decode(inAddress);
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Cut connections and busy servers. */
function mayPass(error: unknown): boolean {
  if (error instanceof QQMediaError || error instanceof SsrFBlockedError) return false;
  return !(error instanceof StatusError) || error.status === 429 || error.status >= 500;
}

function notFetched(cause: unknown, signal: AbortSignal | undefined): QQMediaError | QQTransportError {
  if (cause instanceof QQMediaError) return cause;
  if (signal?.aborted) return new QQTransportError("the download was given up", { cause });
  if (cause instanceof SsrFBlockedError) {
    return unreadable(
      {
        en: "the file's address is in a private network; save the file and send its path",
        zh: "文件地址属于内网；请先保存文件再发送其路径",
      },
      cause,
    );
  }
  const why = cause instanceof StatusError ? ` (${cause.message})` : "";
  return unreadable(
    {
      en: `the file's server does not hand it out${why}; open the address in a browser, or save the file and send its path`,
      zh: `文件所在的服务器未返回文件${why}；请在浏览器中检查该地址，或先保存文件再发送其路径`,
    },
    cause,
  );
}
