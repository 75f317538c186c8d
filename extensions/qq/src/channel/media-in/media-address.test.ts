import { resolvePinnedHostnameWithPolicy, resolveSsrFPolicyForUrl } from "openclaw/plugin-sdk/ssrf-runtime";
import { describe, expect, test } from "vitest";
import { resolveMediaAddress } from "./media-address.ts";

const API = "https://api.sgroup.qq.com";
const SANDBOX = "http://127.0.0.1:8990";

/** Whether the host's guard lets an address pass whose name leads to `ip`. */
async function passes(url: string, apiBaseUrl: string, ip: string, redirectedTo = url): Promise<boolean> {
  const address = resolveMediaAddress(url, { apiBaseUrl });
  if (!address) return false;
  const target = new URL(redirectedTo);
  const policy = resolveSsrFPolicyForUrl(target, address.ssrfPolicy);
  // The host asks for all addresses of a name, and nothing else is looked at here.
  const lookupFn = async () => [{ address: ip, family: ip.includes(":") ? 6 : 4 }];
  return resolvePinnedHostnameWithPolicy(target.hostname, { lookupFn, ...(policy && { policy }) }).then(
    () => true,
    () => false,
  );
}

describe("F6: the address of an attachment", () => {
  test.each([
    ["https://multimedia.nt.qq.com.cn/download?rkey=a%2Bb", API, "https://multimedia.nt.qq.com.cn/download?rkey=a%2Bb"],
    ["gchat.qpic.cn/qmeetpic/1/2/0", API, "https://gchat.qpic.cn/qmeetpic/1/2/0"],
    ["//gchat.qpic.cn/1", API, "https://gchat.qpic.cn/1"],
    ["127.0.0.1:8990/download/a.png", SANDBOX, "http://127.0.0.1:8990/download/a.png"],
    ["127.0.0.1:8991/download/a.png", SANDBOX, "https://127.0.0.1:8991/download/a.png"],
    ["gchat.qpic.cn/1", SANDBOX, "https://gchat.qpic.cn/1"],
    ["localhost:99/a", API, "https://localhost:99/a"],
  ])("%s with %s is %s", (url, apiBaseUrl, expected) => {
    expect(resolveMediaAddress(url, { apiBaseUrl })?.url).toBe(expected);
  });

  test.each([
    "file:///etc/passwd",
    "ftp://a.qq.com/x",
    "data:image/png;base64,AAAA",
    "javascript:alert(1)",
    "",
    " ",
    "//",
    "https://",
    "\0",
  ])("%j is none", (url) => {
    expect(resolveMediaAddress(url, { apiBaseUrl: API })).toBeUndefined();
  });
});

describe("F6 B2: what the host's guard lets pass", () => {
  const cdn = "https://multimedia.nt.qq.com.cn/a";
  const foreign = "https://example.com/a";
  const own = `${SANDBOX}/a`;

  test.each([
    ["the platform, public", cdn, API, "203.205.254.1", true],
    ["the platform behind a fake-IP proxy", cdn, API, "198.18.0.7", true],
    ["the platform behind a fake-IP proxy, IPv6", cdn, API, "fc00::7", true],
    ["the platform at a private address", cdn, API, "192.168.1.1", false],
    ["the platform at this machine", cdn, API, "127.0.0.1", false],
    ["the platform at a metadata service", cdn, API, "169.254.169.254", false],
    ["a name that only looks like the platform's", "https://qq.com.evil.cn/a", API, "198.18.0.7", false],
    ["a name that ends like the platform's", "https://evilqq.com/a", API, "198.18.0.7", false],
    ["another host, public", foreign, API, "93.184.215.14", true],
    ["another host behind a fake-IP proxy", foreign, API, "198.18.0.7", false],
    ["another host at a private address", foreign, API, "10.0.0.1", false],
    ["the API's own origin, private", "http://10.0.0.5:8080/a", "http://10.0.0.5:8080/", "10.0.0.5", true],
    ["the API's own origin, this machine", own, SANDBOX, "127.0.0.1", true],
    ["another port of the API's host", "http://127.0.0.1:8991/a", SANDBOX, "127.0.0.1", false],
    ["the API's host with another scheme", "https://127.0.0.1:8990/a", SANDBOX, "127.0.0.1", false],
  ])("%s", async (_, url, apiBaseUrl, ip, expected) => {
    expect(await passes(url, apiBaseUrl, ip)).toBe(expected);
  });

  test.each([
    ["from the platform to another host", cdn, API, foreign, "93.184.215.14", false],
    ["from the platform to the platform", cdn, API, "https://p.qpic.cn/a", "198.18.0.8", true],
    ["from the platform to a private address", cdn, API, "http://192.168.1.1/a", "192.168.1.1", false],
    ["from the API's own origin to another port", own, SANDBOX, "http://127.0.0.1:8991/a", "127.0.0.1", false],
    ["from another host to the API's origin", foreign, SANDBOX, own, "127.0.0.1", false],
  ])("a redirect %s", async (_, url, apiBaseUrl, to, ip, expected) => {
    expect(await passes(url, apiBaseUrl, ip, to)).toBe(expected);
  });
});

describe("F6 G4: at the origin of a personal account's own API", () => {
  const trusted = { apiBaseUrl: "http://192.168.1.9:3000", onlyPath: "/_qq/download" };

  test.each([
    "/get_cookies",
    "/get_cookies/a.png",
    "/get_cookies/_qq/download",
    "//_qq/download",
    "/_qq/download/../../get_cookies",
    "/_qq/download/%2e%2e/%2e%2e/get_cookies",
    "/_qq/..%2fget_cookies",
    "/_qq/download/",
    "/?action=/_qq/download",
    "",
  ])("%j is none: it may be an action", (path) => {
    expect(resolveMediaAddress(`${trusted.apiBaseUrl}${path}`, trusted)).toBeUndefined();
  });

  test("the file store is trusted, and other hosts are what they are", () => {
    const url = `${trusted.apiBaseUrl}/_qq/download?rkey=1`;
    expect(resolveMediaAddress(url, trusted)).toMatchObject({ url, ssrfPolicy: expect.anything() as unknown });
    const elsewhere = "http://192.168.1.9:3001/a";
    expect(resolveMediaAddress(elsewhere, trusted)).toEqual({ url: elsewhere });
  });
});
