/** Texts that get a number, so many at most: about 2 MB with all that belongs to them. */
const MOST = 8_192;
/** Characters of a text that gets a number. */
const LONGEST = 64;

/**
 * Numbers for texts that occur again and again, such as names of detectors: each is written once instead of as often as it occurs, and whoever
 * reads it gets the same string every time. The first ones get a number, as many as there is room for.
 */
export class TextTable {
  readonly #numbers = new Map<string, number>();
  readonly #texts: string[] = [];

  /** The number of the text; undefined when it gets none. */
  numberOf(text: string): number | undefined {
    if (text.length > LONGEST) return undefined;
    const known = this.#numbers.get(text);
    if (known !== undefined || this.#texts.length === MOST) return known;
    const number = this.#texts.length;
    // A copy: what is kept for long must not hold the bigger text that it may be a piece of.
    const copy = Buffer.from(text).toString();
    this.#texts.push(copy);
    this.#numbers.set(copy, number);
    return number;
  }

  textOf(number: number): string {
    return this.#texts[number]!;
  }
}
