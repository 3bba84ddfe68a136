import { Heap } from '../../model/heap.ts';

interface Ranked<T> {
  readonly size: number;
  readonly turn: number;
  readonly value: T;
}

/** Collects the `limit` largest of the values that are added, of equal ones the first. */
export class Largest<T> {
  readonly #limit: number;
  /** The value to be dropped next comes first. */
  readonly #heap = new Heap<Ranked<T>>((a, b) => a.size < b.size || (a.size === b.size && a.turn > b.turn));
  #turn = 0;
  /** Sum of all sizes. */
  total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param value creates the value; called only when it is collected */
  add(size: number, value: () => T): void {
    this.total += size;
    const turn = this.#turn++;
    if (this.#heap.size < this.#limit) this.#heap.push({ size, turn, value: value() });
    else if (this.#limit > 0 && size > this.#heap.first!.size)
      this.#heap.replaceFirst({ size, turn, value: value() });
  }

  /** The largest first, equal ones in the order of adding. */
  bySize(): T[] {
    return this.#sorted((a, b) => b.size - a.size || a.turn - b.turn);
  }

  /** In the order of adding. */
  inOrder(): T[] {
    return this.#sorted((a, b) => a.turn - b.turn);
  }

  #sorted(order: (a: Ranked<T>, b: Ranked<T>) => number): T[] {
    return [...this.#heap.items].sort(order).map(({ value }) => value);
  }
}
