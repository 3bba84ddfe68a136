/** Makes one text of those that are the same, where tens of thousands are kept: most lanes were committed by one and the same run. */
export class SharedTexts {
  readonly #known = new Map<string, string>();

  of(text: string): string {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    this.#known.set(text, text);
    return text;
  }
}
