import type { EventView, RawEvent } from '../model/event/event.ts';
import type { GroupDocument } from '../model/group/group.ts';
import type { LaneState } from '../model/lane.ts';
import type { PlacedEntry, ReportRecord } from '../model/report.ts';
import type { Instant } from '../model/time.ts';
import type { HeldPart, OutboxEntry, PendingRow, Stamp, ThresholdsPart } from './rows.ts';

/**
 * What the reporter needs of a place where events, groups and its own memory lie. Engines live in a folder each and fulfil one
 * contract suite. Everything rejects with a UserError when the engine cannot be reached or its medium is full.
 */
export interface Store {
  /** For people, without credentials. */
  readonly name: string;
  readonly events: EventStore;
  readonly groups: GroupStore;
  readonly lanes: LaneStore;
  readonly journal: Journal;
  readonly reports: ReportStore;
  readonly outbox: OutboxStore;
  /** 32 bytes made at first use and kept for good: labels and key hashes depend on them. */
  secret(): Promise<Uint8Array>;
  /** What an operator should know before a run, a line each. Cheap. */
  advice(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Events that lanes of one severity and window are made of. */
export interface LanesQuery {
  readonly severity: string;
  readonly groups: readonly string[];
  /** Half-open: `from <= storage time < to`. */
  readonly from: Instant;
  readonly to: Instant;
  /** True: only events of category Test. False: only others. */
  readonly test: boolean;
}

export interface SliceQuery extends LanesQuery {
  /** Top-level keys that `body(keys)` will be asked for often: what the groups' filters read. */
  readonly fields: ReadonlySet<string>;
}

export interface EventStore {
  /**
   * Every event of the slice once, by storage time, then ID, in batches of bounded size. Views stay good, bodies included, until the
   * store is closed. Rejects when the end cannot be told from an interruption.
   */
  slice(query: SliceQuery): AsyncIterable<readonly EventView[]>;
  /**
   * Those of the groups, of which there may be any number, that events of the query name: never fewer, and more where to find out would cost
   * more than a few look-ups a group.
   */
  groupsIn(query: LanesQuery): Promise<ReadonlySet<string>>;
  /** Up to 1,000 events by ID; those that are gone are missing from the answer. Views stay good. */
  byId(ids: readonly string[]): Promise<ReadonlyMap<string, EventView>>;
  /** Stores new events whole, or refuses them by ID: the first one with an ID stays. */
  insert(events: readonly RawEvent[]): Promise<{ stored: number; duplicate: number }>;
}

export interface GroupStore {
  /** Every group, by name in code point order. */
  all(): Promise<readonly GroupDocument[]>;
  /** Adds or replaces by name, all or nothing. */
  replace(groups: readonly GroupDocument[]): Promise<void>;
}

/** Hits of one filter over all committed runs. */
export interface HitsOfFilter {
  readonly group: string;
  readonly filter: string;
  readonly hits: number;
  readonly lastHit: Instant;
}

export interface LaneCommit {
  /** The state that was read; the commit takes place only if it still stands. */
  readonly state: LaneState;
  readonly to: Instant;
  readonly run: string;
  /** Whether rows were written ahead for it. */
  readonly wrote: boolean;
  /** Whether thresholds of the lane ended in the window, so that there is something to sweep. */
  readonly ended: boolean;
}

/** Lane states and the steps of the commit. In what order they are taken, and why that is safe: protocol.ts. */
export interface LaneStore {
  /** States of these lanes; a lane without one is missing. */
  states(lanes: readonly string[]): Promise<ReadonlyMap<string, LaneState>>;
  /** Every state of lanes whose key begins with the prefix, for `plan-view` and metrics. */
  statesUnder(prefix: string): Promise<readonly LaneState[]>;
  /** Writes rows ahead, pending. Durable no later than the commit that follows. */
  writeAhead(stamp: Stamp, rows: readonly PendingRow[]): Promise<void>;
  /** Compare-and-set of each lane's state, in one go; true where it took place. */
  commit(commits: readonly LaneCommit[]): Promise<readonly boolean[]>;
  /** Makes the rows of these stamps live. Doing it again changes nothing. */
  publish(stamps: readonly Stamp[]): Promise<void>;
  /** Deletes the pending rows of these stamps. */
  discard(stamps: readonly Stamp[]): Promise<void>;
  /** Deletes what the lane's committed `to` has made superfluous: thresholds with `ttl <= to`, and held parts created at or before the earliest threshold time left. */
  sweep(lane: string, to: Instant): Promise<void>;
  /** Stamps that have pending rows. */
  pending(): Promise<readonly Stamp[]>;
  /** Raises the lane's epoch if the state still stands; also for a lane that has none yet. False: somebody was faster. */
  raiseEpoch(state: LaneState): Promise<boolean>;
  /** Hits per filter, summed over all committed runs. */
  hits(): Promise<readonly HitsOfFilter[]>;
}

export interface ThresholdsQuery {
  readonly lanes: readonly string[];
  /** Only parts with `ttl` at or before this. */
  readonly endedBy?: Instant;
}

export interface HeldQuery {
  readonly lane: string;
  /** Own pending parts of this run are seen, too. */
  readonly run: string;
  /** Only parts created after this. */
  readonly after: Instant;
}

/** A lane's memory, read as streams; it is written through `lanes.writeAhead`. */
export interface Journal {
  /** Live parts of these lanes, the oldest threshold time first. */
  thresholds(query: ThresholdsQuery): AsyncIterable<ThresholdsPart & Stamp>;
  /** Those of the lanes, of which there may be any number, that have a live part with `ttl` at or before this. */
  ended(lanes: readonly string[], by: Instant): Promise<ReadonlySet<string>>;
  /** Live parts and those of the run itself, in the order they were written. */
  held(query: HeldQuery): AsyncIterable<HeldPart>;
}

export interface ReportStore {
  /** Live records, newest first, those of one instant by label, without statistics, timeline, structured data and message; all when no limit is given. */
  list(limit?: number): Promise<readonly ReportSummary[]>;
  get(label: string): Promise<ReportRecord | undefined>;
  /** All entries of a report, in the order of the parts. */
  entries(label: string): AsyncIterable<PlacedEntry>;
  /** Live records of one lane's run, without their long parts, in no order. */
  ofRun(stamp: Stamp): Promise<readonly ReportSummary[]>;
  /** Live records of one lane, without their long parts, one run after the other: that whose name sorts last comes first. */
  ofLane(lane: string): AsyncIterable<ReportSummary>;
  /** True when a live report bears the label. */
  taken(label: string): Promise<boolean>;
}

export type ReportSummary = Omit<ReportRecord, 'statistics' | 'structured_data' | 'message' | 'timeline'>;

export const OUTBOX_STATES = [
  'queued',
  'sending',
  'deferred',
  'ambiguous',
  'sent',
  'failed',
  'dropped',
] as const;
export type OutboxState = (typeof OUTBOX_STATES)[number];

/** One live mail to one recipient. */
export interface OutboxRow extends OutboxEntry {
  /** Unique, opaque. */
  readonly id: string;
  readonly lane: string;
  readonly run: string;
  readonly state: OutboxState;
  /** Times it was leased. */
  readonly attempt: number;
  /** Until when a `sending` row belongs to its process. */
  readonly lease: Instant | undefined;
  /** When it was first taken up; `retry_for` counts from here. */
  readonly since: Instant | undefined;
  /** Last answer of the other side, cleaned. */
  readonly reply: string | undefined;
  /** Why it failed: no-such-mailbox, refused-by-policy, too-big, … */
  readonly reason: string | undefined;
  /** Set when the message goes without its attachments, because it was too big. */
  readonly stripped: boolean;
}

export type OutboxChange = Partial<
  Pick<OutboxRow, 'state' | 'next' | 'attempt' | 'lease' | 'since' | 'reply' | 'reason' | 'stripped'>
>;

export interface OutboxStore {
  /** Up to `limit` live rows that wait: queued, deferred or ambiguous with `next <= now`, and sending ones whose lease has run out; oldest `next` first. Only those made to go this way; of one run only, when given. */
  due(now: Instant, limit: number, way: string, run?: string): Promise<readonly OutboxRow[]>;
  /** Compare-and-set on (id, state, attempt); false when another process was faster. */
  change(row: OutboxRow, change: OutboxChange): Promise<boolean>;
  /** The finished message of a live or pending report, in chunks; ends at once when it is not kept any more. */
  message(run: string, label: string): AsyncIterable<Uint8Array>;
  /** Live rows, newest first. */
  list(limit?: number): Promise<readonly OutboxRow[]>;
  /** Live rows of one report of a lane's run, by number. */
  ofReport(stamp: Stamp, label: string): Promise<readonly OutboxRow[]>;
  /** Live rows per state. */
  counts(): Promise<Readonly<Record<OutboxState, number>>>;
  /**
   * Deletes live messages all of whose rows became final before this instant. A store has no clock: a row counts as final from the end of
   * its last lease, of one that was never leased from when it was due.
   */
  sweep(finalBefore: Instant): Promise<void>;
}

/** What `store-init` made, and what was there already. */
export interface Initialised {
  readonly store: string;
  readonly made: readonly string[];
  readonly there: readonly string[];
}

/** What `store-check` found. */
export interface Checked {
  readonly store: string;
  /** Of the engine, and of our tables where that says more. */
  readonly version: string;
  readonly ok: boolean;
  readonly events: number;
  readonly groups: number;
  /** A line each. */
  readonly problems: readonly string[];
}
