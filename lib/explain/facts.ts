import type { Severity } from '../model/severity.ts';
import type { OutboxState } from '../store/port.ts';

/*
 * What store and groups know of one event, as `event-explain` prints it for programs. Instants are ISO texts, UTC. Of what was
 * when a run read the event only journal and reports are known; networks, filters and timings are those of now.
 */

export interface EventFacts {
  readonly id: string;
  readonly stored: string;
  readonly class: string;
  readonly severity: string | null;
  readonly groups: readonly string[];
  /** Addresses, or the fallback of an event without one. */
  readonly sources: readonly string[];
  /** No source has an address that can be read. */
  readonly fallback: boolean;
  readonly test_data: boolean;
  /** Why it cannot be used; null of a good one. */
  readonly invalid: string | null;
}

/** The position of a lane relative to the event's storage time. */
export interface WorkFacts {
  /** End of the lane's last window, or where its first one begins; null: it has no position yet. */
  readonly to: string | null;
  /** The run that got it there; null where none of this store did. */
  readonly run: string | null;
  /** `before`: stored before the lane's next window, in which no run was; no run will read the event. */
  readonly state: 'worked' | 'waiting' | 'before';
  /** Of an event that waits for a run: the earliest end of the window that contains it; else null. */
  readonly due: string | null;
  /** A scheduled run that begins now is that run. */
  readonly due_now: boolean;
  /** Where the lane's next window begins. */
  readonly from: string;
}

/** The window that contained the event, from the summary of its run, which need not name the event's class and sources. */
export interface WindowFacts {
  readonly report: string;
  readonly run: string;
  readonly from: string;
  readonly to: string;
  /** Events of which each filter removed a source, whichever these were. */
  readonly filtering: Readonly<Record<string, number>>;
}

export interface FilterFacts {
  /** The `to` at which the filters are evaluated: that of the run that read the event, where known. */
  readonly at: string;
  readonly removed: readonly { readonly source: string; readonly filter: string }[];
  readonly idle: readonly { readonly filter: string; readonly why: string }[];
  readonly faults: readonly string[];
}

/** One threshold of the event's class and one of its sources. */
export interface ThresholdFacts {
  readonly run: string;
  readonly thresholdtime: string;
  readonly ttl: string;
  readonly relapsetime: string;
  /** `never`: its lane has no relapse; `sure`: something was suppressed from `relapsetime` on; `open`: nothing was, so far. */
  readonly relapse: 'never' | 'open' | 'sure';
  /** What that run reported on the source. */
  readonly reports: readonly string[];
}

/** The event is in the lane's registry of suppressed events. */
export interface HeldFacts {
  readonly class: string;
  /** Upper bound of the run that kept it quiet. */
  readonly created: string;
}

export interface DeliveryFacts {
  readonly recipient: string;
  readonly state: OutboxState;
  readonly attempts: number;
  /** What the other side answered last. */
  readonly reply: string | null;
  readonly reason: string | null;
}

/** A live report of the lane that names the event's class with sources of the event. */
export interface ReportFacts {
  readonly label: string;
  readonly type: 'summary' | 'extra';
  readonly part: 'regular' | 'relapsed';
  readonly sources: readonly string[];
  readonly run: string;
  readonly created: string;
  readonly from: string;
  readonly to: string;
  /** Whether mails were written; `delivery` has the state of each. */
  readonly mailed: boolean;
  readonly mail_to: readonly string[];
  readonly delivery: readonly DeliveryFacts[];
}

export interface SourceFacts {
  readonly source: string;
  /** In a network of the group now. */
  readonly inside: boolean;
  /** Several networks of the group contain it together now, but none alone, which is what counts. */
  readonly spread: boolean;
  /** The filter that removes it now. */
  readonly filter: string | null;
  readonly held: HeldFacts | null;
  /** The one that holds now, or, of a source that is held, the one that did it; null when it is not in the store (any more). */
  readonly threshold: ThresholdFacts | null;
}

/** What there is to say of one group that the event names. */
export interface LaneFacts {
  readonly group: string;
  readonly known: boolean;
  readonly enabled: boolean;
  /** Null when no lane could hold the event now. */
  readonly lane: string | null;
  readonly severity: Severity | null;
  /** Why no scheduled run processes the lane; null where one does. */
  readonly idle: string | null;
  readonly work: WorkFacts | null;
  /** Null where that run reported nothing, or none has been there. */
  readonly window: WindowFacts | null;
  readonly sources: readonly SourceFacts[];
  readonly filters: FilterFacts | null;
  readonly reports: readonly ReportFacts[];
  /** Number of newest reports that were searched when there are more; null: all since the event. */
  readonly reports_looked_at: number | null;
  /** The lane's last run died after its commit: what it wrote is not visible before the next run has made it so. */
  readonly last_run_unseen: boolean;
  readonly verdict: string;
}
