/**
 * What QQ takes for an address, as far as it is known (reports of 2026): a scheme, `www.`, and any word with a dot and
 * letters behind it, file names such as `install.sh` among them. Numbers such as `1.2.3` are let through.
 */
const ADDRESS =
  /(?:(?:https?|ftp):\/\/)[^\s<>()[\]"'，。、；（）]+|(?<![\w.-])(?:[\p{L}\p{N}_-]+\.)+\p{L}[\p{L}\p{N}-]*/giu;

/** Looks like a full stop and is none to QQ; mobile QQ shows it at the width of a letter. */
const WIDE_DOT = "．";
const WIDE_COLON = "：";

/**
 * The text with its links in a form that QQ lets through where it refuses links: every dot of an address widened, and
 * the colon of its scheme. A person can read it, and copy it; nothing else in the text changes.
 */
export function widenLinks(text: string): string {
  return text.replaceAll(ADDRESS, (address) => address.replaceAll(".", WIDE_DOT).replace("://", `${WIDE_COLON}//`));
}
