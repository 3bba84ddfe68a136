import type { ThresholdsPart } from '../lib/store/pending-rows.ts';

const DAY = 86_400_000;
const PART = 5000;

/** Collects what a run before the window would have reported: lane -> class -> sources. */
export class Thresholds {
  readonly #lanes = new Map<string, Map<string, Set<string>>>();

  add(lane: string, eventClass: string, sources: readonly string[]): void {
    let classes = this.#lanes.get(lane);
    if (classes === undefined) this.#lanes.set(lane, (classes = new Map<string, Set<string>>()));
    let known = classes.get(eventClass);
    if (known === undefined) classes.set(eventClass, (known = new Set()));
    for (const source of sources) known.add(source);
  }

  /** Thresholds set at `from` that hold well beyond `to`. */
  *partsOf(lane: string, from: number, to: number): Generator<ThresholdsPart> {
    const times = { thresholdtime: from, ttl: to + 5 * DAY, relapsetime: to + 3 * DAY };
    let part = 0;
    for (const [eventClass, sources] of this.#lanes.get(lane) ?? []) {
      const all = [...sources];
      for (let at = 0; at < all.length; at += PART)
        yield { part: part++, ...times, keys: [{ class: eventClass, sources: all.slice(at, at + PART) }] };
    }
  }
}
