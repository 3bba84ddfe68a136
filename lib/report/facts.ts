import type { SectionList, Value } from '../model/clean.ts';
import { Names } from '../model/names.ts';
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

export class Facts {
  /** Somebody else's, and never changed, while `#isOwn` is false: most facts are those of one event only. */
  #numbers: Names<number>;
  #isOwn: boolean;
  readonly #sets: Names<ValueBag>;

  constructor(numbers?: Readonly<Names<number>>, sets = new Names<ValueBag>()) {
    this.#numbers = numbers ?? new Names<number>();
    this.#isOwn = numbers === undefined;
    this.#sets = sets;
  }

  static of(numbers: Readonly<Names<number>>, lists: Readonly<Names<readonly Value[], ListName>>): Facts {
    const sets = new Names<ValueBag>();
    for (let i = 0; i < lists.names.length; i++) {
      sets.names.push(lists.names[i]!);
      sets.values.push(ValueBag.of(shortened(lists.values[i]!)));
    }
    return new Facts(numbers, sets);
  }

  static fromPartial(numbers: Record<string, number>, lists: Record<string, ValueSet>): Facts {
    const facts = new Facts();
    for (const name of Object.keys(numbers)) facts.#numbers.set(name, numbers[name]!);
    for (const name of Object.keys(lists)) facts.#sets.set(name, ValueBag.fromPartial(lists[name]!));
    return facts;
  }

  add(name: string, value: number): void {
    if (!this.#isOwn) {
      const shared = this.#numbers;
      this.#numbers = new Names<number>();
      this.#numbers.names.push(...shared.names);
      this.#numbers.values.push(...shared.values);
      this.#isOwn = true;
    }
    const old = this.#numbers.get(name);
    this.#numbers.set(name, old === undefined ? value : combine(name, old, value));
  }

  /** Adds all of the other's. */
  absorb(other: Facts): void {
    const { names, values } = other.#numbers;
    for (let i = 0; i < names.length; i++) this.add(names[i]!, values[i]!);
    for (let i = 0; i < other.#sets.names.length; i++) {
      const name = other.#sets.names[i]!;
      let own = this.#sets.get(name);
      if (own === undefined) this.#sets.set(name, (own = new ValueBag()));
      own.absorb(other.#sets.values[i]!);
    }
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
