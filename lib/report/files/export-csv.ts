import { stringify } from 'csv-stringify/sync';
import {
  readEventContent,
  readEventDetails,
  type EventContent,
  type EventSection,
  type EventDetails,
  type SectionList,
} from '../../model/event/event-content.ts';
import type { RawEvent } from '../../model/event/event.ts';
import { formatInstant, type Instant } from '../../model/time.ts';
import { oneLine } from '../render/plain.ts';

// Events as a table for spreadsheets and older scripts: fixed columns, `;`, CRLF. No cell can become a formula.

/** Stands for a value that an event does not have. */
const MISSING = '-';
/** Stands between the values of one cell: with a comma, `80,443` would be read as a number. */
const BETWEEN = ' | ';
/** Where a spreadsheet may see the beginning of a formula, whatever separates the cells in its locale. */
const FORMULA = /(^|[,;\t"\r\n])(\s*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g;

/** Column names with what stands in them. `src_host` has never held anything and stays for those who count columns. */
const COLUMNS: readonly (readonly [string, (event: EventContent & EventDetails) => string | undefined])[] = [
  ['date_gmt', (e) => timeText(e.created ?? e.detected)],
  ['detected_gmt', (e) => timeText(e.detected)],
  ['analyzer', (e) => joinValues(e.software)],
  ['detector', (e) => e.detector],
  ['classification', (e) => e.description ?? e.note],
  ['categories', (e) => joinValues(e.categories)],
  ['src_ip', (e) => joined(e.sources, 'ips')],
  ['src_host', () => undefined],
  ['src_port', (e) => joined(e.sources, 'Port')],
  ['tgt_port', (e) => joined(e.targets, 'Port')],
  ['src_proto', (e) => joined(e.sources, 'Proto')],
  ['tgt_proto', (e) => joined(e.targets, 'Proto')],
  ['con_cnt', (e) => e.counts.get('ConnCount')?.toString()],
  ['date_ts', (e) => seconds(e.created ?? e.detected)],
  ['detected_ts', (e) => seconds(e.detected)],
  ['note', (e) => e.note],
  ['impact', (e) => e.impact],
];

/** What comes first in the file: the byte order mark that tells spreadsheets of UTF-8, and the header row. */
export function csvHead(names: readonly string[] = COLUMNS.map(([name]) => name)): string {
  return `\ufeff${row(names)}`;
}

export function csvRow(raw: RawEvent): string {
  const event = { ...readEventContent(raw), ...readEventDetails(raw) };
  return csvCells(COLUMNS.map(([, read]) => read(event)));
}

/** A row of such a table: texts from outside, harmless in a spreadsheet. */
export function csvCells(texts: readonly (string | undefined)[]): string {
  return row(texts.map(cell));
}

function row(cells: readonly string[]): string {
  return stringify([cells], { delimiter: ';', record_delimiter: 'windows' });
}

function cell(text: string | undefined): string {
  const plain = oneLine(text ?? '');
  if (plain === '' || plain === MISSING) return MISSING;
  return plain.replace(FORMULA, `$1$2'`);
}

/** Distinct values of all sections; of addresses, IPv4 before IPv6. */
function joined(sections: readonly EventSection[], list: SectionList): string {
  const values = sections.flatMap((section) => section.lists.get(list) ?? []).map(String);
  if (list === 'ips') values.sort((a, b) => Number(a.includes(':')) - Number(b.includes(':')));
  return joinValues(values);
}

/** Distinct values as one cell. */
export function joinValues(values: readonly string[]): string {
  return [...new Set(values)].join(BETWEEN);
}

function timeText(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : formatInstant(instant);
}

function seconds(instant: Instant | undefined): string | undefined {
  return instant === undefined ? undefined : Math.floor(instant / 1000).toString();
}
