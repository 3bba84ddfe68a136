import { readEventContent, EVENT_CONTENT_KEYS } from '../../model/event/event-content.ts';
import type { EventView } from '../../model/event/event.ts';
import type { Part } from '../../model/report.ts';
import type { Scratch } from '../../scratch/port.ts';
import { Contribution } from './contribution.ts';
import { Tally } from './statistics.ts';
import { TimelineTally } from './timeline.ts';

/** Of an aggregation without counts: a slice of tens of thousands of lanes has as many. */
const EMPTY = 8;

/**
 * Aggregates one lane's reported events. Contributions to entries go into the scratch at once and are merged when the lane is reported:
 * collecting them in memory took twice as long, most of it for garbage collection. Counts of the statistics stay in memory until `spill`.
 */
export class Aggregation {
  readonly #lane: number;
  readonly #scratch: Pick<Scratch, 'addEntry' | 'addCounts'>;
  readonly #tally = new Tally();
  readonly #timeline = new TimelineTally();

  constructor(lane: number, scratch: Pick<Scratch, 'addEntry' | 'addCounts'>) {
    this.#lane = lane;
    this.#scratch = scratch;
  }

  /** What is held in memory, in units of about 400 bytes: what a bound is set on. One that holds nothing has a weight, too. */
  get weight(): number {
    return EMPTY + this.#tally.weight + this.#timeline.size / 4;
  }

  /** Adds one event under the sources it is reported with. An event is to be added once a part. */
  add(view: EventView, sources: readonly string[], part: Part): void {
    const event = readEventContent(view.body(EVENT_CONTENT_KEYS));
    this.#tally.add(event);
    this.#timeline.add(part, event.first, view.storageTime);
    const contribution = new Contribution(event);
    const { eventClass } = view;
    for (const source of sources) {
      this.#scratch.addEntry(this.#lane, { part, class: eventClass, source }, contribution);
    }
  }

  /** Writes the counts into the scratch and forgets them. */
  spill(): void {
    this.#scratch.addCounts(this.#lane, this.#tally.counts());
    this.#scratch.addCounts(this.#lane, this.#timeline.counts());
    this.#tally.clear();
    this.#timeline.clear();
  }
}
