import type { Entry } from '../model/report.ts';
import type { Contribution } from './contribution.ts';
import { EntryBuilder } from './entry.ts';

/** Bytes that count as one value. */
const VALUE_BYTES = 400;

/**
 * An entry while its lane is gathered. Most see one event before they are spilled, and until there is a second one they lie here as the JSON that
 * they will be spilled as: it takes a fifth of what its objects would, and gives the garbage collector nothing to look through.
 */
export class HeldEntry {
  #written: ReturnType<EntryBuilder['write']> | undefined;
  #builder: EntryBuilder | undefined;

  /** Adds one event for the entry's source; returns how much more it now holds in memory, in values. */
  add(contribution: Contribution, source: string): number {
    if (this.#builder !== undefined) return this.#builder.add(contribution, source);
    const builder = new EntryBuilder();
    if (this.#written === undefined) {
      builder.add(contribution, source);
      this.#written = builder.write();
      return weightOf(this.#written.json);
    }
    const { json } = this.#written;
    this.#written = undefined;
    this.#builder = builder;
    return builder.absorb(JSON.parse(json) as Entry) + builder.add(contribution, source) - weightOf(json);
  }

  write(): ReturnType<EntryBuilder['write']> {
    return this.#written ?? this.#builder!.write();
  }
}

function weightOf(json: string): number {
  return Math.ceil(json.length / VALUE_BYTES);
}
