import type { SectionList, Value } from '../../model/event/event-content.ts';
import { SmallMap } from '../../model/small-map.ts';
import type { PackedReader, PackedWriter } from '../../scratch/packed-values.ts';
import { KEPT, packValues, ValueBag } from './value-set.ts';

// Sums and value sets of one kind (the event itself, its sources, its targets), added up over events.

/** Sums that no report holds: what {@link FINISHED_AVERAGE} is made of. */
export const AVERAGE_BYTES = 'ByteCountFromAvg';
export const AVERAGE_PACKETS = 'PacketCountFromAvg';
export const FINISHED_AVERAGE = 'AvgPacketSize';

/** Text of values longer than this is cut; the attachments hold all of it. */
const TEXT_LIMIT = 250;

export type ListName = SectionList | 'Description' | 'Ref' | 'UsernameAndPassword';

/** What one part of an event tells: numbers, and lists of values, which may say the same twice. */
export interface Told {
  readonly numbers: Readonly<SmallMap<number>>;
  readonly lists: Readonly<SmallMap<readonly Value[], ListName>>;
}

export class Facts {
  readonly #numbers = new SmallMap<number>();
  readonly #sets = new SmallMap<ValueBag>();

  /** The sum of several parts. */
  static of(all: readonly Told[]): Facts {
    const facts = new Facts();
    for (const { numbers, lists } of all) {
      for (const [name, value] of numbers) facts.add(name, value);
      for (const [name, values] of lists) facts.#bag(name, 0).addAll(shortened(values));
    }
    return facts;
  }

  /** @param near where among the names it probably is */
  add(name: string, value: number, near = 0): void {
    const place = this.#numbers.placeOf(name, near);
    if (place < 0) this.#numbers.set(name, value);
    else this.#numbers.values[place] = combine(name, this.#numbers.values[place]!, value);
  }

  #bag(name: string, near: number): ValueBag {
    const place = this.#sets.placeOf(name, near);
    if (place >= 0) return this.#sets.values[place]!;
    const bag = new ValueBag();
    this.#sets.set(name, bag);
    return bag;
  }

  /** Adds all of the other's. */
  absorb(other: Facts): void {
    const { names, values } = other.#numbers;
    for (let i = 0; i < names.length; i++) this.add(names[i]!, values[i]!, i);
    const sets = other.#sets;
    for (let i = 0; i < sets.names.length; i++) this.#bag(sets.names[i]!, i).absorb(sets.values[i]!);
  }

  pack(out: PackedWriter): void {
    packNumbers(out, this.#numbers);
    const { names, values } = this.#sets;
    out.write(names.length);
    for (let i = 0; i < names.length; i++) {
      out.write(names[i]!);
      values[i]!.pack(out);
    }
  }

  /** Adds all that {@link pack} packed. */
  absorbPacked(packed: PackedReader): void {
    const numbers = packed.readNumber();
    for (let i = 0; i < numbers; i++) this.add(packed.readText(), packed.readNumber(), i);
    const sets = packed.readNumber();
    for (let i = 0; i < sets; i++) this.#bag(packed.readText(), i).absorbPacked(packed);
  }

  /** Whether a report holds them as they are: nothing to cut, no mean to work out. */
  get isFinished(): boolean {
    return this.#sets.values.every((set) => set.size <= KEPT) && this.#numbers.placeOf(AVERAGE_BYTES) < 0;
  }

  /** The sums as a JSON object. */
  numbersJson(): string {
    const { names, values } = this.#numbers;
    let json = '';
    for (let i = 0; i < names.length; i++) json += `${i === 0 ? '' : ','}"${names[i]!}":${values[i]!}`;
    return `{${json}}`;
  }

  /** The sets as a JSON object. */
  listsJson(): string {
    const { names, values } = this.#sets;
    let json = '';
    for (let i = 0; i < names.length; i++)
      json += `${i === 0 ? '' : ','}"${names[i]!}":${values[i]!.toJson()}`;
    return `{${json}}`;
  }
}

/** Packs the facts that one part of an event comes to without making them, which takes three times as long: most events have one of each. */
export function packTold(out: PackedWriter, { numbers, lists }: Told): void {
  packNumbers(out, numbers);
  const { names, values } = lists;
  out.write(names.length);
  for (let i = 0; i < names.length; i++) {
    out.write(names[i]!);
    packValues(out, shortened(values[i]!));
  }
}

function packNumbers(out: PackedWriter, { names, values }: Readonly<SmallMap<number>>): void {
  out.write(names.length);
  for (let i = 0; i < names.length; i++) {
    out.write(names[i]!);
    out.write(values[i]!);
  }
}

/** A clock skew is the one furthest from 0, a positive one before a negative one; all else is a sum, capped at 2^53 - 1. */
function combine(name: string, a: number, b: number): number {
  if (name !== 'ClockSkew') return Math.min(a + b, Number.MAX_SAFE_INTEGER);
  if (Math.abs(a) === Math.abs(b)) return Math.max(a, b);
  return Math.abs(a) > Math.abs(b) ? a : b;
}

function shortened(values: readonly Value[]): readonly Value[] {
  return values.some(isLong) ? values.map(shorten) : values;
}

function isLong(value: Value): boolean {
  return typeof value === 'string' && value.length > TEXT_LIMIT;
}

function shorten(value: Value): Value {
  if (typeof value === 'number' || value.length <= TEXT_LIMIT) return value;
  return `${value.slice(0, TEXT_LIMIT).replace(/[\ud800-\udbff]$/, '')}…`;
}
