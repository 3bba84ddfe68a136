import { hasDuplicateKey } from '../text/duplicate-keys.ts';
import { TEST_CATEGORY, UNKNOWN_CLASS, type EventView, type RawEvent, type Source } from './event.ts';
import { AddressCollector, type EventAddresses } from './event-addresses.ts';
import { LATEST_EVENT_TIME, parseTimestamp, timestampProblem, type Instant } from '../time.ts';
import { maskUrlPasswords } from '../text/url-password.ts';

/** The form of an ID: 1 to 255 of `A-Z a-z 0-9 . _ -`, anchored at the true end. */
const ID = /^[A-Za-z0-9._-]{1,255}$/;

/**
 * The view on an event that is already an object. Reads tolerantly: a scalar where a list is expected counts as a list of one, members that
 * cannot be read count as missing, and only an unusable ID, format or time makes the event invalid.
 */
export class ObjectView implements EventView {
  readonly id: string;
  readonly invalid: string | undefined;
  readonly storageTime: Instant;
  readonly severity: string | undefined;
  readonly groups: readonly string[] | undefined;
  readonly #raw: RawEvent;
  #text: string | undefined;
  #class: string | undefined;
  #addresses: EventAddresses | undefined;

  /** @param text the JSON that `raw` was parsed from, if it may go into a report unchanged unless a key stands in it twice */
  constructor(raw: RawEvent, text?: string) {
    this.#raw = raw;
    this.#text = text;
    const processing = processingData(raw);
    this.id = readId(raw);
    const stored = parseTimestamp(processing?.['StorageTime']);
    this.storageTime = stored ?? parseTimestamp(raw['DetectTime']) ?? NaN;
    this.severity = toText(processing?.['EventSeverity']);
    const groups = toTexts(processing?.['ResolvedAbuses']);
    this.groups = groups.length === 0 ? undefined : groups.length === 1 ? groups : [...new Set(groups)];
    this.invalid = this.#problem(processing);
  }

  /** The value that makes the event invalid. */
  get invalidValue(): unknown {
    const key = this.invalid?.split(' ')[0];
    if (key === undefined) return undefined;
    return (key.startsWith('_') ? processingData(this.#raw)?.['StorageTime'] : this.#raw[key]) ?? null;
  }

  #problem(processing: RawEvent | undefined): string | undefined {
    const format = this.#raw['Format'];
    if (format !== undefined && format !== null && format !== 'IDEA0') return 'Format is not IDEA0';
    if (this.id === '') return 'ID is missing';
    if (!ID.test(this.id)) return 'ID is not 1 to 255 characters of A-Z a-z 0-9 . _ -';
    const problem = timestampProblem(this.#raw['DetectTime']);
    if (problem !== undefined) return `DetectTime ${problem}`;
    const late = OPTIONAL_TIMES.find((key) => isAfterLatest(this.#raw[key]));
    if (late !== undefined) return `${late} is after the year 9000`;
    return isAfterLatest(processing?.['StorageTime'])
      ? '_CESNET.StorageTime is after the year 9000'
      : undefined;
  }

  get eventClass(): string {
    return (this.#class ??= readEventClass(this.#raw));
  }

  get test(): boolean {
    return isTest(this.#raw);
  }

  get sources(): readonly Source[] {
    return this.#readAddresses().sources;
  }

  get unreadable(): readonly string[] {
    return this.#readAddresses().unreadable;
  }

  #readAddresses(): EventAddresses {
    return (this.#addresses ??= readAddresses(this.#raw));
  }

  get fallback(): Source {
    return readFallback(this.#raw);
  }

  body(): RawEvent {
    return this.#raw;
  }

  bodyText(): string {
    const read = JSON.stringify(this.#raw);
    // Of a key that stands twice only the last value was read, so only that may be shown. 2 us for most events, 10 us for the rest.
    if (this.#text === undefined || (this.#text !== read && hasDuplicateKey(this.#text))) this.#text = read;
    return this.#text;
  }
}

/** Times that an event may have beside `DetectTime`. */
export const OPTIONAL_TIMES = ['CreateTime', 'EventTime', 'CeaseTime', 'WinStartTime', 'WinEndTime'] as const;

function isAfterLatest(value: unknown): boolean {
  // Of the calendar form only years from 9000 on need parsing.
  if (value === undefined || (typeof value === 'string' && /^[0-8]\d{3}-/.test(value))) return false;
  return (parseTimestamp(value) ?? -Infinity) > LATEST_EVENT_TIME;
}

/** `_CESNET`, else `_Mentat`; undefined when there is neither. */
export function processingData(raw: RawEvent): RawEvent | undefined {
  return toObject(raw['_CESNET']) ?? toObject(raw['_Mentat']);
}

/** `ID`, else `_id` when it is text, else the empty text. */
function readId(raw: RawEvent): string {
  const id = raw['ID'] ?? raw['_id'];
  return typeof id === 'string' ? id : '';
}

/** EventClass when it is a non-empty text, else the categories, each once, by code point, joined with `/`, else `__unknown__`. */
export function readEventClass(raw: RawEvent): string {
  const name = toText(processingData(raw)?.['EventClass']);
  return name ?? classOfCategories(toTexts(raw['Category']));
}

/** The class that a set of categories stands for; see {@link readEventClass}. */
export function classOfCategories(categories: readonly string[]): string {
  if (categories.length === 0) return UNKNOWN_CLASS;
  if (categories.length === 1) return categories[0]!;
  return [...new Set(categories)].sort(byCodePoint).join('/');
}

export function isTest(raw: RawEvent): boolean {
  const category = raw['Category'];
  return category === TEST_CATEGORY || (Array.isArray(category) && category.includes(TEST_CATEGORY));
}

/** The addresses of all sources. */
export function readAddresses(raw: RawEvent): EventAddresses {
  const collector = new AddressCollector();
  for (const source of toObjects(raw['Source'])) {
    collect(collector, source['IP4'], 4);
    collect(collector, source['IP6'], 6);
  }
  return collector.addresses;
}

function collect(collector: AddressCollector, member: unknown, family: 4 | 6): void {
  for (const value of toList(member)) {
    const text = addressText(value) ?? toText(value);
    if (text !== undefined) collector.add(text, family);
  }
}

/** An address as stored: a text, or an object with the text under `ip` (another writer's layout). */
export function addressText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return toText(toObject(value)?.['ip']);
}

const FALLBACK_KEYS = ['Hostname', 'Email', 'URL', 'MAC'] as const;

/** What stands for the source of an event without addresses: see {@link EventView.fallback}. */
export function readFallback(raw: RawEvent): Source {
  const sources = toObjects(raw['Source']);
  for (const key of FALLBACK_KEYS) {
    for (const source of sources) {
      const text = toTexts(source[key])[0];
      if (text !== undefined) return { text: maskUrlPasswords(text), range: undefined };
    }
  }
  return { text: '-', range: undefined };
}

/** The value as a plain object, or undefined. */
export function toObject(value: unknown): RawEvent | undefined {
  return isObject(value) ? value : undefined;
}

function isObject(value: unknown): value is RawEvent {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as a list: a list as it is, null and undefined as none, anything else as a list of one. */
export function toList(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value === undefined || value === null ? [] : [value];
}

/** The objects in a value that should be a list of objects. */
export function toObjects(value: unknown): readonly RawEvent[] {
  const members = toList(value);
  // As it is in every usual event.
  if (members.every(isObject)) return members;
  return members.filter(isObject);
}

/** The non-empty texts in a value that should be a list of texts; numbers count as their decimal text. */
export function toTexts(value: unknown): readonly string[] {
  return toList(value)
    .map(toText)
    .filter((t) => t !== undefined);
}

/** A non-empty text or a number as text; undefined for anything else. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

/**
 * Orders texts by code point, which is not the order of UTF-16 units beyond U+FFFF: a unit of a pair comes after every other one. Half a pair
 * that stands alone counts as the code point it is. By hand because everything in a report is sorted by it.
 */
export function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)];
    if (left !== right) {
      return left < 0xd800 || right < 0xd800 ? left - right : byPointsAround(a, b, i);
    }
  }
  return a.length - b.length;
}

/** Compares two texts whose first different units, at `i`, may be halves of pairs. */
function byPointsAround(a: string, b: string, i: number): number {
  const start = i > 0 && (a.charCodeAt(i - 1) & 0xfc00) === 0xd800 ? i - 1 : i;
  return a.codePointAt(start)! - b.codePointAt(start)! || a.codePointAt(i)! - b.codePointAt(i)!;
}
