import type { EventView, Source } from '../model/event/event.ts';
import type { Lane } from '../model/lane.ts';
import type { Instant } from '../model/time.ts';
import type { HeldKey } from '../store/pending-rows.ts';

/** An event that was suppressed and comes back, under the keys whose threshold has ended. */
export interface Relapse {
  readonly lane: Lane;
  readonly id: string;
  readonly keys: readonly HeldKey[];
}

/** What the lanes of a slice remember: thresholds, and the registry of events that were suppressed. */
export interface Thresholds {
  /** To be called before the first question; a promise when something has to be read. */
  load(): Promise<void> | undefined;
  /** Events of this key stored before the answer are suppressed; 0 when there is no threshold. */
  suppressedUntil(lane: Lane, eventClass: string, source: Source): Instant;
  /** Notes that an event was suppressed under these sources; a promise when a part is full and has to be written. */
  hold(lane: Lane, event: EventView, sources: readonly Source[]): Promise<void> | undefined;
  /** Every event that relapses in this slice, those held by this very run included. To be read once, after the last event. */
  relapses(): AsyncIterable<Relapse>;
}

/** The memory of an ad-hoc run: it keeps nothing quiet and looks for no relapses. */
export const NO_THRESHOLDS: Thresholds = {
  load: () => undefined,
  suppressedUntil: () => 0,
  hold: () => undefined,
  // eslint-disable-next-line @typescript-eslint/require-await
  relapses: async function* () {
    yield* [];
  },
};
