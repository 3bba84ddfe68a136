/** Lanes: reports of two are made side by side, and what is made for a large one is dear. */
const KEPT = 8;

/** What was made for the lanes asked for last, each out of a version of what is in the lane. For others, and other versions, it is made again. */
export class LaneCache<T> {
  readonly #made = new Map<number, { readonly version: number; readonly value: T }>();

  /** @param make must not ask this for another lane */
  get(lane: number, version: number, make: () => T): T {
    const before = this.#made.get(lane);
    this.#made.delete(lane);
    const value = before?.version === version ? before.value : make();
    this.#made.set(lane, { version, value });
    if (this.#made.size > KEPT) this.#made.delete(this.#made.keys().next().value!);
    return value;
  }
}
