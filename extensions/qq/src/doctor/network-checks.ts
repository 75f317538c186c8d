import { BlockList, isIP } from "node:net";
import type { Finding } from "../checks/finding.ts";
import type { QQAccount } from "../config/account.ts";
import { tokenUrl } from "../protocol/official/endpoints.ts";
import type { Machine } from "./machine.ts";
import { machineTexts as texts } from "./machine-texts.ts";
import { fault, good, warning, type Subject } from "./telling.ts";

/** What proxies with fake-IP DNS (Clash, sing-box) make up: the benchmark network of RFC 2544. */
const madeUp = new BlockList();
madeUp.addSubnet("198.18.0.0", 15);

const ofNetwork = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
] as const)
  ofNetwork.addSubnet(network, prefix);
ofNetwork.addSubnet("fc00::", 7, "ipv6");
ofNetwork.addSubnet("fe80::", 10, "ipv6");
ofNetwork.addAddress("::1", "ipv6");

/** Looks up each host that the accounts call, once. Never rejects. */
export async function checkNames(machine: Machine, accounts: readonly QQAccount[]): Promise<readonly Finding[]> {
  const hosts = new Map<string, "qq" | "onebot">();
  for (const account of accounts) for (const [host, whose] of hostsOf(account)) hosts.set(host, whose);
  return await Promise.all([...hosts].map(async ([host, whose]) => await checkName(machine, host, whose)));
}

/** Names only: an address needs no look-up, and `localhost` is one for all that matters here. */
function hostsOf(account: QQAccount): readonly (readonly [host: string, whose: "qq" | "onebot"])[] {
  const [urls, whose] =
    account.transport === "onebot"
      ? ([[account.addresses.httpUrl, account.addresses.wsUrl], "onebot"] as const)
      : ([[account.apiBaseUrl, tokenUrl(account.apiBaseUrl)], "qq"] as const);
  return urls
    .flatMap((url) => (url === undefined ? [] : (URL.parse(url)?.hostname ?? [])))
    .filter((host) => host !== "localhost" && isIP(host.replace(/^\[|\]$/g, "")) === 0)
    .map((host) => [host, whose]);
}

async function checkName(machine: Machine, host: string, whose: "qq" | "onebot"): Promise<Finding> {
  const subject: Subject = { check: "dns", area: "runtime" };
  try {
    const addresses = await machine.lookup(host);
    const fake = addresses.find((address) => isIn(madeUp, address));
    if (fake !== undefined) return warning({ ...subject, check: "fake-ip" }, texts.fakeAddress(host, fake));
    // A NapCat of one's own network is where it should be.
    const inside = whose === "qq" ? addresses.find((address) => isIn(ofNetwork, address)) : undefined;
    if (inside !== undefined) return warning(subject, texts.privateAddress(host, inside));
    return good(subject, texts.resolves(host, addresses.join(", ")));
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return fault(subject, texts.unresolved(host, why));
  }
}

function isIn(list: BlockList, address: string): boolean {
  return list.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}
