import type { Entry } from '../../model/report.ts';
import type { EntryPlace, WrittenEntry } from '../../scratch/port.ts';
import type { EarlierReport, EarlierReports } from '../request.ts';

/** Kinds of problems of one source that are looked up: more than any host has, fewer than a forger can send. */
const CLASSES = 50;

/** What an extra report answers: for each class that relapsed, the mail that reported it before. */
export class Thread {
  readonly #byClass: ReadonlyMap<string, EarlierReport>;

  private constructor(byClass: ReadonlyMap<string, EarlierReport>) {
    this.#byClass = byClass;
  }

  static readonly none = new Thread(new Map());

  /** @param places of the entries of one source */
  static async of(places: Iterable<EntryPlace>, earlier: EarlierReports): Promise<Thread> {
    const byClass = new Map<string, EarlierReport>();
    let left = CLASSES;
    for (const { part, class: eventClass, source } of places) {
      if (part !== 'relapsed' || left-- === 0) continue;
      const report = await earlier(eventClass, source);
      if (report !== undefined) byClass.set(eventClass, report);
    }
    return new Thread(byClass);
  }

  /** Message-IDs, oldest first, each once. */
  get references(): readonly string[] {
    const reports = [...this.#byClass.values()].sort((a, b) => a.to - b.to);
    return [...new Set(reports.map((report) => report.messageId))];
  }

  /** The same entries; those of a relapsed class name the report that had it before. */
  *marked(entries: Iterable<WrittenEntry>): Generator<WrittenEntry> {
    for (const written of entries) {
      const label = written.part === 'relapsed' ? this.#byClass.get(written.class)?.label : undefined;
      yield label === undefined ? written : { ...written, json: referring(written.json, label) };
    }
  }
}

function referring(json: string, reference: string): string {
  const entry = JSON.parse(json) as Entry;
  return JSON.stringify({ ...entry, reference });
}
