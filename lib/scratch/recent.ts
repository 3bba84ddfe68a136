/** Lanes. Reports of two are made side by side. */
const KEPT = 8;

/** What was made for the last few lanes, each out of a version of what is in the lane. For others, and other versions, it is made again. */
export class Recent<T> {
  readonly #made = new Map<number, { readonly version: number; readonly value: T }>();

  /** @param make must not ask for another lane */
  demand(lane: number, version: number, make: () => T): T {
    const before = this.#made.get(lane);
    if (before?.version === version) return before.value;
    this.#made.delete(lane);
    const value = make();
    this.#made.set(lane, { version, value });
    if (this.#made.size > KEPT) this.#made.delete(this.#made.keys().next().value!);
    return value;
  }
}
