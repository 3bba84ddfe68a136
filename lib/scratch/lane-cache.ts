/** Lanes whose values are kept: reports of two lanes are made concurrently. */
const MAX_LANES = 8;

/** Values of the lanes that were asked for last, each created from one version of the lane's content. */
export class LaneCache<T> {
  readonly #values = new Map<number, { readonly version: number; readonly value: T }>();

  /** @param create must not call this for another lane */
  get(lane: number, version: number, create: () => T): T {
    const before = this.#values.get(lane);
    this.#values.delete(lane);
    const value = before?.version === version ? before.value : create();
    this.#values.set(lane, { version, value });
    if (this.#values.size > MAX_LANES) this.#values.delete(this.#values.keys().next().value!);
    return value;
  }
}
