import { byCodePoint } from '../../model/event/object-view.ts';
import type { DetectorData, Entry, ValueSet } from '../../model/report.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import type { PackedReader } from '../../scratch/packed-values.ts';
import type { MergeEntries } from '../../scratch/port.ts';
import { AVERAGE_BYTES, AVERAGE_PACKETS, Facts, FINISHED_AVERAGE } from './facts.ts';
import { cutSet, KEPT } from './value-set.ts';

// What is reported of one event class and one source. The order of events does not matter.

/** Detectors kept apart in an entry: the first by name; the rest is merged under {@link REST}. */
const DETECTORS = 50;
export const REST = '__REST__';

/** One detector of an entry: the three kinds of facts that it gave. */
class Detector {
  readonly name: string;
  readonly #main = new Facts();
  readonly #source = new Facts();
  readonly #target = new Facts();

  constructor(name: string) {
    this.name = name;
  }

  absorb(other: Detector): void {
    this.#main.absorb(other.#main);
    this.#source.absorb(other.#source);
    this.#target.absorb(other.#target);
  }

  absorbPacked(packed: PackedReader): void {
    this.#main.absorbPacked(packed);
    this.#source.absorbPacked(packed);
    this.#target.absorbPacked(packed);
  }

  get isFinished(): boolean {
    return this.#main.isFinished && this.#source.isFinished && this.#target.isFinished;
  }

  toJson(): string {
    return (
      `{"main_numeric_data":${this.#main.numbersJson()},"main_list_data":${this.#main.listsJson()},` +
      `"source_numeric_data":${this.#source.numbersJson()},"source_list_data":${this.#source.listsJson()},` +
      `"target_numeric_data":${this.#target.numbersJson()},"target_list_data":${this.#target.listsJson()}}`
    );
  }
}

class EntryBuilder {
  #first: Instant = Infinity;
  #last: Instant = -Infinity;
  #events = 0;
  #detectors: Detector[] = [];

  /** Adds what one event contributes: see `Contribution.pack`. */
  add(contribution: PackedReader): void {
    const first = contribution.readNumber();
    const last = first + contribution.readNumber();
    if (first < this.#first) this.#first = first;
    if (last > this.#last) this.#last = last;
    this.#events++;
    this.#detector(contribution.readText()).absorbPacked(contribution);
    if (this.#detectors.length > DETECTORS + 1) this.#foldLast();
  }

  #detector(name: string): Detector {
    for (const detector of this.#detectors) if (detector.name === name) return detector;
    const detector = new Detector(name);
    this.#detectors.push(detector);
    return detector;
  }

  /** The name that comes last can never be among the first again, so it does not matter when it is folded into the rest. */
  #foldLast(): void {
    const rest = this.#detector(REST);
    const others = this.#detectors.filter((detector) => detector !== rest).sort(byName);
    for (const detector of others.slice(DETECTORS)) rest.absorb(detector);
    this.#detectors = [...others.slice(0, DETECTORS), rest];
  }

  /** The entry as a report holds it. */
  finish(): ReturnType<MergeEntries> {
    if (this.#detectors.length > DETECTORS) this.#foldLast();
    const json = this.#toJson();
    const isFinished = json.length <= ENTRY_LIMIT && this.#detectors.every((detector) => detector.isFinished);
    return {
      events: this.#events,
      json: isFinished ? json : JSON.stringify(finishEntry(JSON.parse(json) as Entry)),
    };
  }

  /** The entry, complete as far as sets are exact, with the sums that means are made of. */
  #toJson(): string {
    if (this.#detectors.length > 1) this.#detectors.sort(byName);
    let json = `{"first_time":"${formatInstant(this.#first)}","last_time":"${formatInstant(this.#last)}",`;
    json += `"event_count":${this.#events},"detector_data":{`;
    for (let i = 0; i < this.#detectors.length; i++) {
      const detector = this.#detectors[i]!;
      json += `${i === 0 ? '' : ','}${JSON.stringify(detector.name)}:${detector.toJson()}`;
    }
    return `${json}}}`;
  }
}

function byName(a: Detector, b: Detector): number {
  return byCodePoint(a.name, b.name);
}

/** The entry that contributions of events come to: see `Contribution.pack`. */
export function mergeEntries(contributions: Iterable<PackedReader>): ReturnType<MergeEntries> {
  const builder = new EntryBuilder();
  for (const contribution of contributions) builder.add(contribution);
  return builder.finish();
}

/** Characters one entry may have in a record, so that no sender can make a record too big to be stored. */
const ENTRY_LIMIT = 1_000_000;
const CUTS: readonly number[] = [KEPT, 10, 1];

/** A complete entry as a report holds it: sets cut at 100 values (fewer if it were too big still), averages computed, helper sums removed. */
function finishEntry(complete: Entry): Entry {
  let finished = complete;
  for (const kept of CUTS) {
    const detectors = Object.entries(complete.detector_data).map(
      ([name, data]) => [name, finishDetector(data, kept)] as const,
    );
    finished = { ...complete, detector_data: Object.fromEntries(detectors) };
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
