import { parseAddress } from '../model/network/address.ts';
import type { Source } from '../model/event/event.ts';

/**
 * Hashes (lane, class, source) to 64 bits: HalfSipHash-2-4 (Aumasson and Bernstein), which is keyed, so that only who knows the
 * installation's secret can choose keys that collide, and needs 32-bit operations only, which are fast in this engine.
 * The result is left in `high` and `low`, so that hashing allocates nothing.
 */
export class KeyHash {
  high = 0;
  low = 0;
  readonly #k0: number;
  readonly #k1: number;
  readonly #classes = new Map<string, Int32Array>();
  #v0 = 0;
  #v1 = 0;
  #v2 = 0;
  #v3 = 0;
  /** The key hashed last; no source after a text. */
  #lane = 0;
  #class = '';
  #source: Source | undefined;

  /** @param secret at least 8 bytes */
  constructor(secret: Uint8Array) {
    const view = new DataView(secret.buffer, secret.byteOffset, secret.byteLength);
    this.#k0 = view.getInt32(0, true);
    this.#k1 = view.getInt32(4, true);
  }

  /** Hashes one key: a single IPv4 address by its number, everything else by its text. The key hashed last is not hashed again. */
  of(lane: number, eventClass: string, source: Source): void {
    if (source === this.#source && lane === this.#lane && eventClass === this.#class) return;
    this.#lane = lane;
    this.#class = eventClass;
    this.#source = source;
    this.#restore(eventClass);
    this.#absorb(lane);
    const range = source.range ?? parseAddress(source.text);
    if (range?.family === 4 && range.notation === 'address') {
      this.#absorb(4);
      this.#absorb(Number(range.low) | 0);
    } else {
      this.#absorb(0);
      this.#absorbText(source.text);
    }
    this.#finish();
  }

  /** Hashes a text by itself. */
  ofText(text: string): void {
    this.#source = undefined;
    this.#start();
    this.#absorbText(text);
    this.#finish();
  }

  /** Restores the state after a class, of which there are few; the cache is bounded. */
  #restore(eventClass: string): void {
    let state = this.#classes.get(eventClass);
    if (state === undefined) {
      this.#start();
      this.#absorbText(eventClass);
      state = Int32Array.of(this.#v0, this.#v1, this.#v2, this.#v3);
      if (this.#classes.size >= 4096) this.#classes.clear();
      this.#classes.set(eventClass, state);
    }
    this.#v0 = state[0]!;
    this.#v1 = state[1]!;
    this.#v2 = state[2]!;
    this.#v3 = state[3]!;
  }

  #start(): void {
    this.#v0 = this.#k0;
    this.#v1 = this.#k1 ^ 0xee;
    this.#v2 = 0x6c796765 ^ this.#k0;
    this.#v3 = 0x74656462 ^ this.#k1;
  }

  /** Two UTF-16 units a word, the length last, so that no text is the beginning of another. */
  #absorbText(text: string): void {
    const length = text.length;
    let i = 0;
    for (; i + 1 < length; i += 2) this.#absorb(text.charCodeAt(i) | (text.charCodeAt(i + 1) << 16));
    if (i < length) this.#absorb(text.charCodeAt(i));
    this.#absorb(length);
  }

  #absorb(word: number): void {
    this.#v3 ^= word;
    this.#round();
    this.#round();
    this.#v0 ^= word;
  }

  #finish(): void {
    this.#v2 ^= 0xee;
    for (let i = 0; i < 4; i++) this.#round();
    this.low = (this.#v1 ^ this.#v3) >>> 0;
    this.#v1 ^= 0xdd;
    for (let i = 0; i < 4; i++) this.#round();
    this.high = (this.#v1 ^ this.#v3) >>> 0;
  }

  #round(): void {
    let v0 = this.#v0;
    let v1 = this.#v1;
    let v2 = this.#v2;
    let v3 = this.#v3;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    this.#v0 = v0;
    this.#v1 = v1;
    this.#v2 = v2;
    this.#v3 = v3;
  }
}
