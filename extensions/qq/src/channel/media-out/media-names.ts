/** Longest name, UTF-16 units: QQ publishes none, file systems take 255 bytes, which are 85 Chinese characters. */
const MAX_NAME_UNITS = 80;
const MAX_EXTENSION_UNITS = 10;

/**
 * A name that is safe to show and to save: no folders, no control characters, nothing that turns the reading order, and
 * with an extension, `extension` where it has none. Chinese and emoji stay.
 */
export function safeName(name: string, extension: string): string {
  const base = name.split(/[\\/]/).at(-1) ?? "";
  const clean = base.replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069<>:"|?*]/gu, "").normalize("NFC");
  const trimmed = clean.replace(/^[\s.]+|[\s.]+$/g, "");
  const dot = trimmed.lastIndexOf(".");
  const hasExtension = dot > 0 && trimmed.length - dot - 1 <= MAX_EXTENSION_UNITS;
  const stem = (hasExtension ? trimmed.slice(0, dot) : trimmed) || "file";
  const ending = hasExtension ? trimmed.slice(dot) : extension === "" ? "" : `.${extension}`;
  return cutStem(stem, MAX_NAME_UNITS - ending.length) + ending;
}

/** How the host calls its copy of a file that an agent sends: the name, three hyphens and a UUID. */
const COPY = /---[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}(?=\.[^.]*$|$)/i;

/** The name of the file at `path`; of the host's copy, the name that the file had before. */
export function nameOf(path: string): string {
  return (path.split(/[\\/]/).at(-1) ?? "").replace(COPY, "");
}

/** Never between the halves of a character. */
function cutStem(stem: string, units: number): string {
  if (stem.length <= units) return stem;
  const cut = stem.slice(0, units);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** The same name for what the file was turned into. */
export function withExtension(name: string, extension: string): string {
  return `${name.replace(/\.[^.]*$/, "")}.${extension}`;
}
