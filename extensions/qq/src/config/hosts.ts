import { BlockList, isIP } from "node:net";

/**
 * Networks that are not the public internet: private, shared (100.64/10, which tailnets use), link-local and loopback ones,
 * and the benchmark network of RFC 2544, from which proxies with fake-IP DNS take what they make up.
 * (The host's own list, `isPrivateIpAddress` of `plugin-sdk/ssrf-policy`, takes 200 ms to import.)
 */
const notPublic = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
] as const)
  notPublic.addSubnet(network, prefix);
notPublic.addSubnet("fc00::", 7, "ipv6");
notPublic.addSubnet("fe80::", 10, "ipv6");
notPublic.addSubnet("::", 127, "ipv6");

/** Name endings that only a home, a company or a cluster knows. */
const PRIVATE_NAME = /\.(?:local|lan|internal|intranet|home|corp|localhost|home\.arpa|svc|docker|ts\.net)$/;

/** Whether an address, of either kind and without brackets, is out of reach of the public internet. */
export function isPrivateAddress(address: string): boolean {
  return notPublic.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/** Whether what is sent there crosses the public internet. `host` is a URL's: an IPv6 address stands in brackets. */
export function isPublicHost(host: string): boolean {
  const address = host.replace(/^\[|\]$/g, "");
  if (isIP(address) !== 0) return !isPrivateAddress(address);
  // A name without a dot is one of the same container network or machine.
  return host.includes(".") && !PRIVATE_NAME.test(host.toLowerCase());
}

/** Whether only this machine can reach it. `host` as for `isPublicHost`. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(?:\.\d+){3}$/.test(host);
}
