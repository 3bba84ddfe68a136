import type { EventView, Source } from '../model/event/event.ts';
import type { Lane } from '../model/lane.ts';
import type { Instant } from '../model/time.ts';
import type { HeldKey } from '../store/pending-rows.ts';

/** An event that was suppressed and comes back, under the keys whose threshold has expired. */
export interface Relapse {
  readonly lane: Lane;
  readonly id: string;
  readonly keys: readonly HeldKey[];
}

/** The thresholds of a slice's lanes, and the registry of the events they suppress. */
export interface Thresholds {
  /** Call it before the first look-up; a promise when something has to be read. */
  load(): Promise<void> | undefined;
  /** Events of this key stored before this instant are suppressed; undefined without a threshold. */
  suppressedUntil(lane: Lane, eventClass: string, source: Source): Instant | undefined;
  /** Registers an event as suppressed under these sources; a promise when a part is full and has to be written. */
  hold(lane: Lane, event: EventView, sources: readonly Source[]): Promise<void> | undefined;
  /** Every event that relapses in this slice, those held by this very run included. Read it once, after the last event. */
  relapses(): AsyncIterable<Relapse>;
  /** The run that reported this key last, of those whose thresholds were live when this one began; undefined when there is none. */
  reportedBy(lane: Lane, eventClass: string, source: Source): string | undefined;
  /** Whether held parts of the lane were written ahead. */
  hasRows(lane: Lane): boolean;
  /** Lanes with thresholds that expired in this window, to be swept after the commit. Known after `relapses`. */
  readonly expired: ReadonlySet<Lane>;
  /** Resolves once no write is under way, however it ended. */
  settled(): Promise<void>;
}

/** The thresholds of an ad-hoc run, which has none. */
export const NO_THRESHOLDS: Thresholds = {
  load: () => undefined,
  suppressedUntil: () => undefined,
  hold: () => undefined,
  // eslint-disable-next-line @typescript-eslint/require-await
  relapses: async function* () {
    yield* [];
  },
  reportedBy: () => undefined,
  hasRows: () => false,
  expired: new Set(),
  settled: () => Promise.resolve(),
};
