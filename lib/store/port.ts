import type { EventView, RawEvent } from '../model/event/event.ts';
import type { GroupDocument } from '../model/group/group.ts';
import type { LaneState } from '../model/lane.ts';
import type { PlacedEntry, ReportRecord } from '../model/report.ts';
import type { Instant } from '../model/time.ts';
import type { HeldPart, OutboxEntry, PendingRow, Stamp, ThresholdsPart } from './pending-rows.ts';

/**
 * The storage of events, groups and the reporter's own state. Each engine has a folder of its own and passes the same contract suite.
 * Every method rejects with a UserError when the engine cannot be reached or its disk is full.
 */
export interface Store {
  /** Shown to people; holds no credentials. */
  readonly name: string;
  readonly events: EventStore;
  readonly groups: GroupStore;
  readonly lanes: LaneStore;
  readonly journal: Journal;
  readonly reports: ReportStore;
  readonly outbox: OutboxStore;
  /** 32 random bytes, created at first use and never changed, because labels and key hashes depend on them. */
  secret(): Promise<Uint8Array>;
  /** What an operator should know before a run, one line each. Cheap. */
  warnings(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** Selects the events of lanes that share a severity and a window. */
export interface LanesQuery {
  readonly severity: string;
  readonly groups: readonly string[];
  /** Half-open: `from <= storage time < to`. */
  readonly from: Instant;
  readonly to: Instant;
  /** True: only events of category Test. False: only events without it. */
  readonly test: boolean;
}

export interface SliceQuery extends LanesQuery {
  /** Top-level keys that the groups' filters read through `body(keys)`. */
  readonly fields: ReadonlySet<string>;
}

export interface EventStore {
  /**
   * Every event of the slice once, by storage time, then ID, in batches of bounded size. Views and their bodies stay valid until the
   * store is closed. Rejects when reading was interrupted before the end.
   */
  slice(query: SliceQuery): AsyncIterable<readonly EventView[]>;
  /**
   * The groups, out of any number, that events of the query name. The answer may hold groups without events where finding out would
   * cost more than a few look-ups per group, but never lacks one.
   */
  groupsIn(query: LanesQuery): Promise<ReadonlySet<string>>;
  /** Up to 1,000 events by ID; deleted events are missing from the result. Views stay valid. */
  byId(ids: readonly string[]): Promise<ReadonlyMap<string, EventView>>;
  /** Stores new events; an event whose ID is stored already is counted as a duplicate and left as it is. */
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
  /** The state that was read; the commit fails when it has changed since. */
  readonly state: LaneState;
  readonly to: Instant;
  readonly run: string;
  /** Whether rows were written ahead for it. */
  readonly hasRows: boolean;
  /** Whether thresholds of the lane expired in the window and have to be swept. */
  readonly hasExpired: boolean;
}

/** Lane states and the steps of the commit; commit-protocol.ts says in what order they run and why that is safe. */
export interface LaneStore {
  /** States of these lanes; a lane that was never committed is missing. */
  states(lanes: readonly string[]): Promise<ReadonlyMap<string, LaneState>>;
  /** States of all lanes whose key begins with the prefix. */
  statesByPrefix(prefix: string): Promise<readonly LaneState[]>;
  /** Writes rows as pending; they are durable no later than the following commit. */
  writeAhead(stamp: Stamp, rows: readonly PendingRow[]): Promise<void>;
  /** Compare-and-set of each lane's state; true where it succeeded. */
  commit(commits: readonly LaneCommit[]): Promise<readonly boolean[]>;
  /** Makes the rows of these stamps live; idempotent. */
  publish(stamps: readonly Stamp[]): Promise<void>;
  /** Deletes the pending rows of these stamps. */
  discard(stamps: readonly Stamp[]): Promise<void>;
  /** Deletes the lane's thresholds with `ttl <= to`, and held parts created at or before the earliest remaining threshold time. */
  sweep(lane: string, to: Instant): Promise<void>;
  /** Stamps with pending rows. */
  pending(): Promise<readonly Stamp[]>;
  /** Raises the lane's epoch, also of a lane without a state; false when the state has changed since it was read. */
  raiseEpoch(state: LaneState): Promise<boolean>;
  /** Hits per filter, summed over all committed runs. */
  hits(): Promise<readonly HitsOfFilter[]>;
}

export interface ThresholdsQuery {
  readonly lanes: readonly string[];
  /** Only parts with `ttl` at or before this. */
  readonly expiredBy?: Instant;
}

export interface HeldQuery {
  readonly lane: string;
  /** Pending parts of this run are included. */
  readonly run: string;
  /** Only parts created after this. */
  readonly after: Instant;
}

/** Thresholds and held events of lanes, read as streams; they are written through `lanes.writeAhead`. */
export interface Journal {
  /** Live parts of these lanes, by threshold time. */
  thresholds(query: ThresholdsQuery): AsyncIterable<ThresholdsPart & Stamp>;
  /** The lanes, out of any number, that have a live part with `ttl` at or before this. */
  expiredLanes(lanes: readonly string[], by: Instant): Promise<ReadonlySet<string>>;
  /** Live parts and those of the run itself, in the order of writing. */
  held(query: HeldQuery): AsyncIterable<HeldPart>;
  /** Deletes the live thresholds that one run has set in a lane: nobody got its reports. */
  forget(stamp: Stamp): Promise<void>;
}

export interface ReportStore {
  /** Summaries of live records, newest first, then by label; all of them without a limit. */
  list(limit?: number): Promise<readonly ReportSummary[]>;
  get(label: string): Promise<ReportRecord | undefined>;
  /** All entries of a report, in the order of the parts. */
  entries(label: string): AsyncIterable<PlacedEntry>;
  /** Summaries of the live records of one lane's run, in no order. */
  ofRun(stamp: Stamp): Promise<readonly ReportSummary[]>;
  /** Summaries of the live records of one lane, by run name, descending. */
  ofLane(lane: string): AsyncIterable<ReportSummary>;
  /** True when a live report has the label. */
  hasLabel(label: string): Promise<boolean>;
}

/** A record without its long parts. */
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
  /** How often the row was leased. */
  readonly attempt: number;
  /** Until when a `sending` row belongs to the process that leased it. */
  readonly lease: Instant | undefined;
  /** When it was first leased; `retry_for` counts from here. */
  readonly since: Instant | undefined;
  /** Last reply of the mail server, without control characters. */
  readonly reply: string | undefined;
  /** Why it failed: no-such-mailbox, refused-by-policy, too-big, … */
  readonly reason: string | undefined;
  /** What was left out because the message was too big. */
  readonly stripped: Stripped;
  /** The process that leased a `sending` row, as lib/system/process-identity.ts names it; undefined where the system has no such name. */
  readonly holder: string | undefined;
}

/** 0: nothing is left out; 3: events of the attachments; 1: the attachments; 2: HTML and pictures, too. */
export type Stripped = 0 | 1 | 2 | 3;

export type OutboxChange = Partial<
  Pick<
    OutboxRow,
    'state' | 'next' | 'attempt' | 'lease' | 'since' | 'reply' | 'reason' | 'stripped' | 'holder'
  >
>;

export interface OutboxStore {
  /**
   * Up to `limit` live rows of this transport (and run, when given) that may be sent: queued, deferred or ambiguous ones with `next <= now`,
   * and sending ones whose lease has expired; by `next`.
   */
  due(now: Instant, limit: number, way: string, run?: string): Promise<readonly OutboxRow[]>;
  /** Live rows of this transport that processes have leased. */
  sending(way: string): Promise<readonly OutboxRow[]>;
  /** Compare-and-set on (id, state, attempt); false when the row has changed since it was read. */
  change(row: OutboxRow, change: OutboxChange): Promise<boolean>;
  /** The message of a live or pending report, in chunks; empty when it was deleted. */
  message(run: string, label: string): AsyncIterable<Uint8Array>;
  /** Live rows, newest first. */
  list(limit?: number): Promise<readonly OutboxRow[]>;
  /** Live rows of one report of a lane's run, by number. */
  ofReport(stamp: Stamp, label: string): Promise<readonly OutboxRow[]>;
  /** Live rows per state. */
  counts(): Promise<Readonly<Record<OutboxState, number>>>;
  /**
   * Deletes live messages all of whose rows became final before this instant. As a store has no clock, a row counts as final from the end
   * of its last lease, or from `next` when it was never leased.
   */
  sweep(finalBefore: Instant): Promise<void>;
}

/** What `store-init` created, and what existed before. */
export interface InitResult {
  readonly store: string;
  readonly created: readonly string[];
  readonly existing: readonly string[];
}

/** Result of `store-check`. */
export interface CheckResult {
  readonly store: string;
  /** Version of the engine, and of the tables where they have one of their own. */
  readonly version: string;
  readonly ok: boolean;
  readonly events: number;
  readonly groups: number;
  /** One line each. */
  readonly problems: readonly string[];
}
