import { clean, CLEAN_KEYS } from '../model/clean.ts';
import type { EventView } from '../model/event.ts';
import type { Part } from '../model/report.ts';
import type { Scratch, WrittenEntry } from '../scratch/port.ts';
import { Contribution } from './contribution.ts';
import { HeldEntry } from './held-entry.ts';
import { Tally } from './statistics.ts';
import { TimelineTally } from './timeline.ts';

/**
 * What one lane's reported events come to, in memory until somebody says `spill`: entries by part, class and source, and the counts of
 * its statistics. Bodies of events are not kept here.
 */
export class Aggregation {
  readonly #lane: number;
  readonly #scratch: Scratch;
  /** part -> class -> source -> entry */
  readonly #entries: Record<Part, Map<string, Map<string, HeldEntry>>> = {
    regular: new Map(),
    relapsed: new Map(),
  };
  readonly #tally = new Tally();
  readonly #timeline = new TimelineTally();
  #held = 0;

  constructor(lane: number, scratch: Scratch) {
    this.#lane = lane;
    this.#scratch = scratch;
  }

  /** What is held in memory, in units of about 400 bytes: what a bound is set on. */
  get weight(): number {
    return this.#held + this.#tally.weight + this.#timeline.size / 4;
  }

  /** Adds one event under the sources it is reported with. An event is to be added once a part. */
  add(view: EventView, sources: readonly string[], part: Part): void {
    const event = clean(view.body(CLEAN_KEYS));
    this.#tally.add(event);
    this.#timeline.add(part, event.first, view.storageTime);
    const contribution = new Contribution(event);
    const bySource = at(this.#entries[part], view.eventClass, () => new Map<string, HeldEntry>());
    for (const source of sources) {
      const entry = at(bySource, source, () => {
        this.#held++;
        return new HeldEntry();
      });
      this.#held += entry.add(contribution, source);
    }
  }

  /** Writes everything into the scratch as partial results and forgets it. */
  spill(): void {
    this.#scratch.addEntries(this.#lane, this.#partials());
    this.#scratch.addCounts(this.#lane, this.#tally.counts());
    this.#scratch.addCounts(this.#lane, this.#timeline.counts());
    for (const classes of Object.values(this.#entries)) classes.clear();
    this.#tally.clear();
    this.#timeline.clear();
    this.#held = 0;
  }

  *#partials(): Iterable<WrittenEntry> {
    for (const [part, classes] of Object.entries(this.#entries) as [
      Part,
      Map<string, Map<string, HeldEntry>>,
    ][]) {
      for (const [eventClass, sources] of classes) {
        for (const [source, entry] of sources) yield { part, class: eventClass, source, ...entry.write() };
      }
    }
  }
}

function at<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) map.set(key, (value = make()));
  return value;
}
