import type { DetectorData, PlacedEntry, ValueSet } from '../../model/report.ts';
import { csvCells, csvHead, joinValues } from '../files/export-csv.ts';

// The entries of a report as a table for spreadsheets: one row an entry, times in UTC.

type Facts = readonly DetectorData[];

const COLUMNS: readonly (readonly [string, (placed: PlacedEntry, facts: Facts) => string])[] = [
  ['part', ({ part }) => part],
  ['class', (placed) => placed.class],
  ['source', ({ source }) => source],
  ['first_time', ({ entry }) => entry.first_time],
  ['last_time', ({ entry }) => entry.last_time],
  ['event_count', ({ entry }) => String(entry.event_count)],
  ['detectors', ({ entry }) => joinValues(Object.keys(entry.detector_data))],
  ['con_cnt', (_, facts) => sum(facts, 'ConnCount')],
  ['flow_cnt', (_, facts) => sum(facts, 'FlowCount')],
  ['packet_cnt', (_, facts) => sum(facts, 'PacketCount')],
  ['byte_cnt', (_, facts) => sum(facts, 'ByteCount')],
  ['src_port', (_, facts) => values(facts.map((data) => data.source_list_data['Port']))],
  ['src_host', (_, facts) => values(facts.map((data) => data.source_list_data['Hostname']))],
  ['src_proto', (_, facts) => values(facts.map((data) => data.source_list_data['Proto']))],
  ['tgt_ip', (_, facts) => values(facts.map((data) => data.target_list_data['ips']))],
  ['tgt_port', (_, facts) => values(facts.map((data) => data.target_list_data['Port']))],
  ['tgt_proto', (_, facts) => values(facts.map((data) => data.target_list_data['Proto']))],
];

export function entriesCsvHead(): string {
  return csvHead(COLUMNS.map(([name]) => name));
}

export function entriesCsvRow(placed: PlacedEntry): string {
  const facts = Object.values(placed.entry.detector_data);
  return csvCells(COLUMNS.map(([, read]) => read(placed, facts)));
}

function sum(facts: Facts, name: string): string {
  return String(facts.reduce((total, data) => total + (data.main_numeric_data[name] ?? 0), 0));
}

/** Distinct values; `…` stands last where some were cut. */
function values(sets: readonly (ValueSet | undefined)[]): string {
  const found = sets.filter((set) => set !== undefined);
  const all = found.flatMap((set) => set.values).map(String);
  return joinValues(found.some((set) => (set.left_out ?? 0) > 0) ? [...new Set(all), '…'] : all);
}
