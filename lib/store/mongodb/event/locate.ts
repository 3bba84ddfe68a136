import { endOfName, endOfValue, int32At } from './bson.ts';
import { decodeValue } from './decode.ts';

/** Names to look for in a document; an element is addressed by the index of its name. */
export class ElementNames {
  /** By length, which rules out most names of a document without comparing bytes. */
  readonly #byLength: (readonly { readonly name: Buffer; readonly place: number }[] | undefined)[] = [];
  readonly #lengths: readonly number[];

  constructor(...names: readonly string[]) {
    const all = names.map((text, place) => ({ name: Buffer.from(text), place }));
    this.#lengths = all.map(({ name }) => name.length);
    for (const length of this.#lengths)
      this.#byLength[length] = all.filter(({ name }) => name.length === length);
  }

  /** Finds them in the document that begins at `start`. Of elements with the same name the last counts, as in the driver. */
  locate(bytes: Buffer, start: number): Elements {
    const found: number[] = [];
    for (let place = 0; place < this.#lengths.length; place++) found.push(0);
    const end = start + int32At(bytes, start) - 1;
    for (let at = start + 4; at < end;) {
      const nameEnd = endOfName(bytes, at + 1);
      const candidates = this.#byLength[nameEnd - at - 1];
      if (candidates !== undefined) {
        for (const { name, place } of candidates) if (isNamed(bytes, at + 1, name)) found[place] = at;
      }
      at = endOfValue(bytes, bytes[at]!, nameEnd + 1);
    }
    return new Elements(bytes, this.#lengths, found);
  }
}

function isNamed(bytes: Uint8Array, at: number, name: Uint8Array): boolean {
  for (let i = 0; i < name.length; i++) if (bytes[at + i] !== name[i]) return false;
  return true;
}

/** The elements of one document that were looked for. */
export class Elements {
  readonly #bytes: Buffer;
  readonly #lengths: readonly number[];
  /** Start of each element; 0 for a missing one. */
  readonly #found: readonly number[];

  constructor(bytes: Buffer, lengths: readonly number[], found: readonly number[]) {
    this.#bytes = bytes;
    this.#lengths = lengths;
    this.#found = found;
  }

  /** The element's BSON type; 0 when it is missing. */
  type(place: number): number {
    const element = this.#found[place]!;
    return element === 0 ? 0 : this.#bytes[element]!;
  }

  /** Start of the element's value. */
  value(place: number): number {
    return this.#found[place]! + this.#lengths[place]! + 2;
  }

  /** The element's value; undefined when it is missing. */
  decode(place: number): unknown {
    const type = this.type(place);
    return type === 0 ? undefined : decodeValue(this.#bytes, type, this.value(place));
  }
}
