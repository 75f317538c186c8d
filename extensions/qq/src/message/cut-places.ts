/** Words and characters do not depend on the language of the reader; a run's own locale must not change a cut. */
const graphemes = new Intl.Segmenter("zh", { granularity: "grapheme" });
const words = new Intl.Segmenter("zh", { granularity: "word" });

const SENTENCE_END = /(?:[。！？；…]+["'”’」』）)\]】*_~]*|[.!?]["'”’)\]*_~]*(?=\s))\s*/gu;
const BLANKS = /\s+/g;
/** What would begin a block at the head of a line: text must not become one because it was cut before it. */
const BLOCK_START = new RegExp(
  [
    String.raw`#{1,6}(?:\s|$)|>|[-+*](?:\s|$)|\d{1,9}[.)](?:\s|$)|\x60{3}|~{3}|=+\s*$|-{2,}|([*_])(?:\s*\1){2}|\[[^\]]*\]:| {4}|\t`,
    String.raw`<(?:[!?]|[^<>]*>\s*$|/?(?:script|pre|style|textarea|article|aside|blockquote|center|details|d[dlt]|div|fig\w+|footer|form|h\d)\b)`,
    String.raw`</?(?:header|hr|li|main|nav|ol|p|section|summary|table|t(?:body|foot|head|[dhr])|ul)\b`,
  ]
    .map((pattern) => `^(?:${pattern})`)
    .join("|"),
  "i",
);
/** Text on either side of a cut that a block's start, a word or an entity is looked for in, UTF-16 units. */
const NEARBY_UNITS = 64;

export function opensBlock(text: string): boolean {
  return BLOCK_START.test(text);
}

/** Where a text may be cut, and how well. Offsets are UTF-16 units; a cut at an offset is before its unit. */
export class CutPlaces {
  readonly #text: string;
  /** Begin and end of each piece that stays whole, in order, none inside of another. */
  readonly #whole: readonly (readonly [number, number])[];
  #graphemes: Intl.Segments | undefined;

  constructor(text: string, whole: readonly (readonly [number, number])[] = []) {
    this.#text = text;
    this.#whole = whole;
  }

  /** The last end of a sentence, else of a word, from `min` to `max`. */
  lastGood(min: number, max: number): number | undefined {
    if (min > max) return undefined;
    const part = this.#text.slice(min, max);
    return (
      this.#lastAllowed(ends(part, SENTENCE_END, min)) ??
      this.#lastAllowed(ends(part, BLANKS, min)) ??
      this.#lastWord(min, max)
    );
  }

  /** The last end of a character above `from`, up to `max`; of half a character where one alone is longer. */
  lastPossible(from: number, max: number): number {
    let at = this.#graphemeAt(max);
    for (let tries = 0; at > from && tries < NEARBY_UNITS; tries += 1) {
      const whole = this.#wholeAt(at);
      if (whole) at = whole[0];
      else if (this.#isAllowed(at)) return at;
      else at = this.#graphemeAt(at - 1);
    }
    return this.lastCharacter(from, max);
  }

  /** The same without regard for links, code and marks. */
  lastCharacter(from: number, max: number): number {
    const at = this.#graphemeAt(max);
    return at > from ? at : keepPair(this.#text, max);
  }

  #lastWord(min: number, max: number): number | undefined {
    const near = Math.max(min, max - NEARBY_UNITS);
    const start = Math.max(0, near - NEARBY_UNITS);
    const segments = [...words.segment(this.#text.slice(start, max + NEARBY_UNITS))];
    const found = segments
      .map(({ index }) => start + index)
      .filter((at) => at >= near && at <= max && this.#isBetweenWords(at));
    return this.#lastAllowed(found) ?? (near > min ? this.#lastEnd(min, near) : undefined);
  }

  /** Where no blank is between words, as in Chinese; a path or a name in ASCII is one word. */
  #isBetweenWords(at: number): boolean {
    return at > 0 && !/^[!-~]{2}$/.test(this.#text.slice(at - 1, at + 1));
  }

  /** The end of the last piece that stays whole: what a long one at the end of the room leaves. */
  #lastEnd(min: number, max: number): number | undefined {
    const whole = this.#wholeAt(max);
    return whole && whole[0] >= min && this.#isAllowed(whole[0]) ? whole[0] : undefined;
  }

  #lastAllowed(places: readonly number[]): number | undefined {
    return places.findLast((at) => this.#isAllowed(at) && this.#graphemeAt(at) === at);
  }

  #isAllowed(at: number): boolean {
    if (this.#wholeAt(at)) return false;
    const before = this.#text[at - 1];
    const after = this.#text[at];
    if (before === "\\" || (before === after && before !== undefined && /[!-/:-@[-`{-~]/.test(before))) return false;
    if (
      /&#?\w{0,31}$/.test(this.#text.slice(Math.max(0, at - 32), at)) &&
      /^#?\w{0,31};/.test(this.#text.slice(at, at + 32))
    )
      return false;
    return !opensBlock(this.#text.slice(at, at + NEARBY_UNITS).trimStart());
  }

  #wholeAt(at: number): readonly [number, number] | undefined {
    let [low, high] = [0, this.#whole.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#whole[middle]?.[0] ?? 0) < at) low = middle + 1;
      else high = middle;
    }
    const piece = this.#whole[low - 1];
    return piece && at < piece[1] ? piece : undefined;
  }

  #graphemeAt(at: number): number {
    if (at >= this.#text.length) return this.#text.length;
    this.#graphemes ??= graphemes.segment(this.#text);
    return this.#graphemes.containing(at)?.index ?? at;
  }
}

function ends(text: string, pattern: RegExp, offset: number): number[] {
  return [...text.matchAll(pattern)].map((match) => offset + match.index + match[0].length);
}

/** A surrogate pair is never cut, however long its character. */
function keepPair(text: string, at: number): number {
  return /^[\uDC00-\uDFFF]/.test(text.slice(at, at + 1)) && /[\uD800-\uDBFF]$/.test(text.slice(0, at)) ? at - 1 : at;
}
