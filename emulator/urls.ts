/** Endings that make `word.ending` an address; QQ's list is not public (qq-official.md 8, INF). */
const ENDINGS = [
  ..."com cn net org edu gov info biz top xyz site online shop club vip wang link live tech store cloud".split(" "),
  ..."sh md py rs pl so ai zip mov app dev cc io me ml ps tf co tv us uk jp hk tw de fr ru eu gg gl ly to".split(" "),
];

const SCHEME = /(?:https?|ftp):\/\/([^\s/?#)\]>"'，。]+)/gi;
const BARE = new RegExp(
  String.raw`(?:[a-z0-9\p{Script=Han}](?:[a-z0-9\p{Script=Han}-]*[a-z0-9\p{Script=Han}])?\.)+(?:${ENDINGS.join("|")})(?![a-z0-9-])`,
  "giu",
);
const WWW = /\bwww\.[a-z0-9-]+/gi;
const IMAGE = /!\[[^\]]*\]\([^)\s]*\)/g;

/**
 * The first address in a text that is not of an allowed domain, or `undefined`.
 * Finds schemes, `www.`, and any `word.ending` with a real top-level domain, file names such as `x.sh` among them.
 * Images of markdown are let through: the platform fetches them itself.
 */
export function findUrl(text: string, allowedDomains: readonly string[]): string | undefined {
  const visible = text.replaceAll(IMAGE, " ");
  const hosts = [
    ...[...visible.matchAll(SCHEME)].map((match) => match[1] ?? ""),
    ...[...visible.matchAll(BARE)].map((match) => match[0]),
    ...[...visible.matchAll(WWW)].map((match) => match[0]),
  ];
  return hosts.find((host) => !isAllowed(host, allowedDomains));
}

function isAllowed(host: string, allowedDomains: readonly string[]): boolean {
  const name = host.toLowerCase().replace(/:\d+$/, "");
  // `www.example` is found inside `www.example.com` again: it is allowed when the domain begins so.
  return allowedDomains.some(
    (domain) => name === domain || name.endsWith(`.${domain}`) || `www.${domain}`.startsWith(`${name}.`),
  );
}
