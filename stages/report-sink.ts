/*
 * Report sink: writes a lane's reports, mails and thresholds, and commits the lane.
 *
 * Input:     lanes whose events have all been aggregated.
 * Output:    the outcome of each, in their order; idle lanes come last, because they share one commit.
 * State:     the idle lanes, and up to two under way: while one waits for the store or its chart, the next is begun.
 * Guarantee: reports, mails, thresholds, the registry and the lane's progress become visible together, in one write, or not at all. A lane
 *            that fails stays as it was, is named, and delays no other.
 */
import { flushable, many, none, type Many } from 'stream-chain/defs.js';
import type { Lane, LaneOutcome } from '../lib/model/lane.ts';
import type { ReportRecord } from '../lib/model/report.ts';
import type { Scratch } from '../lib/scratch/port.ts';
import type { LaneCommit, LaneStore } from '../lib/store/port.ts';
import type { OutboxEntry, PendingRow, Stamp, ThresholdsPart } from '../lib/store/pending-rows.ts';
import type { Thresholds } from '../lib/thresholds/thresholds.ts';
import {
  createOutcome,
  failedOutcome,
  idleOutcomes,
  overtakenOutcome,
  uncertainOutcome,
} from './lane-outcome.ts';

/** A report with everything that belongs to it. */
export interface FinishedReport {
  readonly record: ReportRecord;
  /** All its entries, in parts that fit into one document each: JSON arrays. */
  entryParts(): Iterable<string>;
  /** The finished mail; undefined when nobody gets one. */
  readonly message: AsyncIterable<Uint8Array> | undefined;
  /** One row a recipient. */
  readonly outbox: readonly OutboxEntry[];
}

interface ReportSinkDeps {
  readonly run: string;
  /** False for an ad-hoc run: no thresholds are set, no filter hits stored. */
  readonly remembers: boolean;
  /** The reports of a lane, the summary first, one at a time. */
  readonly reportsOf: (lane: Lane) => AsyncIterable<FinishedReport>;
  readonly scratch: Pick<Scratch, 'keys'>;
  readonly thresholds: Pick<Thresholds, 'hasRows' | 'expired'>;
  readonly store: Pick<LaneStore, 'writeAhead' | 'discard'>;
  readonly commit: (commits: readonly LaneCommit[]) => Promise<readonly boolean[]>;
  /** Called for every lane that is begun: it goes on to its end even if the pipeline breaks. Never rejects. */
  readonly onBegun: (lane: Lane, outcome: Promise<LaneOutcome>) => void;
  readonly onFailure: (lane: Lane, error: unknown) => void;
}

/** Sources in one thresholds part. */
const PART_SOURCES = 5000;
/** Bytes of a message in one row. */
const CHUNK_BYTES = 255 * 1024;

/** Bytes of rows that are written together, and the assumed sizes of rows. */
const BATCH_BYTES = 2 * 1024 * 1024;
const RECORD_SIZE = 512 * 1024;
const THRESHOLDS_SIZE = 128 * 1024;
const SMALL_SIZE = 1024;

/** Lanes written at a time: the second uses the time that the first one waits. */
const LANES_UNDERWAY = 2;

type Written = Pick<LaneOutcome, 'summaryId' | 'extraIds' | 'mailTo' | 'mails'>;

export function reportSink(
  deps: ReportSinkDeps,
): (lane: Lane) => typeof none | Promise<LaneOutcome> | Promise<Many<LaneOutcome>> {
  const idle: Lane[] = [];
  const underway: Promise<LaneOutcome>[] = [];

  const begin = (lane: Lane): typeof none | Promise<LaneOutcome> => {
    const { residue, reported } = lane.counters;
    if (residue === 0 && reported === 0) {
      idle.push(lane);
      return none;
    }
    const outcome = finish(lane, deps);
    deps.onBegun(lane, outcome);
    underway.push(outcome);
    return underway.length < LANES_UNDERWAY ? none : underway.shift()!;
  };

  const end = async (): Promise<Many<LaneOutcome>> => {
    const last = await Promise.all(underway);
    return many([...last, ...(await finishIdle(idle, deps))]);
  };

  return flushable(begin as ReturnType<typeof reportSink>, end);
}

async function finish(lane: Lane, deps: ReportSinkDeps): Promise<LaneOutcome> {
  let written: Written;
  try {
    const { residue } = lane.counters;
    if (residue !== 0) throw new Error(`internal error: ${residue} events left the lane under no reason`);
    written = await write(lane, deps);
  } catch (error) {
    return discard(lane, error, deps);
  }
  try {
    const [done] = await deps.commit([toCommit(lane, deps)]);
    return done === true ? createOutcome(lane, 'reported', written) : overtakenOutcome(lane);
  } catch (error) {
    // The commit may have taken place all the same: what was written stays pending until the next run reads the lane's state.
    if (!deps.remembers) return discard(lane, error, deps);
    deps.onFailure(lane, error);
    return uncertainOutcome(lane, error);
  }
}

async function discard(lane: Lane, error: unknown, deps: ReportSinkDeps): Promise<LaneOutcome> {
  deps.onFailure(lane, error);
  // What cannot be discarded now stays pending, and so unseen, until the next run recovers the lane.
  await deps.store.discard([{ lane: lane.key, run: deps.run }]).catch(() => undefined);
  return failedOutcome(lane, error);
}

async function finishIdle(lanes: readonly Lane[], deps: ReportSinkDeps): Promise<readonly LaneOutcome[]> {
  if (lanes.length === 0) return [];
  try {
    for (const lane of lanes) {
      const hits = hitRows(lane, deps);
      if (hits.length > 0) await deps.store.writeAhead({ lane: lane.key, run: deps.run }, hits);
    }
  } catch (error) {
    return Promise.all(lanes.map((lane) => discard(lane, error, deps)));
  }
  const [commit] = await Promise.allSettled([deps.commit(lanes.map((lane) => toCommit(lane, deps)))]);
  return idleOutcomes(lanes, commit, deps);
}

function toCommit(lane: Lane, { run, thresholds, remembers }: ReportSinkDeps): LaneCommit {
  const hasRows =
    lane.counters.reported > 0 || thresholds.hasRows(lane) || (remembers && lane.filtering !== undefined);
  return { state: lane.state, to: lane.window.to, run, hasRows, hasExpired: thresholds.expired.has(lane) };
}

/** Writes a lane's reports, mails, thresholds and filter hits ahead, in bounded pieces. */
async function write(lane: Lane, deps: ReportSinkDeps): Promise<Written> {
  const stamp: Stamp = { lane: lane.key, run: deps.run };
  const rows = new RowBuffer((batch) => deps.store.writeAhead(stamp, batch));
  const labels: string[] = [];
  const recipients = new Set<string>();
  let mails = 0;
  for await (const report of deps.reportsOf(lane)) {
    const { record } = report;
    const { label } = record;
    let part = 0;
    for (const entries of report.entryParts())
      await rows.add({ kind: 'entries', label, part: part++, entries }, entries.length);
    if (report.message !== undefined) await writeMessage(label, report.message, rows);
    await rows.add({ kind: 'report', record }, RECORD_SIZE);
    for (const row of report.outbox) await rows.add({ kind: 'outbox', ...row });
    labels.push(label);
    mails += report.outbox.length;
    for (const row of report.outbox) recipients.add(row.recipient);
  }
  if (deps.remembers) {
    for (const thresholds of thresholdParts(lane, deps.scratch))
      await rows.add({ kind: 'thresholds', ...thresholds }, THRESHOLDS_SIZE);
  }
  for (const hits of hitRows(lane, deps)) await rows.add(hits);
  await rows.flush();
  const [summaryId, ...extraIds] = labels;
  return {
    summaryId: summaryId!,
    extraIds: extraIds.length === 0 ? NO_EXTRAS : extraIds,
    mailTo: toSharedList(recipients, lane.group.settings.emails),
    mails,
  };
}

/** Shared by most of tens of thousands of lanes. */
const NO_EXTRAS: readonly string[] = [];

/** The recipients as a list, which is the group's own where they are the same, to save memory. */
function toSharedList(recipients: ReadonlySet<string>, emails: readonly string[]): readonly string[] {
  const list = [...recipients];
  const same = list.length === emails.length && list.every((recipient, i) => recipient === emails[i]);
  return same ? emails : list;
}

/** Collects rows and writes them in bounded batches, as each write is a transaction. */
class RowBuffer {
  readonly #write: (rows: readonly PendingRow[]) => Promise<void>;
  #rows: PendingRow[] = [];
  #size = 0;

  constructor(write: (rows: readonly PendingRow[]) => Promise<void>) {
    this.#write = write;
  }

  /** @param size estimated bytes */
  async add(row: PendingRow, size = SMALL_SIZE): Promise<void> {
    this.#rows.push(row);
    this.#size += size;
    if (this.#size >= BATCH_BYTES) await this.flush();
  }

  async flush(): Promise<void> {
    if (this.#rows.length === 0) return;
    const rows = this.#rows;
    this.#rows = [];
    this.#size = 0;
    await this.#write(rows);
  }
}

async function writeMessage(
  label: string,
  message: AsyncIterable<Uint8Array>,
  rows: RowBuffer,
): Promise<void> {
  let chunk = 0;
  let pieces: Uint8Array[] = [];
  let size = 0;
  const flush = async () => {
    if (size > 0)
      await rows.add({ kind: 'message', label, chunk: chunk++, bytes: Buffer.concat(pieces) }, size);
    pieces = [];
    size = 0;
  };
  for await (const bytes of message) {
    pieces.push(bytes);
    size += bytes.length;
    if (size >= CHUNK_BYTES) await flush();
  }
  await flush();
}

function hitRows(lane: Lane, { remembers }: ReportSinkDeps): PendingRow[] {
  if (!remembers) return [];
  const { group, window } = lane;
  return [...(lane.filtering ?? [])].map(([filter, hits]) => {
    return { kind: 'hits', group: group.name, filter, hits, at: window.to };
  });
}

/** Thresholds of every reported (class, source), in parts of bounded size; none with a threshold of 0 seconds. */
function* thresholdParts(lane: Lane, scratch: Pick<Scratch, 'keys'>): Generator<ThresholdsPart> {
  const { threshold, relapse } = lane.timing;
  if (threshold === 0) return;
  const thresholdtime = lane.window.to;
  const ttl = thresholdtime + threshold * 1000;
  const times = { thresholdtime, ttl, relapsetime: ttl - relapse * 1000 };
  let part = 0;
  let size = 0;
  let keys: { class: string; sources: string[] }[] = [];
  for (const { class: eventClass, source } of scratch.keys(lane.index)) {
    if (keys.at(-1)?.class !== eventClass) keys.push({ class: eventClass, sources: [] });
    keys.at(-1)!.sources.push(source);
    if (++size < PART_SOURCES) continue;
    yield { part: part++, ...times, keys };
    size = 0;
    keys = [];
  }
  if (size > 0) yield { part, ...times, keys };
}
