import { ssrfPolicyFromHttpBaseUrlAllowedOrigin, type SsrFPolicy } from "openclaw/plugin-sdk/ssrf-runtime";
import { isMediaHost, MEDIA_HOSTS } from "../../protocol/official/media-hosts.ts";
import type { TrustedFiles } from "../trusted-origin.ts";

/** Where to fetch a file, and what the host's guard against private addresses has to let pass for it. */
export interface MediaAddress {
  readonly url: string;
  readonly ssrfPolicy?: SsrFPolicy;
}

/**
 * Behind proxies with fake-IP DNS (Clash, sing-box) every name leads to 198.18.0.0/15 or to a unique local IPv6 address,
 * those of the platform too. Nothing else private is let pass, and redirects must stay on the platform's names.
 */
const PLATFORM_POLICY: SsrFPolicy = {
  allowRfc2544BenchmarkRange: true,
  allowIpv6UniqueLocalRange: true,
  hostnameAllowlist: [...MEDIA_HOSTS],
};

/**
 * The address of an attachment as it can be fetched; `undefined` for what is none. Guilds leave the scheme out: it is
 * https, but at the API's own host, which may be a sandbox without. Trusted files are taken though their origin be
 * private (requirement B2); another port there is another origin, and what is no file there is never asked for.
 * Everything else goes by the host's own guard.
 */
export function resolveMediaAddress(url: string, { apiBaseUrl, onlyPath }: TrustedFiles): MediaAddress | undefined {
  const api = apiBaseUrl === undefined ? undefined : new URL(apiBaseUrl);
  const absolute = withScheme(url.trim(), api);
  if (!URL.canParse(absolute)) return undefined;
  const { protocol, origin, hostname, pathname, href } = new URL(absolute);
  if (protocol !== "https:" && protocol !== "http:") return undefined;
  const isTrusted = apiBaseUrl !== undefined && origin === api?.origin;
  if (isTrusted && onlyPath !== undefined && pathname !== onlyPath) return undefined;
  const ssrfPolicy = isTrusted ? ssrfPolicyFromHttpBaseUrlAllowedOrigin(apiBaseUrl) : policyOf(hostname);
  return { url: href, ...(ssrfPolicy && { ssrfPolicy }) };
}

function policyOf(hostname: string): SsrFPolicy | undefined {
  return isMediaHost(hostname) ? PLATFORM_POLICY : undefined;
}

function withScheme(url: string, api: URL | undefined): string {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(url)) return url;
  const bare = url.replace(/^\/\//, "");
  const [host] = bare.split(/[/?#]/, 1);
  return `${api && host === api.host ? api.protocol : "https:"}//${bare}`;
}
