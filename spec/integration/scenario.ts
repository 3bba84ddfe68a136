import type { GroupDocument, SettingsDocument } from '../../lib/model/group/group.ts';
import type { RawEvent } from '../../lib/model/event/event.ts';
import type { Part, PlacedEntry, ReportRecord } from '../../lib/model/report.ts';
import type { Severity } from '../../lib/model/severity.ts';
import type { Scratch, ScratchEvent } from '../../lib/scratch/port.ts';
import type { Store } from '../../lib/store/port.ts';
import { unpackHeld } from '../../lib/store/held-entries.ts';
import type { OutboxEntry } from '../../lib/store/pending-rows.ts';
import { override } from '../support/override.ts';

/** A small world: who there is, what happened, and when the reporter ran. */
export interface Scenario {
  readonly name: string;
  readonly about: string;
  readonly options?: {
    readonly test_data?: boolean;
    readonly mail_test_mode?: boolean;
    readonly interval?: string;
  };
  readonly groups: readonly (GroupDocument & SettingsDocument & { filters?: { filter_new?: unknown }[] })[];
  readonly runs: readonly { readonly to: string; readonly severity: Severity }[];
  readonly events: readonly RawEvent[];
}

const OWN_KEYS = new Set(['name', 'description', 'enabled', 'networks', 'filters']);

/** The group as the product takes it: a scenario writes settings beside the name. */
export function groupDocument(written: Scenario['groups'][number]): GroupDocument {
  const own = Object.entries(written).filter(([key]) => OWN_KEYS.has(key));
  const settings = Object.fromEntries(Object.entries(written).filter(([key]) => !OWN_KEYS.has(key)));
  const document = Object.fromEntries(own) as unknown as GroupDocument;
  const filters = (document.filters ?? []).map((filter) => {
    const rest = { ...filter } as Record<string, unknown>;
    delete rest['filter_new'];
    return rest as unknown as typeof filter;
  });
  return { ...document, filters, settings };
}

/** Neighbouring runs with the same upper bound are one run of several severities. */
export function runsOf(scenario: Scenario): { to: string; severities: Severity[] }[] {
  const runs: { to: string; severities: Severity[] }[] = [];
  for (const { to, severity } of scenario.runs) {
    if (runs.at(-1)?.to === to) runs.at(-1)!.severities.push(severity);
    else runs.push({ to, severities: [severity] });
  }
  return runs;
}

type Sources = Record<string, Partial<Record<Part, [id: string, eventClass: string][]>>>;

/** What a lane's run wrote, seen from outside. */
export interface Written {
  readonly records: ReportRecord[];
  readonly outbox: OutboxEntry[];
  readonly held: [id: string, eventClass: string, source: string][];
  sources: Sources;
}

/** Watches a store and a scratch and notes per lane what is written. */
export class Recorder {
  lanes = new Map<string, Written>();
  #events = new Map<number, ScratchEvent[]>();

  of(lane: string): Written {
    let written = this.lanes.get(lane);
    if (written === undefined)
      this.lanes.set(lane, (written = { records: [], outbox: [], held: [], sources: {} }));
    return written;
  }

  watchStore(store: Store): Store {
    const writeAhead: Store['lanes']['writeAhead'] = (stamp, rows) => {
      const written = this.of(stamp.lane);
      const entries: PlacedEntry[] = [];
      for (const row of rows) {
        if (row.kind === 'outbox') written.outbox.push(row);
        if (row.kind === 'entries') entries.push(...(JSON.parse(row.entries) as PlacedEntry[]));
        if (row.kind === 'report') written.records.push(row.record);
        if (row.kind === 'held') {
          for (const { id, key } of unpackHeld(row.entries)) {
            const { class: eventClass, source } = row.keys[key]!;
            written.held.push([id, eventClass, source]);
          }
        }
      }
      if (entries.length > 0) written.sources = this.#sourcesOf(entries);
      return store.lanes.writeAhead(stamp, rows);
    };
    return override(store, { lanes: override(store.lanes, { writeAhead }) });
  }

  watchScratch(scratch: Scratch): Scratch {
    return override(scratch, {
      clear: () => {
        this.#events.clear();
        scratch.clear();
      },
      addEvent: (lane, event) => {
        this.#events.set(lane, [...(this.#events.get(lane) ?? []), event]);
        scratch.addEvent(lane, event);
      },
    });
  }

  /** With the events they were made of: those of the lane of the scratch that has just these entries. */
  #sourcesOf(entries: readonly PlacedEntry[]): Sources {
    const wanted = JSON.stringify([...new Set(entries.map(placeOf))].sort());
    const found = new Map<string, Sources>();
    for (const events of this.#events.values()) {
      const sources = sourcesOf(events);
      if (JSON.stringify(placesOf(sources)) === wanted) found.set(JSON.stringify(sources), sources);
    }
    if (found.size !== 1) throw new Error(`${found.size} lanes have the entries ${wanted}`);
    return [...found.values()][0]!;
  }
}

function placeOf({
  source,
  part,
  class: eventClass,
}: Pick<PlacedEntry, 'source' | 'part' | 'class'>): string {
  return JSON.stringify([source, part, eventClass]);
}

function placesOf(sources: Sources): string[] {
  const places = new Set<string>();
  for (const [source, parts] of Object.entries(sources)) {
    for (const [part, events] of Object.entries(parts) as [Part, [string, string][]][])
      for (const [, eventClass] of events) places.add(placeOf({ source, part, class: eventClass }));
  }
  return [...places].sort();
}

function sourcesOf(events: readonly ScratchEvent[]): Sources {
  const sources: Sources = {};
  for (const event of events) {
    for (const source of event.sources) {
      const list = ((sources[source] ??= {})[event.part] ??= []);
      list.push([event.id, event.eventClass]);
      list.sort();
    }
  }
  return sources;
}
