import {
  OUTBOX_STATES,
  type OutboxChange,
  type OutboxRow,
  type OutboxState,
  type OutboxStore,
} from '../../../lib/store/port.ts';
import type { Stamp } from '../../../lib/store/pending-rows.ts';
import type { Instant } from '../../../lib/model/time.ts';
import { chunksOf, LABEL } from './builders.ts';

/** An outbox in memory: compare-and-set as the real ones do it, and a log of all state changes. */
export class MemoryOutbox implements OutboxStore {
  readonly rows = new Map<string, OutboxRow>();
  readonly messages = new Map<string, string>();
  /** `id: state` of every change that took place. */
  readonly history: string[] = [];
  /** Runs before each change; for a second process that comes in between. */
  beforeChange: (row: OutboxRow, change: OutboxChange) => void = () => undefined;
  readonly sweeps: Instant[] = [];

  add(own: Partial<OutboxRow> = {}): OutboxRow {
    const label = own.label ?? LABEL;
    const number = own.number ?? 1;
    const row: OutboxRow = {
      id: `${label}/${number}`,
      lane: 'live/medium/abuse@victim.example',
      run: 'run-1',
      label,
      number,
      recipient: 'abuse@victim.example',
      sender: 'reports@mentat.example',
      way: 'wire',
      next: 0,
      state: 'queued',
      attempt: 0,
      lease: undefined,
      since: undefined,
      reply: undefined,
      reason: undefined,
      stripped: 0,
      holder: undefined,
      ...own,
    };
    this.rows.set(row.id, row);
    if (!this.messages.has(label)) this.messages.set(label, `Subject: ${label}\r\n\r\nwhole\r\n`);
    return row;
  }

  get(label = LABEL, number = 1): OutboxRow {
    return this.rows.get(`${label}/${number}`)!;
  }

  due(now: Instant, limit: number, way: string, run?: string): Promise<readonly OutboxRow[]> {
    const waits = (row: OutboxRow) =>
      row.state === 'sending'
        ? row.lease !== undefined && row.lease <= now
        : ['queued', 'deferred', 'ambiguous'].includes(row.state) && row.next <= now;
    const found = [...this.rows.values()].filter(
      (row) => waits(row) && row.way === way && (run === undefined || row.run === run),
    );
    return Promise.resolve(found.sort((a, b) => a.next - b.next).slice(0, limit));
  }

  sending(way: string): Promise<readonly OutboxRow[]> {
    return Promise.resolve(
      [...this.rows.values()].filter((row) => row.state === 'sending' && row.way === way),
    );
  }

  change(row: OutboxRow, change: OutboxChange): Promise<boolean> {
    this.beforeChange(row, change);
    const kept = this.rows.get(row.id);
    if (kept?.state !== row.state || kept.attempt !== row.attempt) return Promise.resolve(false);
    this.rows.set(row.id, { ...kept, ...change });
    this.history.push(`${row.id}: ${change.state ?? row.state}`);
    return Promise.resolve(true);
  }

  message(_run: string, label: string): AsyncIterable<Uint8Array> {
    return chunksOf(this.messages.get(label) ?? '');
  }

  list(): Promise<readonly OutboxRow[]> {
    return Promise.resolve([...this.rows.values()]);
  }

  ofReport({ lane, run }: Stamp, label: string): Promise<readonly OutboxRow[]> {
    const own = (row: OutboxRow) => row.lane === lane && row.run === run && row.label === label;
    return Promise.resolve([...this.rows.values()].filter(own).sort((a, b) => a.number - b.number));
  }

  counts(): Promise<Readonly<Record<OutboxState, number>>> {
    const count = (state: OutboxState) => [...this.rows.values()].filter((row) => row.state === state).length;
    return Promise.resolve(
      Object.fromEntries(OUTBOX_STATES.map((state) => [state, count(state)])) as Record<OutboxState, number>,
    );
  }

  sweep(finalBefore: Instant): Promise<void> {
    this.sweeps.push(finalBefore);
    return Promise.resolve();
  }
}
