import { parseSource, type EventView, type Source } from '../model/event/event.ts';
import type { Lane } from '../model/lane.ts';
import type { Instant } from '../model/time.ts';
import { HeldEntries, unpackHeld } from '../store/held-entries.ts';
import type { Journal, LaneStore } from '../store/port.ts';
import type { HeldKey, HeldPart } from '../store/pending-rows.ts';
import type { KeyHash } from './key-hash.ts';
import { KeyTable, type KeyOverflow } from './key-table.ts';
import type { Thresholds, Relapse } from './thresholds.ts';

/** The times of one thresholds part; all keys of the part share them. */
interface ThresholdRecord {
  readonly run: string;
  readonly thresholdtime: Instant;
  readonly ttl: Instant;
  readonly relapsetime: Instant;
}

/** Held entries of a lane that are not written yet. */
interface Unwritten {
  readonly entries: HeldEntries;
  /** The slot of each key of `entries` in the table of thresholds. */
  readonly slots: (number | undefined)[];
}

/** Entries of one held part. */
const PART_ENTRIES = 5000;
/** Unwritten entries of all lanes together: about 10 MB. */
const MAX_UNWRITTEN = 100_000;
/** Concurrent writes. */
const MAX_WRITES = 4;

/**
 * The thresholds of a regular run: reads the lanes' journal and writes the run's own held parts ahead. State: about 28 bytes a live
 * threshold (see KeyTable), up to 100,000 held entries, and four concurrent writes. Guarantees: an event is suppressed by the latest part
 * that names its key; parts that expired before the lane's last commit (`ttl` at or before its `to`) are ignored, swept or not; the entries
 * of one event stand next to each other in one held part.
 */
export class JournalThresholds implements Thresholds {
  readonly #lanes: readonly Lane[];
  readonly #byKey: ReadonlyMap<string, Lane>;
  readonly #run: string;
  readonly #journal: Pick<Journal, 'thresholds' | 'held'>;
  readonly #store: Pick<LaneStore, 'writeAhead'>;
  readonly #hash: KeyHash;
  readonly #openOverflow: () => KeyOverflow;
  readonly #table: KeyTable;
  readonly #records: ThresholdRecord[] = [];
  readonly #loaded = new Set<Lane>();
  readonly #unwritten = new Map<Lane, Unwritten>();
  readonly #parts = new Map<Lane, number>();
  readonly #expired = new Set<Lane>();
  readonly #writes = new Set<Promise<void>>();
  #unwrittenEntries = 0;
  /** By slot of the table: the key's number in the part that last named it. One beyond 16 bits is not found again. */
  #numbers = new Uint16Array(0);

  constructor(deps: {
    lanes: readonly Lane[];
    run: string;
    journal: Pick<Journal, 'thresholds' | 'held'>;
    store: Pick<LaneStore, 'writeAhead'>;
    hash: KeyHash;
    openOverflow: () => KeyOverflow;
  }) {
    this.#lanes = deps.lanes;
    this.#byKey = new Map(deps.lanes.map((lane) => [lane.key, lane]));
    this.#run = deps.run;
    this.#journal = deps.journal;
    this.#store = deps.store;
    this.#hash = deps.hash;
    this.#openOverflow = deps.openOverflow;
    this.#table = new KeyTable(deps.openOverflow);
  }

  get expired(): ReadonlySet<Lane> {
    return this.#expired;
  }

  hasRows(lane: Lane): boolean {
    return this.#parts.has(lane);
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes);
  }

  load(): Promise<void> | undefined {
    return this.#loaded.size > 0 ? undefined : this.#load(this.#lanes);
  }

  async #load(lanes: readonly Lane[]): Promise<void> {
    for (const lane of lanes) this.#loaded.add(lane);
    for await (const part of this.#journal.thresholds({ lanes: lanes.map((lane) => lane.key) })) {
      const lane = this.#byKey.get(part.lane);
      if (lane === undefined || part.ttl <= (lane.state.to ?? -Infinity)) continue;
      const record = this.#records.length;
      const { run, thresholdtime, ttl, relapsetime } = part;
      this.#records.push({ run, thresholdtime, ttl, relapsetime });
      for (const { class: eventClass, sources } of part.keys) {
        for (const text of sources) {
          this.#hash.of(lane.index, eventClass, parseSource(text));
          this.#table.set(this.#hash, record);
        }
      }
    }
  }

  suppressedUntil(lane: Lane, eventClass: string, source: Source): Instant | undefined {
    return lane.timing.threshold === 0 ? undefined : this.#recordOf(lane, eventClass, source)?.ttl;
  }

  reportedBy(lane: Lane, eventClass: string, source: Source): string | undefined {
    return this.#recordOf(lane, eventClass, source)?.run;
  }

  #recordOf(lane: Lane, eventClass: string, source: Source): ThresholdRecord | undefined {
    this.#hash.of(lane.index, eventClass, source);
    const record = this.#table.get(this.#hash);
    return record === undefined ? undefined : this.#records[record];
  }

  hold(lane: Lane, event: EventView, sources: readonly Source[]): Promise<void> | undefined {
    const unwritten = this.#unwrittenOf(lane);
    const { id, eventClass } = event;
    for (const source of sources)
      unwritten.entries.add(this.#numberOf(unwritten, lane, eventClass, source), id);
    this.#unwrittenEntries += sources.length;
    if (unwritten.entries.count >= PART_ENTRIES) return this.#write(lane);
    return this.#unwrittenEntries >= MAX_UNWRITTEN ? this.#writeAll() : undefined;
  }

  #unwrittenOf(lane: Lane): Unwritten {
    let unwritten = this.#unwritten.get(lane);
    if (unwritten === undefined)
      this.#unwritten.set(lane, (unwritten = { entries: new HeldEntries(), slots: [] }));
    return unwritten;
  }

  /**
   * The number of a key in the part. A suppressed key has a slot in the table, by which it is found again without the text of its source;
   * the table does not grow meanwhile. A key in the overflow is added again for every event.
   */
  #numberOf({ entries, slots }: Unwritten, lane: Lane, eventClass: string, source: Source): number {
    this.#hash.of(lane.index, eventClass, source);
    const slot = this.#table.slotOf(this.#hash);
    if (this.#numbers.length !== this.#table.capacity) this.#numbers = new Uint16Array(this.#table.capacity);
    if (slot !== undefined) {
      const known = this.#numbers[slot]!;
      if (slots[known] === slot) return known;
      this.#numbers[slot] = slots.length;
    }
    slots.push(slot);
    return entries.addKey(eventClass, source.text);
  }

  async #writeAll(): Promise<void> {
    for (const lane of [...this.#unwritten.keys()]) await this.#write(lane);
  }

  /** Begins to write a part, and waits only for a free write: a confirmation takes longer than filling a part. */
  async #write(lane: Lane): Promise<void> {
    const { entries } = this.#unwritten.get(lane)!;
    this.#unwritten.delete(lane);
    this.#unwrittenEntries -= entries.count;
    const part = this.#parts.get(lane) ?? 0;
    this.#parts.set(lane, part + 1);
    const created = lane.window.to;
    const row = { kind: 'held', part, created, keys: entries.keys, entries: entries.bytes() } as const;
    const written = this.#store.writeAhead({ lane: lane.key, run: this.#run }, [row]);
    this.#writes.add(written);
    const done = () => this.#writes.delete(written);
    // A failed write stays in the set, so that the next wait rejects.
    written.then(done, () => undefined);
    if (this.#writes.size >= MAX_WRITES) await Promise.race(this.#writes);
  }

  async *relapses(): AsyncGenerator<Relapse> {
    await this.#writeAll();
    await Promise.all(this.#writes);
    const earliest = await this.#findExpired();
    await this.#load([...this.#expired].filter((lane) => !this.#loaded.has(lane)));
    for (const lane of this.#lanes) {
      const after = earliest.get(lane);
      if (after !== undefined) yield* this.#relapsesOf(lane, after);
    }
  }

  /** Finds the lanes with thresholds that end in this window; returns the earliest threshold time of those that can relapse. */
  async #findExpired(): Promise<ReadonlyMap<Lane, Instant>> {
    const earliest = new Map<Lane, Instant>();
    const expiredBy = Math.max(...this.#lanes.map((lane) => lane.window.to));
    for await (const part of this.#journal.thresholds({
      lanes: [...this.#byKey.keys()],
      expiredBy,
    })) {
      const lane = this.#byKey.get(part.lane);
      if (lane === undefined || part.ttl > lane.window.to) continue;
      this.#expired.add(lane);
      const expired = part.ttl <= (lane.state.to ?? -Infinity);
      if (expired || part.relapsetime >= part.ttl) continue;
      earliest.set(lane, Math.min(earliest.get(lane) ?? Infinity, part.thresholdtime));
    }
    return earliest;
  }

  async *#relapsesOf(lane: Lane, after: Instant): AsyncGenerator<Relapse> {
    const query = { lane: lane.key, run: this.#run, after };
    const triggered = new KeyTable(this.#openOverflow);
    for await (const part of this.#journal.held(query)) this.#trigger(lane, part, triggered);
    for await (const part of this.#journal.held(query)) yield* this.#relapsesIn(lane, part, triggered);
  }

  /** A key relapses when at least one event was suppressed at or after its relapse time. */
  #trigger(lane: Lane, part: HeldPart, triggered: KeyTable): void {
    for (const key of part.keys) {
      const record = this.#expiredRecord(lane, key, part.created);
      if (record !== undefined && part.created >= record.relapsetime) triggered.set(this.#hash, 1);
    }
  }

  /** The key's record, if it expired in this window, can relapse, and suppressed this part's events. */
  #expiredRecord(lane: Lane, key: HeldKey, created: Instant): ThresholdRecord | undefined {
    const record = this.#recordOf(lane, key.class, parseSource(key.source));
    if (record === undefined || record.ttl > lane.window.to || record.relapsetime >= record.ttl)
      return undefined;
    return created > record.thresholdtime ? record : undefined;
  }

  *#relapsesIn(lane: Lane, part: HeldPart, triggered: KeyTable): Generator<Relapse> {
    const relapsing = part.keys.map(
      (key) =>
        this.#expiredRecord(lane, key, part.created) !== undefined && triggered.get(this.#hash) !== undefined,
    );
    let id: string | undefined;
    let keys: HeldKey[] = [];
    for (const entry of unpackHeld(part.entries)) {
      if (entry.id !== id) {
        if (id !== undefined && keys.length > 0) yield { lane, id, keys };
        id = entry.id;
        keys = [];
      }
      if (relapsing[entry.key]) keys.push(part.keys[entry.key]!);
    }
    if (id !== undefined && keys.length > 0) yield { lane, id, keys };
  }
}
