import type { Instant } from '../model/time.ts';
import type { ReportRecord } from '../model/report.ts';

/**
 * What a lane's run writes ahead. Every row is stamped with its lane and run and stays pending, which is to say unseen, until the
 * lane's commit; see protocol.ts.
 */
export type PendingRow =
  | ({ kind: 'thresholds' } & ThresholdsPart)
  | ({ kind: 'held' } & HeldPart)
  | ({ kind: 'hits' } & FilterHits)
  | { kind: 'report'; record: ReportRecord }
  /** `entries` is a JSON array of placed entries: nobody looks into them on their way. */
  | { kind: 'entries'; label: string; part: number; entries: string }
  | { kind: 'message'; label: string; chunk: number; bytes: Uint8Array }
  | ({ kind: 'outbox' } & OutboxEntry);

/** Whose rows these are: a lane's key and the run that works it. */
export interface Stamp {
  readonly lane: string;
  readonly run: string;
}

/** Thresholds that one run set for a lane: they share their times. The latest part that names a key is the key's record. */
export interface ThresholdsPart {
  readonly part: number;
  readonly thresholdtime: Instant;
  /** Events stored before this are suppressed. */
  readonly ttl: Instant;
  /** Events suppressed from here on make the key relapse at `ttl`; equal to `ttl` when nothing relapses. */
  readonly relapsetime: Instant;
  readonly keys: readonly { readonly class: string; readonly sources: readonly string[] }[];
}

/** Events that one run suppressed in a lane: up to 5,000 entries. */
export interface HeldPart {
  readonly part: number;
  readonly created: Instant;
  readonly keys: readonly HeldKey[];
  /** Packed pairs (number of the key, event ID); see held-entries.ts. */
  readonly entries: Uint8Array;
}

export interface HeldKey {
  readonly class: string;
  readonly source: string;
}

/** How many events of a lane's run a filter removed a source of. */
export interface FilterHits {
  readonly group: string;
  readonly filter: string;
  readonly hits: number;
  readonly at: Instant;
}

/** One mail to one recipient, as the lane's run writes it: to be sent as soon as the lane is committed. */
export interface OutboxEntry {
  readonly label: string;
  /** From 1; with the label it names the row and the spool file. */
  readonly number: number;
  readonly recipient: string;
  /** Envelope sender. */
  readonly sender: string;
  /** The way it was made to go (see the mail transports): only runs that have it may send the row. */
  readonly way: string;
  /** When it may be sent first. */
  readonly next: Instant;
}
