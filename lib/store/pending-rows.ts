import type { Instant } from '../model/time.ts';
import type { ReportRecord } from '../model/report.ts';

/**
 * What a lane's run writes before its commit. Every row is stamped with its lane and run and stays pending, that is invisible, until the
 * lane is committed; see commit-protocol.ts.
 */
export type PendingRow =
  | ({ kind: 'thresholds' } & ThresholdsPart)
  | ({ kind: 'held' } & HeldPart)
  | ({ kind: 'hits' } & FilterHits)
  | { kind: 'report'; record: ReportRecord }
  /** `entries` is a JSON array of placed entries. */
  | { kind: 'entries'; label: string; part: number; entries: string }
  | { kind: 'message'; label: string; chunk: number; bytes: Uint8Array }
  | ({ kind: 'outbox' } & OutboxEntry);

/** The owner of rows: a lane's key and the run that processes it. */
export interface Stamp {
  readonly lane: string;
  readonly run: string;
}

/** Thresholds that one run set for a lane, with common times. The latest part that names a key is the key's threshold record. */
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
  /** Packed pairs (index of the key, event ID); see held-entries.ts. */
  readonly entries: Uint8Array;
}

export interface HeldKey {
  readonly class: string;
  readonly source: string;
}

/** Number of events of a lane's run from which a filter removed a source. */
export interface FilterHits {
  readonly group: string;
  readonly filter: string;
  readonly hits: number;
  readonly at: Instant;
}

/** One mail to one recipient, to be sent once the lane is committed. */
export interface OutboxEntry {
  readonly label: string;
  /** From 1; together with the label it identifies the row and names the spool file. */
  readonly number: number;
  readonly recipient: string;
  /** Envelope sender. */
  readonly sender: string;
  /** The kind of transport it was made for: only runs with that transport may send the row. */
  readonly way: string;
  /** Not to be sent before this. */
  readonly next: Instant;
}
