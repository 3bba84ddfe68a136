import type { LaneCounters, EventCounts } from './lane-counters.ts';
import type { Group } from './group/group.ts';
import type { Severity } from './severity.ts';
import type { Instant } from './time.ts';
import type { Timing } from './timing.ts';

/** Tracks share no state, thresholds, registry or labels, so that trying never eats real reports. */
export const TRACKS = ['live', 'test-data', 'mail-test'] as const;
export type Track = (typeof TRACKS)[number];

/** What a lane remembers between runs. `to` is undefined until the first success. */
export interface LaneState {
  readonly lane: string;
  /** Upper bound of the last window that was committed. */
  readonly to: Instant | undefined;
  /** Raised by a recovery, so that a reporter whose rows were taken away cannot commit any more. */
  readonly epoch: number;
  /** The run that committed `to`. */
  readonly run: string | undefined;
}

/** The key of a lane in every store: `track/severity/group`. */
export function laneKey(track: Track, severity: Severity, group: string): string {
  return `${track}/${severity}/${group}`;
}

/** One (group, severity) pair at work: the unit of commit and of failure. */
export interface Lane {
  /** Key in the store. Ad-hoc runs have one of their own, so that nothing a later run reads is touched. */
  readonly key: string;
  /** Position within the slice. */
  readonly index: number;
  readonly group: Group;
  readonly severity: Severity;
  readonly window: Window;
  readonly timing: Timing;
  readonly state: LaneState;
  readonly counters: LaneCounters;
  /** Events per filter that removed at least one of their sources; undefined, as for most lanes: none did. */
  filtering: Map<string, number> | undefined;
  /** Problems that do not stop the lane but make the run end with 1: broken filters. */
  readonly problems: readonly string[];
}

/** `[from, to)` in storage time. The bounds of a replay without given ones are known only when its last event was read. */
export interface Window {
  from: Instant;
  to: Instant;
  /** Where the window would have begun had `max_window` not cut it. */
  cutFrom?: Instant;
}

/** `standing`: due, and not worked, because the run was ended before its turn came. */
export const RESULTS = ['reported', 'skipped-no-events', 'skipped-too-soon', 'failed', 'standing'] as const;
export type LaneResult = (typeof RESULTS)[number];

/** What a run says of one lane: in the runlog, the final table and the metrics. Times in the runlog's own units are derived from it. */
export interface LaneOutcome extends Partial<EventCounts> {
  readonly lane: string;
  readonly group: string;
  readonly severity: Severity;
  readonly from: Instant;
  readonly to: Instant;
  readonly result: LaneResult;
  /** Why it failed; of a lane that another reporter committed first, that. */
  readonly error?: string;
  readonly filtering?: Readonly<Record<string, number>>;
  readonly summaryId?: string;
  readonly extraIds?: readonly string[];
  /** Distinct recipients. */
  readonly mailTo?: readonly string[];
  readonly mails?: number;
  readonly problems?: readonly string[];
}
