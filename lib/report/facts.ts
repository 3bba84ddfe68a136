import type { SectionList, Value } from '../model/clean.ts';
import type { ValueSet } from '../model/report.ts';
import { KEPT, ValueBag } from './value-set.ts';

// Sums and value sets of one kind (the event itself, its sources, its targets), added up over events.

/** Sums that stand in a partial entry only: what {@link FINISHED_AVERAGE} is made of. */
export const AVERAGE_BYTES = 'ByteCountFromAvg';
export const AVERAGE_PACKETS = 'PacketCountFromAvg';
export const FINISHED_AVERAGE = 'AvgPacketSize';

/** Text of values longer than this is cut; the attachments hold all of it. */
const TEXT_LIMIT = 250;

export type ListName = SectionList | 'Description' | 'Ref' | 'UsernameAndPassword';

/** Few names, in their order, each with a value: most have fewer than five, and there are several of them for every event. */
class Names<T> {
  readonly names: string[] = [];
  readonly values: T[] = [];

  get(name: string): T | undefined {
    const place = this.names.indexOf(name);
    return place < 0 ? undefined : this.values[place];
  }

  set(name: string, value: T): void {
    let place = this.names.length;
    while (place > 0 && this.names[place - 1]! > name) place--;
    if (place > 0 && this.names[place - 1] === name) this.values[place - 1] = value;
    else if (place === this.names.length) {
      this.names.push(name);
      this.values.push(value);
    } else {
      this.names.splice(place, 0, name);
      this.values.splice(place, 0, value);
    }
  }
}

export class Facts {
  readonly #numbers = new Names<number>();
  readonly #sets = new Names<ValueBag>();

  static of(
    numbers: Iterable<readonly [string, number]>,
    lists: Iterable<readonly [ListName, readonly Value[]]>,
  ): Facts {
    const facts = new Facts();
    for (const [name, value] of numbers) facts.add(name, value);
    for (const [name, values] of lists) facts.#sets.set(name, ValueBag.of(shortened(values)));
    return facts;
  }

  static fromPartial(numbers: Record<string, number>, lists: Record<string, ValueSet>): Facts {
    const facts = new Facts();
    for (const [name, value] of Object.entries(numbers)) facts.#numbers.set(name, value);
    for (const [name, set] of Object.entries(lists)) facts.#sets.set(name, ValueBag.fromPartial(set));
    return facts;
  }

  add(name: string, value: number): void {
    const old = this.#numbers.get(name);
    this.#numbers.set(name, old === undefined ? value : combine(name, old, value));
  }

  /** Adds all of the other's; returns how many values more it now holds. */
  absorb(other: Facts): number {
    const { names, values } = other.#numbers;
    for (let i = 0; i < names.length; i++) this.add(names[i]!, values[i]!);
    let more = 0;
    for (let i = 0; i < other.#sets.names.length; i++) {
      const name = other.#sets.names[i]!;
      let own = this.#sets.get(name);
      if (own === undefined) this.#sets.set(name, (own = new ValueBag()));
      const before = own.size;
      own.absorb(other.#sets.values[i]!);
      more += own.size - before;
    }
    return more;
  }

  /** Number of values held in memory. */
  get size(): number {
    let size = 0;
    for (const set of this.#sets.values) size += set.size;
    return size;
  }

  /** Whether a report holds them as they are: nothing to cut, no mean to work out. */
  get isFinished(): boolean {
    return (
      this.#sets.values.every((set) => set.size <= KEPT) && this.#numbers.get(AVERAGE_BYTES) === undefined
    );
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
