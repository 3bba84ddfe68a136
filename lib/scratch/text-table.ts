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
  /** The number of the text that was asked for last, and for each number the one that was asked for after it the time before. */
  #last = 0;
  readonly #after = new Uint16Array(MOST);

  /** The number of the text; undefined when it gets none. */
  toNumber(text: string): number | undefined {
    // What comes after a text is mostly the same every time, and to compare takes a third of what the map does, which has to hash it.
    const guess = this.#after[this.#last]!;
    if (this.#texts[guess] === text) return (this.#last = guess);
    const number = this.#find(text);
    if (number !== undefined) {
      this.#after[this.#last] = number;
      this.#last = number;
    }
    return number;
  }

  #find(text: string): number | undefined {
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

  toText(number: number): string {
    return this.#texts[number]!;
  }
}
