/** A scheme and what follows it up to where the text goes on. */
const SCHEMED = String.raw`[a-z][a-z0-9+.-]{0,20}://[^\s<>()\[\]"'，。、；（）]*`;
/** Words with dots between them and letters behind the last, and whatever `www.` stands before. */
const DOTTED = String.raw`(?<![\p{L}\p{N}_-])(?:[\p{L}\p{N}_-]+\.){1,30}\p{L}[\p{L}\p{N}-]*(?:(?<=\bwww)\.)?`;
/** The same without a scheme, in ASCII: words of Chinese around it have no blank between. */
const HOST_AND_PATH = String.raw`(?<![@\w-])(?:[\w-]+\.){1,30}[a-z][a-z0-9-]*(?::\d+)?(?:/[!#-&*-;=?-Z\\^-~]*)?`;
/** An image of Markdown: the platform fetches it itself and lets its address through (qq-official.md 8). */
const IMAGE = String.raw`!\[[^[\]\n]*\]\([^)\s]{0,2000}\)`;
/**
 * What QQ takes for an address, as far as it is known (qq-official.md 8): a scheme, `www.`, and any word with a dot and
 * what may be a top-level domain behind it, file names such as `install.sh` among them.
 */
const SUSPECT = new RegExp(String.raw`(?<image>${IMAGE})|${SCHEMED}|(?<dotted>${DOTTED})|www\.|://`, "giu");
/** What may be a link to open, with or without parentheses around it. */
const LINK = new RegExp(
  String.raw`(?<image>${IMAGE})|\((?<inner>${SCHEMED})\)|${SCHEMED}|(?<dotted>${HOST_AND_PATH})`,
  "giu",
);
/** Hosts without a path. Endings that file names have too are left out: `README.md` is said, not numbered. */
const HOST =
  /^www\.|\.(?:com|cn|net|org|edu|gov|info|io|dev|app|ai|top|xyz|site|online|shop|tech|cloud|cc|tv|uk|us|jp|hk|tw|de|fr|ru|eu)(?::\d+)?$/i;
const AFTER_LINK = /[.,;:!?*_~|]+$/;
/** `1.2.x`, `v1.0.rc1`, `5.3.RELEASE`: numbers, then a word that is no domain. */
const VERSION = /^v?\d+(?:\.\d+)*\.(?:\p{L}|\p{L}+\d[\p{L}\d-]*|final|release|snapshot|beta|alpha|rc)$/iu;
/** `e.g`, `U.S.A`: no domain has one letter. */
const ABBREVIATION = /^(?:\p{L}\.)+\p{L}$/u;

/** What stands for the full stop and the colon of an address. */
interface Signs {
  readonly dot: string;
  readonly colon: string;
}

/** Look like the real ones and are none to QQ; mobile QQ shows them at the width of a letter. */
const WIDE: Signs = { dot: "．", colon: "：" };
/** For where the wide ones were refused: these do not become the real ones when a text is normalized (NFKC). */
const MIDDLE: Signs = { dot: "·", colon: "∶" };

/**
 * The text with its links in a form that QQ lets through where it refuses links: every dot of an address widened, and
 * the colon of its scheme, in code too. A person can read it, and copy it. Version numbers, abbreviations and the
 * images of Markdown stay, and nothing else in the text changes. `only` picks the addresses to widen by their host.
 */
export function widenLinks(text: string, only: (host: string) => boolean = () => true): string {
  return replaceDots(text, WIDE, only);
}

/** The hosts of what QQ may take for an address, in lower case, each once; of a file name, the name. */
export function addressHosts(text: string): readonly string[] {
  const hosts = new Set<string>();
  replaceDots(text, WIDE, (host) => {
    if (host !== "") hosts.add(host);
    return false;
  });
  return [...hosts];
}

/**
 * The last rung, where QQ refused the widened links too: each link becomes its `label`, which must have no dot, such as
 * "[link 1]", the same for the same link; `links` are the addresses in the order of their numbers, for the caller to
 * send in another way. What only looks like a link, such as a file name or an e-mail address, stays readable: its dots
 * become "·".
 */
export function numberLinks(text: string, label: (number: number) => string): { text: string; links: string[] } {
  const numbers = new Map<string, number>();
  const numbered = text.replaceAll(LINK, (match: string, ...rest: unknown[]) => {
    const { image, inner, dotted } = groupsOf(rest);
    if (image !== undefined || (dotted !== undefined && !isLink(dotted))) return match;
    const link = inner ?? match.replace(AFTER_LINK, "");
    const number = numbers.get(link) ?? numbers.size + 1;
    numbers.set(link, number);
    return label(number) + (inner === undefined ? match.slice(link.length) : "");
  });
  return { text: replaceDots(numbered, MIDDLE, () => true), links: [...numbers.keys()] };
}

function replaceDots(text: string, { dot, colon }: Signs, only: (host: string) => boolean): string {
  return text.replaceAll(SUSPECT, (match: string, ...rest: unknown[]) => {
    const { image, dotted } = groupsOf(rest);
    if (image !== undefined || (dotted !== undefined && (VERSION.test(dotted) || ABBREVIATION.test(dotted))))
      return match;
    return only(hostOf(match)) ? match.replaceAll(".", dot).replaceAll("://", `${colon}//`) : match;
  });
}

function hostOf(address: string): string {
  return address
    .replace(/^[a-z][a-z0-9+.-]*:\/\//i, "")
    .replace(/[/?#:].*$/s, "")
    .toLowerCase();
}

function isLink(dotted: string): boolean {
  return dotted.includes("/") || HOST.test(dotted);
}

type Groups = Partial<Record<"image" | "inner" | "dotted", string>>;

/** The named groups are what a replacer gets last. */
function groupsOf(rest: readonly unknown[]): Groups {
  // Both expressions have named groups, so the last argument is their record.
  return rest.at(-1) as Groups;
}
