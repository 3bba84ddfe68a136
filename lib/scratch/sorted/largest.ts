/** The largest of what passes by in a given order: of equals the first ones. Holds no more than `limit` of them. */
export class Largest<T> {
  readonly #limit: number;
  /** A heap: no one is more fit to be left out than the one before it, at (i - 1) / 2. */
  readonly #heap: Ranked<T>[] = [];
  #turn = 0;
  /** Sum of all sizes. */
  total = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** @param value makes what is kept, should it be */
  add(size: number, value: () => T): void {
    this.total += size;
    const turn = this.#turn++;
    if (this.#heap.length < this.#limit) this.#rise({ size, turn, value: value() });
    else if (this.#limit > 0 && size > this.#heap[0]!.size)
      this.#replaceFirst({ size, turn, value: value() });
  }

  /** The largest first, equals in the order in which they passed by. */
  bySize(): T[] {
    return this.#sorted((a, b) => b.size - a.size || a.turn - b.turn);
  }

  /** In the order in which they passed by. */
  inOrder(): T[] {
    return this.#sorted((a, b) => a.turn - b.turn);
  }

  #sorted(order: (a: Ranked<T>, b: Ranked<T>) => number): T[] {
    return [...this.#heap].sort(order).map(({ value }) => value);
  }

  #rise(item: Ranked<T>): void {
    const heap = this.#heap;
    let place = heap.length;
    heap.push(item);
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!isLess(item, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = item;
  }

  #replaceFirst(item: Ranked<T>): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isLess(heap[child + 1]!, heap[child]!)) child++;
      if (!isLess(heap[child]!, item)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = item;
  }
}

interface Ranked<T> {
  readonly size: number;
  readonly turn: number;
  readonly value: T;
}

/** Whether the first gives way to the second. */
function isLess(a: Ranked<unknown>, b: Ranked<unknown>): boolean {
  return a.size < b.size || (a.size === b.size && a.turn > b.turn);
}
