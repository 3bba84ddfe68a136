import { basicExpression } from '../../lib/filter/index.ts';
import { LaneCounters } from '../../lib/model/lane-counters.ts';
import type { EventView, RawEvent } from '../../lib/model/event/event.ts';
import type { Group, GroupDocument, WrittenGroup } from '../../lib/model/group/group.ts';
import { parseGroup } from '../../lib/model/group/group-schema.ts';
import { laneKey, type Lane } from '../../lib/model/lane.ts';
import { ObjectView } from '../../lib/model/event/object-view.ts';
import type { Severity } from '../../lib/model/severity.ts';
import { freshState } from '../../lib/store/commit-protocol.ts';

/** 2026-01-06T00:00:00Z: the end of most windows in specs. */
export const END = Date.UTC(2026, 0, 6);
const DAY = 86_400_000;

export interface EventOptions {
  id?: string;
  sources?: readonly string[];
  groups?: readonly string[] | undefined;
  severity?: string | undefined;
  eventClass?: string;
  categories?: readonly string[];
  stored?: number;
  more?: RawEvent;
}

let serial = 0;

/** A good event of the low lane of abuse@example.org, stored in the last hour of the window; every fact can be replaced. */
export function rawEvent(options: EventOptions = {}): RawEvent {
  const { sources = ['192.0.2.1'], stored = END - 3_600_000 } = options;
  const groups = 'groups' in options ? options.groups : ['abuse@example.org'];
  const severity = 'severity' in options ? options.severity : 'low';
  const v6 = sources.filter((source) => source.includes(':'));
  const v4 = sources.filter((source) => !source.includes(':'));
  return {
    Format: 'IDEA0',
    ID: options.id ?? `event-${serial++}`,
    DetectTime: new Date(stored - 1000).toISOString(),
    Category: options.categories ?? ['Recon.Scanning'],
    Source: [{ IP4: v4, IP6: v6 }],
    _CESNET: {
      StorageTime: new Date(stored).toISOString(),
      ...(groups === undefined ? {} : { ResolvedAbuses: groups }),
      ...(severity === undefined ? {} : { EventSeverity: severity }),
      EventClass: options.eventClass ?? 'recon-scanning',
    },
    ...options.more,
  };
}

export function event(options: EventOptions = {}): EventView {
  return new ObjectView(rawEvent(options));
}

export function group(document: Partial<GroupDocument> = {}): WrittenGroup {
  const written = { name: 'abuse@example.org', networks: [{ network: '192.0.2.0/24' }], ...document };
  return parseGroup(written, 'spec', basicExpression);
}

export function lane(
  options: { group?: Group; severity?: Severity; index?: number; from?: number; to?: number } = {},
): Lane {
  const { severity = 'low', index = 0, to = END } = options;
  const owner = options.group ?? group();
  const key = laneKey('live', severity, owner.name);
  return {
    key,
    index,
    group: owner,
    severity,
    window: { from: options.from ?? to - DAY, to },
    timing: owner.settings.timings[severity],
    state: freshState(key),
    counters: new LaneCounters(),
    filtering: undefined,
    problems: [],
  };
}
