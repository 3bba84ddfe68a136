import type { ReportFile, ReportRecord } from '../../model/report.ts';
import type { Words } from '../render/words.ts';

// What can be taken along from a page: the record and the entries inside it, the files beside it.

/** Bytes of one download inside a page: as a URI it must stay below the 2 MiB that browsers take. */
const INSIDE = 1_500_000;

export interface DownloadView {
  readonly name: string;
  /** A `data:` URI or a file beside; null when it is neither, and `note` says why. */
  readonly href: string | null;
  readonly about: string;
  readonly size: string;
  readonly note: string | null;
}

/** The table of entries, cut by whole rows to what a page carries. */
export class EntriesTable {
  readonly #pieces: string[];
  #size: number;
  #rows = 0;
  #leftOut = 0;

  constructor(head: string) {
    this.#pieces = [head];
    this.#size = Buffer.byteLength(head);
  }

  add(row: string): void {
    this.#size += Buffer.byteLength(row);
    // Once one did not fit, no later one is taken: what is left out is the end.
    if (this.#leftOut > 0 || this.#size > INSIDE) this.#leftOut++;
    else {
      this.#pieces.push(row);
      this.#rows++;
    }
  }

  view(label: string, words: Words): DownloadView {
    const text = this.#pieces.join('');
    const { t } = words;
    return {
      name: `${label}.entries.csv`,
      href: dataUri('text/csv;charset=utf-8', text),
      about: t('page.download.entries', { count: this.#rows }),
      size: words.size(Buffer.byteLength(text)),
      note: this.#leftOut === 0 ? null : t('page.download.rows_left_out', { count: this.#leftOut }),
    };
  }
}

export function recordDownload(record: ReportRecord, words: Words): DownloadView {
  const text = `${JSON.stringify(record, null, 1)}\n`;
  const size = Buffer.byteLength(text);
  const fits = size <= INSIDE;
  return {
    name: `${record.label}.record.json`,
    href: fits ? dataUri('application/json', text) : null,
    about: words.t('page.download.record'),
    size: words.size(size),
    note: fits ? null : words.t('page.download.record_too_big', { label: record.label }),
  };
}

/** @param beside the page lies where the files do, so that a link reaches them */
export function fileDownloads(record: ReportRecord, beside: boolean, words: Words): DownloadView[] {
  return record.files.map((file) => ({
    name: file.name,
    href: beside ? encodeURIComponent(file.name) : null,
    about: words.t(`page.download.${kindOf(file)}`, { count: file.events }),
    size: words.size(file.size),
    note: noteOf(file, words),
  }));
}

function kindOf(file: ReportFile): string {
  return file.cut_of === undefined ? file.kind : `${file.kind}_cut`;
}

function noteOf(file: ReportFile, { t }: Words): string {
  if (file.attached) return t('page.download.attached');
  return t(
    file.left_out === undefined ? 'page.download.not_attached' : `page.download.left_out.${file.left_out}`,
  );
}

function dataUri(type: string, text: string): string {
  return `data:${type};base64,${Buffer.from(text).toString('base64')}`;
}
