/** Name endings that only a home, a company or a cluster knows. */
const PRIVATE_NAME = /\.(?:local|lan|internal|intranet|home|corp|localhost|home\.arpa|svc|docker|ts\.net)$/;

/** Addresses of private, shared (100.64/10, which tailnets use), link-local and loopback networks, and the fake ones of proxies. */
const PRIVATE_V4 = [
  /^(?:0|10|127)\./,
  /^192\.168\./,
  /^169\.254\./,
  /^172\.(?:1[6-9]|2\d|3[01])\./,
  /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^198\.1[89]\./,
];

/** Whether what is sent there crosses the public internet. `host` is a URL's: an IPv6 address stands in brackets. */
export function isPublicHost(host: string): boolean {
  if (host.startsWith("[")) return !/^\[(?:::1?\]|f[cd]|fe[89ab])/i.test(host);
  if (/^\d+(?:\.\d+){3}$/.test(host)) return !PRIVATE_V4.some((network) => network.test(host));
  // A name without a dot is one of the same container network or machine.
  return host.includes(".") && !PRIVATE_NAME.test(host.toLowerCase());
}

/** Host and port of a URL, the scheme's port filled in; `undefined` for what is no URL. */
export function placeOf(url: string): string | undefined {
  const parsed = URL.parse(url);
  if (parsed === null || parsed.host === "") return undefined;
  const port = parsed.port || (/^(?:https|wss):$/.test(parsed.protocol) ? "443" : "80");
  const host = parsed.hostname === "localhost" ? "127.0.0.1" : parsed.hostname;
  return `${host}:${port}`;
}
