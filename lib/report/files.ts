import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { clean } from '../model/clean.ts';
import type { RawEvent } from '../model/event.ts';
import type { Settings } from '../model/group.ts';
import type { ReportFile } from '../model/report.ts';
import { dayOf, type Instant } from '../model/time.ts';
import type { ScratchEvent } from '../scratch/port.ts';
import { csvHead, csvRow } from './export-csv.ts';
import { exportText } from './export-json.ts';
import { writeFileWhole, type ZipMember } from './write-file.ts';

// The record files of a report, and which of them its mail carries.

export interface WrittenFile {
  /** Absolute. */
  readonly path: string;
  readonly file: ReportFile;
}

export interface FilesOrder {
  readonly reportsDir: string;
  readonly label: string;
  /** The day of the label. */
  readonly day: Instant;
  readonly settings: Pick<Settings, 'attachments' | 'compress' | 'maxAttachmentSize'>;
  readonly mailed: boolean;
  /** Reads the report's events again from the start, new ones first. */
  readonly events: () => Iterable<ScratchEvent>;
}

/**
 * Writes `<reportsDir>/<YYYYMMDD>/<label>.json`, and the table when the group wants one; zipped when the group compresses. Attached ones
 * come first. Rejects with a UserError when the medium is at fault, and leaves nothing behind.
 */
export async function writeFiles(order: FilesOrder): Promise<readonly WrittenFile[]> {
  const { attachments, maxAttachmentSize } = order.settings;
  const table = attachments === 'csv' || attachments === 'all';
  const attach = { json: attachments === 'json' || attachments === 'all', csv: table };
  const written: WrittenFile[] = [];
  let room = maxAttachmentSize === 0 ? Infinity : maxAttachmentSize;
  try {
    for (const kind of table ? (['json', 'csv'] as const) : (['json'] as const)) {
      const { path, name, size } = await write(order, kind);
      const wanted = order.mailed && attach[kind];
      const attached = wanted && encodedSize(size) <= room;
      if (attached) room -= encodedSize(size);
      const file: ReportFile = { name, kind, size, attached };
      if (wanted && !attached) file.left_out = 'too-big';
      written.push({ path, file });
    }
  } catch (error) {
    await removeFiles(written);
    throw error;
  }
  return written.sort((a, b) => Number(b.file.attached) - Number(a.file.attached));
}

/** Deletes them; those that are gone are fine. */
export async function removeFiles(files: readonly WrittenFile[]): Promise<void> {
  for (const { path } of files) await rm(path, { force: true });
}

async function write(
  order: FilesOrder,
  kind: 'json' | 'csv',
): Promise<{ path: string; name: string; size: number }> {
  const plain = `${order.label}.${kind}`;
  const name = order.settings.compress ? `${plain}.zip` : plain;
  const path = resolve(join(order.reportsDir, dayOf(order.day), name));
  const lines = kind === 'json' ? jsonLines(order.events()) : csvLines(order.events());
  const member = order.settings.compress ? zipMember(plain, order.day) : undefined;
  return { path, name, size: await writeFileWhole(path, lines, member) };
}

function zipMember(name: string, instant: Instant): ZipMember {
  const date = new Date(instant);
  return {
    name,
    day: { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
  };
}

/** An array, one event a line. */
function* jsonLines(events: Iterable<ScratchEvent>): Iterable<string> {
  let before = '[\n';
  for (const event of events) {
    yield before;
    yield exportText(event.body);
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

function* csvLines(events: Iterable<ScratchEvent>): Iterable<string> {
  yield csvHead();
  for (const event of events) yield csvRow(clean(JSON.parse(event.body) as RawEvent));
}

/** Bytes a file takes in a mail: base64, in lines of 76 characters that end with CRLF. */
export function encodedSize(bytes: number): number {
  const characters = 4 * Math.ceil(bytes / 3);
  return characters + 2 * Math.ceil(characters / 76);
}
