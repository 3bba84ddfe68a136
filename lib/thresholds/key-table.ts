import type { KeyHash } from './key-hash.ts';

/** Holds hashed keys that do not fit into memory. */
export interface KeyOverflow {
  get(high: number, low: number): number | undefined;
  set(high: number, low: number, value: number): void;
  /** Frees its resources; not used afterwards. */
  close(): void;
}

/** Keys held in memory before the overflow is used: 2 M, about 50 MB. */
export const KEYS_IN_MEMORY = 2_000_000;
const FIRST_CAPACITY = 1024;

/**
 * A map from 64-bit key hashes to small numbers in typed arrays: 12 bytes a slot, at most half of the slots in use, no work for the
 * garbage collector. Keys are the hash itself: with 2 M keys the chance of a collision is one in nine million tables.
 */
export class KeyTable {
  #capacity = FIRST_CAPACITY;
  #high = new Uint32Array(FIRST_CAPACITY);
  #low = new Uint32Array(FIRST_CAPACITY);
  /** Value + 1; 0 marks a free slot. */
  #values = new Uint32Array(FIRST_CAPACITY);
  #size = 0;
  #overflow: KeyOverflow | undefined;
  readonly #openOverflow: () => KeyOverflow;
  readonly #limit: number;

  constructor(openOverflow: () => KeyOverflow, limit = KEYS_IN_MEMORY) {
    this.#openOverflow = openOverflow;
    this.#limit = limit;
  }

  /** The value under the key just hashed, or undefined. */
  get(key: KeyHash): number | undefined {
    const slot = this.#find(key.high, key.low);
    const value = this.#values[slot]!;
    return value > 0 ? value - 1 : this.#overflow?.get(key.high, key.low);
  }

  /** Sets the value (0 to 2^32 - 2) under the key just hashed. */
  set(key: KeyHash, value: number): void {
    const { high, low } = key;
    let slot = this.#find(high, low);
    if (this.#values[slot] === 0) {
      if (this.#size >= this.#limit) {
        this.#overflow ??= this.#openOverflow();
        this.#overflow.set(high, low, value);
        return;
      }
      if (++this.#size * 2 > this.#capacity) {
        this.#grow();
        slot = this.#find(high, low);
      }
      this.#high[slot] = high;
      this.#low[slot] = low;
    }
    this.#values[slot] = value + 1;
  }

  /** Number of slots: it grows with the keys. */
  get capacity(): number {
    return this.#capacity;
  }

  /** The slot of the key just hashed, valid until another key is set; undefined when it is not in memory. */
  slotOf(key: KeyHash): number | undefined {
    const slot = this.#find(key.high, key.low);
    return this.#values[slot] === 0 ? undefined : slot;
  }

  /** Removes all keys and frees their memory. */
  clear(): void {
    this.#allocate(FIRST_CAPACITY);
    this.#size = 0;
    this.#overflow?.close();
    this.#overflow = undefined;
  }

  #find(high: number, low: number): number {
    const mask = this.#capacity - 1;
    let slot = low & mask;
    while (this.#values[slot] !== 0 && (this.#low[slot] !== low || this.#high[slot] !== high))
      slot = (slot + 1) & mask;
    return slot;
  }

  #allocate(capacity: number): void {
    this.#capacity = capacity;
    this.#high = new Uint32Array(capacity);
    this.#low = new Uint32Array(capacity);
    this.#values = new Uint32Array(capacity);
  }

  #grow(): void {
    const [high, low, values] = [this.#high, this.#low, this.#values];
    this.#allocate(2 * this.#capacity);
    for (let i = 0; i < values.length; i++) {
      if (values[i] === 0) continue;
      const slot = this.#find(high[i]!, low[i]!);
      this.#high[slot] = high[i]!;
      this.#low[slot] = low[i]!;
      this.#values[slot] = values[i]!;
    }
  }
}
