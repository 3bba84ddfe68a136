import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Settings } from '../../model/group/group.ts';
import type { ReportFile } from '../../model/report.ts';
import { dayOf, type Instant } from '../../model/time.ts';
import type { ScratchEvent } from '../../scratch/port.ts';
import { encodedSize, firstEvents, fittingEvents, fittingZipped } from './cut-copy.ts';
import { eventLines, EVENT_KINDS, type EventKind } from './event-lines.ts';
import { writeFileWhole, type ZipMember } from './write-file.ts';

// The record files of a report, and what its mail carries of them.

export interface Placed {
  /** Absolute. */
  readonly path: string;
}

export interface WrittenFile extends Placed {
  readonly file: ReportFile;
}

/** A small file that a mail carries whole or not at all. */
export interface Document {
  /** Without the label: `.xarf.json`. */
  readonly suffix: string;
  readonly kind: Exclude<ReportFile['kind'], EventKind>;
  /** Events it speaks of. */
  readonly events: number;
  readonly text: string;
}

export interface FilesOrder {
  readonly reportsDir: string;
  readonly label: string;
  /** The day of the label. */
  readonly day: Instant;
  readonly settings: Pick<Settings, 'attachments' | 'compress' | 'maxAttachmentSize'>;
  readonly mailed: boolean;
  /** Number of events that `events` gives. */
  readonly count: number;
  /** Reads the report's events again from the start, new ones first. */
  readonly events: () => Iterable<ScratchEvent>;
  /** Always attached, because the group asked for them by a setting of their own. */
  readonly documents?: readonly Document[];
}

/** Where mails and records say that a report's files lie, below the folder of reports: `<YYYYMMDD>/<name>`. */
export function placeOfFile(day: Instant, name: string): string {
  return `${dayOf(day)}/${name}`;
}

/** The absolute path of a file of that day's reports. */
export function pathOfFile(reportsDir: string, day: Instant, name: string): string {
  return resolve(join(reportsDir, placeOfFile(day, name)));
}

/**
 * Writes `<reportsDir>/<YYYYMMDD>/<label>.json` with all events, and the table when the group wants one; zipped when the group compresses.
 * Beside a file that is too big for a mail lies `<label>.cut.json`: what the mail carries in its place, as many of its events as fit. Attached
 * ones come first. The same events give the same bytes. Rejects with a UserError when they cannot be written, and leaves nothing behind.
 */
export async function writeFiles(order: FilesOrder): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = [];
  try {
    for (const document of order.documents ?? []) written.push(await writeDocument(order, document));
    for (const kind of EVENT_KINDS) {
      if (kind === 'csv' && !wants(order, 'csv')) continue;
      written.push(await writeEvents(order, kind, order.count));
    }
    if (order.mailed) await attach(order, written);
  } catch (error) {
    await removeFiles(written);
    throw error;
  }
  return written.sort((a, b) => Number(b.file.attached) - Number(a.file.attached));
}

/** Deletes files; missing ones are fine. */
export async function removeFiles(files: readonly Placed[]): Promise<void> {
  for (const { path } of files) await rm(path, { force: true });
}

/**
 * Divides the room of a mail: smaller files first, each at most an equal part of the rest, so that a small table goes whole beside a
 * big file. Adds the cut copies to `written`.
 */
async function attach(order: FilesOrder, written: WrittenFile[]): Promise<void> {
  const { maxAttachmentSize } = order.settings;
  const wanted = written.filter(({ file }) => file.kind === 'xarf' || wants(order, file.kind));
  const bySize = [...wanted].sort((a, b) => a.file.size - b.file.size);
  let room = maxAttachmentSize === 0 ? Infinity : maxAttachmentSize;
  for (const [i, { file }] of bySize.entries()) {
    const share = Math.floor(room / (bySize.length - i));
    const size = encodedSize(file.size);
    if (size <= share) {
      file.attached = true;
      room -= size;
      continue;
    }
    const copy = file.kind === 'xarf' ? undefined : await writeCutCopy(order, file.kind, share);
    file.left_out = copy === undefined ? 'too-big' : 'cut';
    if (copy === undefined) continue;
    copy.file.attached = true;
    copy.file.cut_of = file.name;
    written.push(copy);
    room -= encodedSize(copy.file.size);
  }
}

function wants({ settings: { attachments } }: FilesOrder, kind: EventKind): boolean {
  return attachments === kind || attachments === 'all';
}

/** The first events, as many as the room takes; undefined when it takes none. */
async function writeCutCopy(
  order: FilesOrder,
  kind: EventKind,
  room: number,
): Promise<WrittenFile | undefined> {
  let fits = order.settings.compress
    ? await fittingZipped(kind, order.events, room, `${order.label}.cut.${kind}`)
    : fittingEvents(kind, order.events(), room);
  while (fits > 0) {
    const copy = await writeEvents(order, kind, fits);
    if (encodedSize(copy.file.size) <= room) return copy;
    // Compressed in one go it should be smaller than in pieces; nothing promises that.
    await removeFiles([copy]);
    fits = Math.floor(fits * 0.9);
  }
  return undefined;
}

async function writeEvents(order: FilesOrder, kind: EventKind, count: number): Promise<WrittenFile> {
  const whole = count === order.count;
  const events = whole ? order.events() : firstEvents(order.events(), count);
  const suffix = whole ? `.${kind}` : `.cut.${kind}`;
  return write(order, { suffix, kind, events: count, lines: eventLines(kind, events) });
}

function writeDocument(order: FilesOrder, { text, ...document }: Document): Promise<WrittenFile> {
  return write(order, { ...document, lines: [text] }, false);
}

async function write(
  { reportsDir, label, day, settings }: FilesOrder,
  content: Omit<Document, 'text' | 'kind'> & {
    readonly kind: ReportFile['kind'];
    readonly lines: Iterable<string>;
  },
  compress = settings.compress,
): Promise<WrittenFile> {
  const plain = `${label}${content.suffix}`;
  const name = compress ? `${plain}.zip` : plain;
  const path = pathOfFile(reportsDir, day, name);
  const size = await writeFileWhole(path, content.lines, compress ? zipMember(plain, day) : undefined);
  return { path, file: { name, kind: content.kind, size, events: content.events, attached: false } };
}

function zipMember(name: string, instant: Instant): ZipMember {
  const date = new Date(instant);
  return {
    name,
    day: { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() },
  };
}
