import { BlockList, isIP } from "node:net";
import type { Finding } from "../checks/finding.ts";
import type { QQAccount } from "../config/account.ts";
import { isPrivateAddress } from "../config/hosts.ts";
import { tokenUrl } from "../protocol/official/endpoints.ts";
import type { Machine } from "./machine.ts";
import { machineTexts as texts } from "./machine-texts.ts";
import { fault, good, warning, type Subject } from "./telling.ts";

/** What proxies with fake-IP DNS (Clash, sing-box) make up: the benchmark network of RFC 2544. */
const madeUp = new BlockList();
madeUp.addSubnet("198.18.0.0", 15);

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
    const fake = addresses.find((address) => isMadeUp(address));
    if (fake !== undefined) return warning({ ...subject, check: "fake-ip" }, texts.fakeAddress(host, fake));
    // A NapCat of one's own network is where it should be.
    const inside = whose === "qq" ? addresses.find((address) => isPrivateAddress(address)) : undefined;
    if (inside !== undefined) return warning(subject, texts.privateAddress(host, inside));
    return good(subject, texts.resolves(host, addresses.join(", ")));
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return fault(subject, texts.unresolved(host, why));
  }
}

function isMadeUp(address: string): boolean {
  return isIP(address) === 4 && madeUp.check(address);
}
