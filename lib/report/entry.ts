import { byCodePoint } from '../model/object-view.ts';
import type { CleanEvent } from '../model/clean.ts';
import type { DetectorData, Entry, PlacedEntry, ValueSet } from '../model/report.ts';
import { formatInstant, type Instant } from '../model/time.ts';
import { Contribution } from './contribution.ts';
import { AVERAGE_BYTES, AVERAGE_PACKETS, Facts, FINISHED_AVERAGE } from './facts.ts';
import { cutSet, KEPT } from './value-set.ts';

// What is told of one event class and one source. Adding events and merging partial entries come to the same in any order and grouping.

/** Detectors kept apart in an entry: the first by name; what the others said is kept together under {@link REST}. */
const DETECTORS = 50;
export const REST = '__REST__';

/** The three kinds of facts one detector gave. */
class Detector {
  readonly main = new Facts();
  readonly source = new Facts();
  readonly target = new Facts();

  absorb(other: { readonly main: Facts; readonly source: Facts; readonly target: Facts }): number {
    return this.main.absorb(other.main) + this.source.absorb(other.source) + this.target.absorb(other.target);
  }

  toPartial(): DetectorData {
    return {
      main_numeric_data: this.main.numbers(),
      main_list_data: this.main.lists(),
      source_numeric_data: this.source.numbers(),
      source_list_data: this.source.lists(),
      target_numeric_data: this.target.numbers(),
      target_list_data: this.target.lists(),
    };
  }
}

export class EntryBuilder {
  #first: Instant = Infinity;
  #last: Instant = -Infinity;
  #events = 0;
  readonly #detectors = new Map<string, Detector>();

  /** Adds one event for the entry's source; returns how many values more it now holds in memory. */
  add(event: CleanEvent | Contribution, source: string): number {
    const contribution = event instanceof Contribution ? event : new Contribution(event);
    const { main, target } = contribution;
    this.#span(contribution.first, contribution.last, 1);
    return this.#put(contribution.detector, { main, source: contribution.source(source), target });
  }

  /** Adds what {@link toPartial} wrote. */
  absorb(partial: Entry): void {
    this.#span(Date.parse(partial.first_time), Date.parse(partial.last_time), partial.event_count);
    for (const [name, data] of Object.entries(partial.detector_data)) {
      this.#put(name, {
        main: Facts.fromPartial(data.main_numeric_data, data.main_list_data),
        source: Facts.fromPartial(data.source_numeric_data, data.source_list_data),
        target: Facts.fromPartial(data.target_numeric_data, data.target_list_data),
      });
    }
  }

  #span(first: Instant, last: Instant, events: number): void {
    if (first < this.#first) this.#first = first;
    if (last > this.#last) this.#last = last;
    this.#events += events;
  }

  #put(name: string, facts: { main: Facts; source: Facts; target: Facts }): number {
    const known = this.#detectors.get(name);
    if (known !== undefined) return known.absorb(facts);
    const detector = new Detector();
    const more = detector.absorb(facts);
    this.#detectors.set(name, detector);
    if (this.#detectors.size > DETECTORS + 1) this.#foldLast();
    return more + 1;
  }

  /** The name that comes last can never be among the first again, so it does not matter when it is folded into the rest. */
  #foldLast(): void {
    const names = [...this.#detectors.keys()].filter((n) => n !== REST).sort(byCodePoint);
    let rest = this.#detectors.get(REST);
    if (rest === undefined) this.#detectors.set(REST, (rest = new Detector()));
    for (const name of names.slice(DETECTORS)) {
      rest.absorb(this.#detectors.get(name)!);
      this.#detectors.delete(name);
    }
  }

  /** The entry as it is spilled: JSON, complete as far as sets are exact. */
  toPartial(): Entry {
    if (this.#detectors.size > DETECTORS) this.#foldLast();
    const names = [...this.#detectors.keys()].sort(byCodePoint);
    return {
      first_time: formatInstant(this.#first),
      last_time: formatInstant(this.#last),
      event_count: this.#events,
      detector_data: Object.fromEntries(names.map((name) => [name, this.#detectors.get(name)!.toPartial()])),
    };
  }

  /** The entry as a report holds it. */
  toEntry(): Entry {
    return finishEntry(this.toPartial());
  }
}

/** Partial entries of one place as one; see {@link EntryBuilder}. */
export function mergeEntries(first: PlacedEntry, ...more: readonly PlacedEntry[]): PlacedEntry {
  const builder = new EntryBuilder();
  builder.absorb(first.entry);
  for (const { entry } of more) builder.absorb(entry);
  return { ...first, entry: builder.toPartial() };
}

/** Characters one entry may have in a record, so that no sender can make a record too big to be stored. */
const ENTRY_LIMIT = 1_000_000;
const CUTS: readonly number[] = [KEPT, 10, 1];

/** A merged entry as a report holds it: sets cut at 100 values (fewer if it were too big still), averages worked out, helper sums gone. */
export function finishEntry(partial: Entry): Entry {
  let finished = partial;
  for (const kept of CUTS) {
    const detectors = Object.entries(partial.detector_data).map(
      ([name, data]) => [name, finishDetector(data, kept)] as const,
    );
    finished = { ...partial, detector_data: Object.fromEntries(detectors) };
    if (JSON.stringify(finished).length <= ENTRY_LIMIT) break;
  }
  return finished;
}

function finishDetector(data: DetectorData, kept: number): DetectorData {
  return {
    main_numeric_data: withAverage(data.main_numeric_data),
    main_list_data: cutSets(data.main_list_data, kept),
    source_numeric_data: data.source_numeric_data,
    source_list_data: cutSets(data.source_list_data, kept),
    target_numeric_data: data.target_numeric_data,
    target_list_data: cutSets(data.target_list_data, kept),
  };
}

/** The mean is weighted with the packets of those events that gave a mean. */
function withAverage(numbers: Record<string, number>): Record<string, number> {
  const { [AVERAGE_BYTES]: bytes, [AVERAGE_PACKETS]: packets, ...others } = numbers;
  if (bytes === undefined || packets === undefined || packets === 0) return others;
  return { ...others, [FINISHED_AVERAGE]: Math.round(bytes / packets) };
}

function cutSets(lists: Record<string, ValueSet>, kept: number): Record<string, ValueSet> {
  return Object.fromEntries(Object.entries(lists).map(([name, set]) => [name, cutSet(set, kept)]));
}
