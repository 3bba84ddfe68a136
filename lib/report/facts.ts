import type { SectionList, Value } from '../model/clean.ts';
import type { ValueSet } from '../model/report.ts';
import { ValueBag } from './value-set.ts';

// Sums and value sets of one kind (the event itself, its sources, its targets), added up over events.

/** Sums that stand in a partial entry only: what {@link FINISHED_AVERAGE} is made of. */
export const AVERAGE_BYTES = 'ByteCountFromAvg';
export const AVERAGE_PACKETS = 'PacketCountFromAvg';
export const FINISHED_AVERAGE = 'AvgPacketSize';

/** Text of values longer than this is cut; the attachments hold all of it. */
const TEXT_LIMIT = 250;

export type ListName = SectionList | 'Description' | 'Ref' | 'UsernameAndPassword';

export class Facts {
  readonly #numbers = new Map<string, number>();
  readonly #sets = new Map<string, ValueBag>();

  static of(
    numbers: Iterable<readonly [string, number]>,
    lists: Iterable<readonly [ListName, readonly Value[]]>,
  ): Facts {
    const facts = new Facts();
    for (const [name, value] of numbers) facts.add(name, value);
    for (const [name, values] of lists) facts.#sets.set(name, ValueBag.of(values.map(shorten)));
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
    for (const [name, value] of other.#numbers) this.add(name, value);
    let more = 0;
    for (const [name, set] of other.#sets) {
      let own = this.#sets.get(name);
      if (own === undefined) this.#sets.set(name, (own = new ValueBag()));
      const before = own.size;
      own.absorb(set);
      more += own.size - before;
    }
    return more;
  }

  numbers(): Record<string, number> {
    return Object.fromEntries([...this.#numbers].sort(byName));
  }

  lists(): Record<string, ValueSet> {
    return Object.fromEntries([...this.#sets].sort(byName).map(([name, set]) => [name, set.toPartial()]));
  }
}

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1;
}

/** A clock skew is the one furthest from 0, a positive one before a negative one; all else is a sum, capped at 2^53 - 1. */
function combine(name: string, a: number, b: number): number {
  if (name !== 'ClockSkew') return Math.min(a + b, Number.MAX_SAFE_INTEGER);
  if (Math.abs(a) === Math.abs(b)) return Math.max(a, b);
  return Math.abs(a) > Math.abs(b) ? a : b;
}

function shorten(value: Value): Value {
  if (typeof value === 'number' || value.length <= TEXT_LIMIT) return value;
  return `${value.slice(0, TEXT_LIMIT).replace(/[\ud800-\udbff]$/, '')}…`;
}
