import { sourceOf, type EventView, type Source } from '../model/event/event.ts';
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

/** What a lane keeps quiet and was not written yet. */
interface Waiting {
  readonly entries: HeldEntries;
  /** Where each key of `entries` lies in the table of thresholds. */
  readonly slots: number[];
}

/** Entries of one held part, and entries of all lanes together that may wait to be written: about 10 MB. */
const PART_ENTRIES = 5000;
const WAITING_ENTRIES = 100_000;
/** Parts on their way to the store at a time. */
const WRITES_UNDERWAY = 4;

/**
 * The memory of a regular run: reads the lanes' journal and writes the run's part of it ahead. State kept: about 28 bytes a live
 * threshold (see KeyTable), up to 100,000 held entries, and four parts on their way. Guarantees: an event is suppressed by the latest part
 * that names its key; parts that the lane's last commit has worked (`ttl` at or before its `to`) are not looked at, whether or not they were swept; the entries of
 * one event stand next to each other in one held part.
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
  readonly #waiting = new Map<Lane, Waiting>();
  readonly #parts = new Map<Lane, number>();
  readonly #ended = new Set<Lane>();
  readonly #underway = new Set<Promise<void>>();
  #waitingEntries = 0;
  /** By where a key lies in the table: its number among those of the part that last named it. One beyond 16 bits is not found again. */
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

  /** Lanes of which thresholds ended in this window: what those were is to be swept after the commit. Known after `relapses`. */
  get ended(): ReadonlySet<Lane> {
    return this.#ended;
  }

  /** Whether the lane's run wrote anything of its own ahead. */
  wrote(lane: Lane): boolean {
    return this.#parts.has(lane);
  }

  /** Waits until nothing is on its way to the store any more, however that ends. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underway);
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
          this.#hash.of(lane.index, eventClass, sourceOf(text));
          this.#table.set(this.#hash, record);
        }
      }
    }
  }

  suppressedUntil(lane: Lane, eventClass: string, source: Source): Instant {
    if (lane.timing.threshold === 0) return 0;
    return this.#recordOf(lane, eventClass, source)?.ttl ?? 0;
  }

  /** The run that reported this key last, of those whose thresholds were live when this one began; undefined when there is none. */
  reportedBy(lane: Lane, eventClass: string, source: Source): string | undefined {
    return this.#recordOf(lane, eventClass, source)?.run;
  }

  #recordOf(lane: Lane, eventClass: string, source: Source): ThresholdRecord | undefined {
    this.#hash.of(lane.index, eventClass, source);
    const record = this.#table.get(this.#hash);
    return record === undefined ? undefined : this.#records[record];
  }

  hold(lane: Lane, event: EventView, sources: readonly Source[]): Promise<void> | undefined {
    const waiting = this.#waitingOf(lane);
    const { id, eventClass } = event;
    for (const source of sources) waiting.entries.add(this.#numberOf(waiting, lane, eventClass, source), id);
    this.#waitingEntries += sources.length;
    if (waiting.entries.count >= PART_ENTRIES) return this.#write(lane);
    return this.#waitingEntries >= WAITING_ENTRIES ? this.#writeAll() : undefined;
  }

  #waitingOf(lane: Lane): Waiting {
    let waiting = this.#waiting.get(lane);
    if (waiting === undefined) this.#waiting.set(lane, (waiting = { entries: new HeldEntries(), slots: [] }));
    return waiting;
  }

  /**
   * What is suppressed has a threshold, so its place in the table stands for it: most events cost neither the text of their source nor a look at
   * it. The table does not grow while something waits. A key that memory has no room for is named anew for every event.
   */
  #numberOf({ entries, slots }: Waiting, lane: Lane, eventClass: string, source: Source): number {
    this.#hash.of(lane.index, eventClass, source);
    const slot = this.#table.slotOf(this.#hash);
    if (this.#numbers.length !== this.#table.capacity) this.#numbers = new Uint16Array(this.#table.capacity);
    if (slot >= 0) {
      const known = this.#numbers[slot]!;
      if (slots[known] === slot) return known;
      this.#numbers[slot] = slots.length;
    }
    slots.push(slot);
    return entries.addKey(eventClass, source.text);
  }

  async #writeAll(): Promise<void> {
    for (const lane of [...this.#waiting.keys()]) await this.#write(lane);
  }

  /** Sends a part off, and waits only when too many are on their way: that one is confirmed takes longer than filling it. */
  async #write(lane: Lane): Promise<void> {
    const { entries } = this.#waiting.get(lane)!;
    this.#waiting.delete(lane);
    this.#waitingEntries -= entries.count;
    const part = this.#parts.get(lane) ?? 0;
    this.#parts.set(lane, part + 1);
    const created = lane.window.to;
    const row = { kind: 'held', part, created, keys: entries.keys, entries: entries.bytes() } as const;
    const written = this.#store.writeAhead({ lane: lane.key, run: this.#run }, [row]);
    this.#underway.add(written);
    const done = () => this.#underway.delete(written);
    // A write that fails stays among those underway, so that whoever waits next is told.
    written.then(done, () => undefined);
    if (this.#underway.size >= WRITES_UNDERWAY) await Promise.race(this.#underway);
  }

  async *relapses(): AsyncGenerator<Relapse> {
    await this.#writeAll();
    await Promise.all(this.#underway);
    const earliest = await this.#findEnded();
    await this.#load([...this.#ended].filter((lane) => !this.#loaded.has(lane)));
    for (const lane of this.#lanes) {
      const after = earliest.get(lane);
      if (after !== undefined) yield* this.#relapsesOf(lane, after);
    }
  }

  /** Notes the lanes of which thresholds end in this window; of those that can relapse, the earliest threshold time. */
  async #findEnded(): Promise<ReadonlyMap<Lane, Instant>> {
    const earliest = new Map<Lane, Instant>();
    const endedBy = Math.max(...this.#lanes.map((lane) => lane.window.to));
    for await (const part of this.#journal.thresholds({
      lanes: [...this.#byKey.keys()],
      expiredBy: endedBy,
    })) {
      const lane = this.#byKey.get(part.lane);
      if (lane === undefined || part.ttl > lane.window.to) continue;
      this.#ended.add(lane);
      const worked = part.ttl <= (lane.state.to ?? -Infinity);
      if (worked || part.relapsetime >= part.ttl) continue;
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
      const record = this.#endedRecord(lane, key, part.created);
      if (record !== undefined && part.created >= record.relapsetime) triggered.set(this.#hash, 1);
    }
  }

  /** The key's record, when it ended in this window, can relapse, and is what kept this part's events quiet. */
  #endedRecord(lane: Lane, key: HeldKey, created: Instant): ThresholdRecord | undefined {
    const record = this.#recordOf(lane, key.class, sourceOf(key.source));
    if (record === undefined || record.ttl > lane.window.to || record.relapsetime >= record.ttl)
      return undefined;
    return created > record.thresholdtime ? record : undefined;
  }

  *#relapsesIn(lane: Lane, part: HeldPart, triggered: KeyTable): Generator<Relapse> {
    const relapsing = part.keys.map(
      (key) =>
        this.#endedRecord(lane, key, part.created) !== undefined && triggered.get(this.#hash) !== undefined,
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
