import { byCodePoint } from '../model/object-view.ts';
import type { CleanEvent } from '../model/clean.ts';
import type { DetectorData, Entry, ValueSet } from '../model/report.ts';
import { formatInstant, type Instant } from '../model/time.ts';
import type { WrittenEntry } from '../scratch/port.ts';
import { Contribution } from './contribution.ts';
import { AVERAGE_BYTES, AVERAGE_PACKETS, Facts, FINISHED_AVERAGE } from './facts.ts';
import { cutSet, KEPT } from './value-set.ts';

// What is told of one event class and one source. Adding events and merging partial entries come to the same in any order and grouping.

/** Detectors kept apart in an entry: the first by name; what the others said is kept together under {@link REST}. */
const DETECTORS = 50;
export const REST = '__REST__';

/** The three kinds of facts that one detector gave. */
interface DetectorFacts {
  readonly main: Facts;
  readonly source: Facts;
  readonly target: Facts;
}

const KINDS = ['main', 'source', 'target'] as const;

/** One detector of an entry. What it was made of is somebody else's until there is something to add: most see one event only. */
class Detector {
  #facts: DetectorFacts;
  #isOwn = false;

  constructor(facts: DetectorFacts) {
    this.#facts = facts;
  }

  get facts(): DetectorFacts {
    return this.#facts;
  }

  absorb(other: DetectorFacts): void {
    if (!this.#isOwn) {
      const { main, source, target } = this.#facts;
      this.#facts = { main: copyOf(main), source: copyOf(source), target: copyOf(target) };
      this.#isOwn = true;
    }
    for (const kind of KINDS) this.#facts[kind].absorb(other[kind]);
  }

  get isFinished(): boolean {
    return KINDS.every((kind) => this.#facts[kind].isFinished);
  }

  toJson(): string {
    const { main, source, target } = this.#facts;
    return (
      `{"main_numeric_data":${main.numbersJson()},"main_list_data":${main.listsJson()},` +
      `"source_numeric_data":${source.numbersJson()},"source_list_data":${source.listsJson()},` +
      `"target_numeric_data":${target.numbersJson()},"target_list_data":${target.listsJson()}}`
    );
  }
}

function copyOf(facts: Facts): Facts {
  const copy = new Facts();
  copy.absorb(facts);
  return copy;
}

export class EntryBuilder {
  #first: Instant = Infinity;
  #last: Instant = -Infinity;
  #events = 0;
  readonly #names: string[] = [];
  readonly #detectors: Detector[] = [];

  /** Adds one event for the entry's source. */
  add(event: CleanEvent | Contribution, source: string): void {
    const contribution = event instanceof Contribution ? event : new Contribution(event);
    const { main, target } = contribution;
    this.#span(contribution.first, contribution.last, 1);
    this.#put(contribution.detector, { main, source: contribution.source(source), target });
  }

  /** Adds what {@link write} wrote. */
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

  #put(name: string, facts: DetectorFacts): void {
    const place = this.#names.indexOf(name);
    if (place >= 0) {
      this.#detectors[place]!.absorb(facts);
      return;
    }
    this.#names.push(name);
    this.#detectors.push(new Detector(facts));
    if (this.#names.length > DETECTORS + 1) this.#foldLast();
  }

  /** The name that comes last can never be among the first again, so it does not matter when it is folded into the rest. */
  #foldLast(): void {
    const names = this.#names.filter((n) => n !== REST).sort(byCodePoint);
    for (const name of names.slice(DETECTORS)) {
      const place = this.#names.indexOf(name);
      const [{ facts }] = this.#detectors.splice(place, 1) as [Detector];
      this.#names.splice(place, 1);
      this.#put(REST, facts);
    }
  }

  /** The entry as it goes through the scratch: complete as far as sets are exact. */
  write(): Pick<WrittenEntry, 'events' | 'json' | 'isFinished'> {
    if (this.#names.length > DETECTORS) this.#foldLast();
    const places = [...this.#names.keys()];
    if (places.length > 1) places.sort((a, b) => byCodePoint(this.#names[a]!, this.#names[b]!));
    let json = `{"first_time":"${formatInstant(this.#first)}","last_time":"${formatInstant(this.#last)}",`;
    json += `"event_count":${this.#events},"detector_data":{`;
    for (const [i, place] of places.entries())
      json += `${i === 0 ? '' : ','}${JSON.stringify(this.#names[place]!)}:${this.#detectors[place]!.toJson()}`;
    json += '}}';
    const isFinished = json.length <= ENTRY_LIMIT && this.#detectors.every((detector) => detector.isFinished);
    return { events: this.#events, json, isFinished };
  }
}

/** The partial entry of one event. */
export function entryOfOne(contribution: Contribution, source: string): ReturnType<EntryBuilder['write']> {
  const builder = new EntryBuilder();
  builder.add(contribution, source);
  return builder.write();
}

/** Partial entries of one place as one; see {@link EntryBuilder}. */
export function mergeEntries(partials: readonly string[]): ReturnType<EntryBuilder['write']> {
  const builder = new EntryBuilder();
  for (const json of partials) builder.absorb(JSON.parse(json) as Entry);
  return builder.write();
}

/** The entry as a report holds it. */
export function finishedEntry({ json, isFinished }: WrittenEntry): Entry {
  const entry = JSON.parse(json) as Entry;
  return isFinished ? entry : finishEntry(entry);
}

/** JSON of the entry as a report holds it: for most that is what lies in the scratch. */
export function finishedJson({ json, isFinished }: WrittenEntry): string {
  return isFinished ? json : JSON.stringify(finishEntry(JSON.parse(json) as Entry));
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
