import { EVENT_REASONS, ITEM_REASONS, type EventReason, type ItemReason } from './reason.ts';

/**
 * Counts what entered a run and what left it before it reached a lane. Laws: every event that was read left under one event reason or was
 * routed; every item that routing made left under one item reason or entered a lane.
 */
export class RunCounters {
  /** Events, or lines of a replay, that entered: in the sum over slices an event counts once for each that serves a group of it. */
  read = 0;
  /** Events that became at least one item. */
  routed = 0;
  /** Items made of them: one a group. */
  items = 0;
  readonly #reasons = new Map<EventReason | ItemReason, number>();

  count(reason: EventReason | ItemReason): void {
    this.#reasons.set(reason, this.of(reason) + 1);
  }

  of(reason: EventReason | ItemReason): number {
    return this.#reasons.get(reason) ?? 0;
  }

  /** Events that left under no reason: anything but 0 is a problem of the program. */
  get eventResidue(): number {
    return this.read - this.routed - sum(EVENT_REASONS, (reason) => this.of(reason));
  }

  /** @param entered items that entered a lane */
  itemResidue(entered: number): number {
    return this.items - entered - sum(ITEM_REASONS, (reason) => this.of(reason));
  }

  /** All that several tallies counted, by name. */
  static sum(tallies: readonly RunCounters[]): Record<string, number> {
    const reasons = [...EVENT_REASONS, ...ITEM_REASONS].map((reason): [string, number] => [
      reason,
      sum(tallies, (tally) => tally.of(reason)),
    ]);
    return {
      read: sum(tallies, (tally) => tally.read),
      routed: sum(tallies, (tally) => tally.routed),
      ...Object.fromEntries(reasons.filter(([, count]) => count > 0)),
    };
  }
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0);
}
