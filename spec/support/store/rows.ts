import type { PlacedEntry, ReportRecord } from '../../../lib/model/report.ts';
import { formatInstant } from '../../../lib/model/time.ts';
import type { LaneCommit, Store } from '../../../lib/store/port.ts';
import { HeldEntries } from '../../../lib/store/held-entries.ts';
import { commitLanes, freshState } from '../../../lib/store/commit-protocol.ts';
import type {
  HeldPart,
  OutboxEntry,
  PendingRow,
  Stamp,
  ThresholdsPart,
} from '../../../lib/store/pending-rows.ts';
import type { LaneState } from '../../../lib/model/lane.ts';

/** 2026-11-10T00:00:00Z. */
export const T0 = 1_794_268_800_000;
export const HOUR = 3_600_000;
export const LANE = 'live/low/abuse@example.org';

export function stamp(run: string, lane = LANE): Stamp {
  return { lane, run };
}

export function thresholds(more: Partial<ThresholdsPart> = {}): PendingRow {
  const thresholdtime = more.thresholdtime ?? T0;
  const ttl = thresholdtime + 6 * HOUR;
  const keys = [{ class: 'recon-scanning', sources: ['192.0.2.1'] }];
  return { kind: 'thresholds', part: 0, thresholdtime, ttl, relapsetime: ttl - HOUR, keys, ...more };
}

export function held(ids: readonly string[], more: Partial<HeldPart> = {}): PendingRow {
  const entries = new HeldEntries();
  const key = entries.addKey('recon-scanning', '192.0.2.1');
  for (const id of ids) entries.add(key, id);
  return { kind: 'held', part: 0, created: T0, keys: entries.keys, entries: entries.bytes(), ...more };
}

export function hits(filter: string, count: number, at = T0, group = 'abuse@example.org'): PendingRow {
  return { kind: 'hits', group, filter, hits: count, at };
}

export function report(label: string, more: Partial<ReportRecord> = {}): PendingRow & { kind: 'report' } {
  const record: ReportRecord = {
    label,
    type: 'summary',
    severity: 'low',
    group: 'abuse@example.org',
    track: 'live',
    parent: null,
    children: [],
    source: null,
    run: 'run',
    createtime: formatInstant(T0),
    dt_from: formatInstant(T0 - HOUR),
    dt_to: formatInstant(T0),
    delta: 3600,
    flag_testdata: false,
    flag_mailed: true,
    mail_to: ['abuse@example.org'],
    subject: 'one',
    message: 'text of the mail',
    message_id: `<${label}@example.org>`,
    statistics: { cnt_alerts: 1, cnt_events: 1, cnt_recurring: 0, cnt_unique: 1, ips: { '192.0.2.1': 1 } },
    timeline: { width: 60, regular: { [formatInstant(T0 - HOUR)]: 1 }, relapsed: {} },
    filtering: {},
    filter_faults: [],
    structured_data: { timezone: 'UTC', regular: {}, relapsed: {}, entries_left_out: 0 },
    extra_left_out: 0,
    files: [],
    ...more,
  };
  return { kind: 'report', record };
}

export function entry(source: string, events = 1): PlacedEntry {
  const time = formatInstant(T0);
  const body = { first_time: time, last_time: time, event_count: events, detector_data: {} };
  return { part: 'regular', class: 'recon-scanning', source, entry: body };
}

export function entries(label: string, part: number, of: readonly PlacedEntry[]): PendingRow {
  return { kind: 'entries', label, part, entries: JSON.stringify(of) };
}

export function message(label: string, chunk: number, bytes: string | Uint8Array): PendingRow {
  return { kind: 'message', label, chunk, bytes: typeof bytes === 'string' ? Buffer.from(bytes) : bytes };
}

export function outbox(label: string, more: Partial<OutboxEntry> = {}): PendingRow {
  const sender = 'reporter@example.org';
  return {
    kind: 'outbox',
    label,
    number: 1,
    recipient: 'abuse@example.org',
    sender,
    way: 'wire',
    next: T0,
    ...more,
  };
}

/** The commit of a lane's run that wrote rows. */
export function commitOf(state: LaneState, run: string, to: number): LaneCommit {
  return { state, to, run, hasRows: true, hasExpired: true };
}

/** Writes rows of a lane's run, and makes them live. */
export async function settle(
  store: Store,
  run: string,
  rows: readonly PendingRow[],
  lane = LANE,
): Promise<void> {
  await store.lanes.writeAhead({ lane, run }, rows);
  await store.lanes.publish([{ lane, run }]);
}

/** Commits a lane from the state it has. */
export async function advance(store: Store, run: string, to: number, lane = LANE): Promise<boolean> {
  const state = (await store.lanes.states([lane])).get(lane) ?? freshState(lane);
  const [done] = await commitLanes(store, [commitOf(state, run, to)]);
  return done === true;
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
