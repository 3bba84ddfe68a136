import type { EventView } from '../model/event/event.ts';
import type { Instant } from '../model/time.ts';
import { unpackHeld } from '../store/held-entries.ts';
import type { Journal } from '../store/port.ts';
import type { HeldPart, Stamp, ThresholdsPart } from '../store/pending-rows.ts';

/** One threshold of a source, without the keys it shares its times with. */
export type Threshold = Pick<ThresholdsPart & Stamp, 'run' | 'thresholdtime' | 'ttl' | 'relapsetime'>;

/** The event in the registry, under one source. */
export interface Held {
  readonly class: string;
  readonly created: Instant;
}

/** What a lane's journal says of an event, by source. */
export interface JournalFacts {
  /** Thresholds of the event's class, the one set last at the end. */
  readonly thresholds: ReadonlyMap<string, readonly Threshold[]>;
  readonly held: ReadonlyMap<string, Held>;
  /** When a run at or after the event's last suppressed an event of this class and source. */
  readonly lastHeld: ReadonlyMap<string, Instant>;
}

/** Reads a lane's journal part by part, and keeps what concerns the event. */
export async function readJournal(
  journal: Journal,
  lane: string,
  event: EventView,
  sources: ReadonlySet<string>,
): Promise<JournalFacts> {
  const thresholds = new Map<string, Threshold[]>();
  for await (const part of journal.thresholds({ lanes: [lane] })) {
    const { run, thresholdtime, ttl, relapsetime } = part;
    const threshold = { run, thresholdtime, ttl, relapsetime };
    for (const key of part.keys) {
      if (key.class !== event.eventClass) continue;
      for (const source of key.sources) {
        if (sources.has(source)) thresholds.set(source, [...(thresholds.get(source) ?? []), threshold]);
      }
    }
  }
  const held = new Map<string, Held>();
  const lastHeld = new Map<string, Instant>();
  // A run suppresses what was stored before its end; no run has this empty name.
  for await (const part of journal.held({ lane, run: '', after: event.storageTime })) {
    for (const { class: eventClass, source } of part.keys) {
      if (eventClass === event.eventClass && sources.has(source))
        lastHeld.set(source, Math.max(lastHeld.get(source) ?? -Infinity, part.created));
    }
    for (const key of keysOf(event.id, part)) {
      const { class: eventClass, source } = part.keys[key]!;
      held.set(source, { class: eventClass, created: part.created });
    }
  }
  return { thresholds, held, lastHeld };
}

/** Numbers of the keys under which a part has the event. Looking for its bytes first saves unpacking nearly every part. */
function keysOf(id: string, { entries }: HeldPart): number[] {
  const bytes = Buffer.from(entries.buffer, entries.byteOffset, entries.byteLength);
  if (!bytes.includes(id, 0, 'latin1')) return [];
  return [...unpackHeld(entries)].flatMap((entry) => (entry.id === id ? [entry.key] : []));
}

/** The threshold that kept an event quiet: of those set before the run that did it the last one, if that ends after the event. */
export function suppressedBy(
  thresholds: readonly Threshold[],
  held: Held,
  stored: Instant,
): Threshold | undefined {
  const before = thresholds.findLast(({ thresholdtime }) => thresholdtime < held.created);
  return before !== undefined && stored < before.ttl ? before : undefined;
}
