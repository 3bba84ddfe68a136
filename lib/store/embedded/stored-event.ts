import { parseSource, type EventView, type RawEvent, type Source } from '../../model/event/event.ts';
import type { EventAddresses } from '../../model/event/event-addresses.ts';
import { readFallback } from '../../model/event/object-view.ts';
import type { Instant } from '../../model/time.ts';
import type { Database, Statement } from './database.ts';
import { decodeText } from './text.ts';

/** The columns of a head in the order of {@link HEAD_COLUMNS}. */
export type HeadRow = readonly [
  seq: number,
  storageTime: number,
  id: string,
  eventClass: string,
  sources: string | null,
  fallback: string | null,
  groups: string | null,
];

/** Longer sources and groups, in bytes, are read on demand, so that a page of heads stays small. */
const LONG = 4096;

/** Columns of a {@link HeadRow}, of `heads h`. */
export const HEAD_COLUMNS = `h.seq, h.storagetime, h.id, h.class, ${shortOf('sources')}, h.fallback, ${shortOf('groups')}`;

function shortOf(column: string): string {
  return `CASE WHEN octet_length(h.${column}) <= ${LONG} THEN h.${column} END`;
}

/** Larger bodies, in bytes, are never prefetched with their batch. */
const LARGE = 16_384;

/** The keys that most filters read, for which the whole event need not be parsed. */
const EXCERPT_KEYS: readonly string[] = ['Category', 'Source', 'Node'];
const EXCERPT: ReadonlySet<string> = new Set(EXCERPT_KEYS);

const ADDRESS_SEPARATOR = ' ';
const MAX_LISTS = 4096;

/** Begins the text of an unreadable address, which is percent-encoded. */
const UNREADABLE = '!';

/** The addresses of an event as one text; readable addresses do not contain the separator. */
export function packAddresses({ sources, unreadable }: EventAddresses): string {
  const marked = unreadable.map((text) => UNREADABLE + encodeURIComponent(text.toWellFormed()));
  return [...sources.map((source) => source.text), ...marked].join(ADDRESS_SEPARATOR);
}

function unpackAddresses(packed: string): EventAddresses {
  const texts = packed === '' ? [] : packed.split(ADDRESS_SEPARATOR);
  if (!packed.includes(UNREADABLE)) return { sources: texts.map(parseSource), unreadable: NONE };
  const [marked, readable] = [true, false].map((is) =>
    texts.filter((text) => text.startsWith(UNREADABLE) === is),
  );
  return {
    sources: readable!.map(parseSource),
    unreadable: marked!.map((text) => decodeURIComponent(text.slice(UNREADABLE.length))),
  };
}

const NONE: readonly string[] = [];

/** The groups of an event as one text. */
export function packGroups(groups: readonly string[]): string {
  return JSON.stringify(groups);
}

/** The part of an event that most filters read, as JSON. */
export function packExcerpt(raw: RawEvent): string {
  return JSON.stringify(Object.fromEntries(EXCERPT_KEYS.map((key) => [key, raw[key]])));
}

function isExcerpt(keys: ReadonlySet<string>): boolean {
  for (const key of keys) if (!EXCERPT.has(key)) return false;
  return true;
}

/** Reads the parts of events that are loaded on demand. */
export class EventDetails {
  readonly #body: Statement<[string]>;
  readonly #bodies: Statement<[seq: number, body: string]>;
  readonly #excerpts: Statement<[seq: number, excerpt: string]>;
  readonly #sources: Statement<[string]>;
  readonly #groups: Statement<[string | null]>;
  /** Lists of groups by their text, which most events of a slice share. */
  readonly #lists = new Map<string, readonly string[]>();

  constructor(db: Database) {
    this.#body = db.prepare('SELECT body FROM bodies WHERE seq = ?');
    this.#bodies = db.prepare(
      `SELECT b.seq, b.body FROM json_each(?) i CROSS JOIN bodies b ON b.seq = i.value WHERE octet_length(b.body) <= ${LARGE}`,
    );
    this.#excerpts = db.prepare(
      `SELECT e.seq, e.excerpt FROM json_each(?) i CROSS JOIN excerpts e ON e.seq = i.value WHERE octet_length(e.excerpt) <= ${LARGE}`,
    );
    this.#sources = db.prepare('SELECT sources FROM heads WHERE seq = ?');
    this.#groups = db.prepare('SELECT groups FROM heads WHERE seq = ?');
  }

  body(seq: number): string {
    return this.#body.get(seq)![0];
  }

  /** Reads the excerpts (when they suffice) or bodies of a batch at once, in half the time of single reads. */
  prefetch(batch: readonly StoredEvent[], fields: ReadonlySet<string>): void {
    const bySeq = new Map(batch.map((event) => [event.seq, event]));
    const seqs = JSON.stringify([...bySeq.keys()]);
    if (isExcerpt(fields)) {
      for (const [seq, excerpt] of this.#excerpts.all(seqs)) bySeq.get(seq)?.setExcerpt(excerpt);
    } else {
      for (const [seq, body] of this.#bodies.all(seqs)) bySeq.get(seq)?.setBody(body);
    }
  }

  addresses(seq: number, packed: string | null): EventAddresses {
    return unpackAddresses(packed ?? this.#sources.get(seq)![0]);
  }

  groups(seq: number, packed: string | null): readonly string[] | undefined {
    if (packed === null) {
      const long = this.#groups.get(seq)![0];
      return long === null ? undefined : (JSON.parse(long) as string[]);
    }
    let groups = this.#lists.get(packed);
    if (groups === undefined) {
      if (this.#lists.size >= MAX_LISTS) this.#lists.clear();
      this.#lists.set(packed, (groups = JSON.parse(packed) as string[]));
    }
    return groups;
  }
}

/** An event's view on its head; sources are parsed and the body is read on demand. */
export class StoredEvent implements EventView {
  readonly invalid = undefined;
  readonly severity: string | undefined;
  readonly test: boolean;
  readonly #head: HeadRow;
  readonly #details: EventDetails;
  #class: string | undefined;
  #addresses: EventAddresses | undefined;
  #groups: readonly string[] | undefined;
  #text: string | undefined;
  #raw: RawEvent | undefined;
  #excerptText: string | undefined;
  #excerpt: RawEvent | undefined;

  constructor(head: HeadRow, severity: string | undefined, test: boolean, details: EventDetails) {
    this.#head = head;
    this.severity = severity;
    this.test = test;
    this.#details = details;
  }

  get seq(): number {
    return this.#head[0];
  }

  get id(): string {
    return this.#head[2];
  }

  get storageTime(): Instant {
    return this.#head[1];
  }

  get eventClass(): string {
    return (this.#class ??= decodeText(this.#head[3]));
  }

  get sources(): readonly Source[] {
    return this.#readAddresses().sources;
  }

  get unreadable(): readonly string[] {
    return this.#readAddresses().unreadable;
  }

  #readAddresses(): EventAddresses {
    return (this.#addresses ??= this.#details.addresses(this.#head[0], this.#head[4]));
  }

  get fallback(): Source {
    const text = this.#head[5];
    return text === null ? readFallback(this.body()) : { text: decodeText(text), range: undefined };
  }

  get groups(): readonly string[] | undefined {
    return (this.#groups ??= this.#details.groups(this.#head[0], this.#head[6]));
  }

  body(keys?: ReadonlySet<string>): RawEvent {
    if (this.#excerptText !== undefined && this.#raw === undefined && keys !== undefined && isExcerpt(keys)) {
      return (this.#excerpt ??= JSON.parse(this.#excerptText) as RawEvent);
    }
    return (this.#raw ??= JSON.parse(this.bodyText()) as RawEvent);
  }

  bodyText(): string {
    return this.#text ?? this.#details.body(this.#head[0]);
  }

  setExcerpt(text: string): void {
    this.#excerptText = text;
  }

  setBody(text: string): void {
    this.#text = text;
  }
}
