import { MAIN_COUNTS, SECTION_COUNTS } from '../../model/event/event-content.ts';
import type { DetectorData, ValueSet } from '../../model/report.ts';
import { FINISHED_AVERAGE } from './facts.ts';
import { compareValues } from './value-set.ts';

// The facts of an entry that an event class may have displayed, in the order in which they are.

const MAIN_LISTS = ['Description', 'Ref', 'UsernameAndPassword'] as const;
const MAIN_NUMBERS = [...MAIN_COUNTS, FINISHED_AVERAGE] as const;
const SECTION_LISTS = [
  'Port',
  'Hostname',
  'ips',
  'MAC',
  'Proto',
  'URL',
  'Ref',
  'Email',
  'Router',
  'Netname',
  'Interface',
  'BitMask',
  'Ciphers',
  'X509ExpiredTime',
  'services',
] as const;
const SECTION_NUMBERS = [...SECTION_COUNTS, 'ClockSkew'] as const;
/** Protocols of sources and targets together. */
const PROTOCOLS = 'protocols';
/** Number of distinct addresses of a section. */
const IP_COUNT = 'ip_count';

export const MAIN_FIELDS: readonly string[] = [...MAIN_LISTS, PROTOCOLS, ...MAIN_NUMBERS];
export const SECTION_FIELDS: readonly string[] = [...SECTION_LISTS, ...SECTION_NUMBERS, IP_COUNT];

/** One fact that has something to show: a number other than 0, or a set with values. */
export interface Field {
  readonly kind: 'main' | 'source' | 'target';
  readonly name: string;
  readonly value: number | ValueSet;
}

/** What is displayed: field names by kind. */
export interface Displayed {
  readonly main: readonly string[];
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/** What is displayed of a class that is not in the catalogue: whatever one can act on. */
export const DEFAULT_FIELDS: Displayed = {
  main: ['Description', 'ConnCount', 'FlowCount', 'PacketCount', 'ByteCount', PROTOCOLS, 'Ref'],
  source: ['Port', 'Hostname', 'URL', 'Email', 'MAC'],
  target: ['Port', 'ips', 'Hostname', 'URL'],
};

/** The facts of one detector that are displayed and not empty, in order. */
export function displayedFields(data: DetectorData, displayed: Displayed): readonly Field[] {
  const fields: Field[] = [];
  const put = (kind: Field['kind'], name: string, value: number | ValueSet | undefined): void => {
    if (value === undefined || !displayed[kind].includes(name)) return;
    if (typeof value === 'number' ? value !== 0 : value.values.length > 0) fields.push({ kind, name, value });
  };
  for (const name of MAIN_LISTS) put('main', name, data.main_list_data[name]);
  put('main', PROTOCOLS, union(data.source_list_data['Proto'], data.target_list_data['Proto']));
  for (const name of MAIN_NUMBERS) put('main', name, data.main_numeric_data[name]);
  for (const kind of ['source', 'target'] as const) {
    const lists = data[`${kind}_list_data`];
    const numbers = data[`${kind}_numeric_data`];
    for (const name of SECTION_LISTS) put(kind, name, lists[name]);
    for (const name of SECTION_NUMBERS) put(kind, name, numbers[name]);
    put(kind, IP_COUNT, sizeOf(lists['ips']));
  }
  return fields;
}

function sizeOf(set: ValueSet | undefined): number | undefined {
  return set === undefined ? undefined : set.values.length + (set.left_out ?? 0);
}

/** Of sets that were cut, the number left out is the larger one: how many they share is not known. */
function union(a: ValueSet | undefined, b: ValueSet | undefined): ValueSet | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const leftOut = Math.max(a.left_out ?? 0, b.left_out ?? 0);
  const values = [...new Set([...a.values, ...b.values])].sort(compareValues);
  return leftOut === 0 ? { values } : { values, left_out: leftOut, at_least: true };
}
