import { isIPv4, parseAddress } from '../network/address.ts';
import type { RawEvent } from './event.ts';
import { Names } from '../names.ts';
import { addressText, eventClassOf, list, objectOf, objects, processingOf, textOf } from './object-view.ts';
import { formatInstant, parseTimestamp, type Instant } from '../time.ts';
import { maskUrlPasswords } from '../text/url-password.ts';

// Reads what a report tells of an event, and nothing else. It never throws and never changes the event: a scalar where a list is
// expected counts as a list of one, members and keys that cannot be read count as missing, text comes out well-formed.

/** Top-level keys that {@link clean} looks at: what a view needs to decode for it. */
export const CLEAN_KEYS: ReadonlySet<string> = new Set(
  (
    'DetectTime EventTime CeaseTime Category Ref Description Source Target Node TLP Credentials _CESNET _Mentat ' +
    'ConnCount FlowCount PacketCount ByteCount FlowCountDropped PacketCountDropped ByteCountDropped AvgPacketSize'
  ).split(' '),
);

/** Counts of the whole event that are summed. */
export const MAIN_COUNTS = [
  'ConnCount',
  'FlowCount',
  'PacketCount',
  'ByteCount',
  'FlowCountDropped',
  'PacketCountDropped',
  'ByteCountDropped',
] as const;

/** Counts of one `Source` or `Target` that are summed. */
export const SECTION_COUNTS = [
  'InFlowCount',
  'OutFlowCount',
  'InPacketCount',
  'OutPacketCount',
  'InByteCount',
  'OutByteCount',
] as const;

export type Value = string | number;
export type SectionList = keyof typeof LISTS | 'services' | 'ips';
export type MainCount = (typeof MAIN_COUNTS)[number];
export type SectionNumber = (typeof SECTION_COUNTS)[number] | 'ClockSkew';

/** One `Source` or `Target`. Lists that are empty are missing. */
export interface CleanSection {
  readonly numbers: Readonly<Names<number, SectionNumber>>;
  readonly lists: Readonly<Names<readonly Value[], SectionList>>;
}

/** A login that was tried. The password itself is never read. */
export interface CleanCredential {
  readonly username: string;
  readonly withPassword: boolean;
}

/** What a report tells of one event (report-relevant part of IDEA0). */
export interface CleanEvent {
  readonly eventClass: string;
  readonly severity: string | undefined;
  /** `EventTime`, else `DetectTime`; 0 when neither can be read, which an event view calls invalid. */
  readonly first: Instant;
  /** `CeaseTime`, else `EventTime`, else `DetectTime`. */
  readonly last: Instant;
  readonly categories: readonly string[];
  readonly groups: readonly string[];
  readonly asns: readonly string[];
  readonly countries: readonly string[];
  readonly tlp: string | undefined;
  /** Name of the last node, which is the one that saw the event. */
  readonly detector: string | undefined;
  /** Programs of the last node. */
  readonly software: readonly string[];
  readonly description: string | undefined;
  readonly counts: Readonly<Names<number, MainCount>>;
  /** Bytes. */
  readonly avgPacketSize: number | undefined;
  readonly refs: readonly string[];
  readonly credentials: readonly CleanCredential[];
  readonly sources: readonly CleanSection[];
  readonly targets: readonly CleanSection[];
}

/** What only a table tells of an event. */
export interface EventDetails {
  readonly created: Instant | undefined;
  readonly detected: Instant | undefined;
  readonly note: string | undefined;
  readonly impact: string | undefined;
}

const NONE: readonly never[] = [];

/** Reads one event; linear in its size, whatever is in it. */
export function clean(raw: RawEvent): CleanEvent {
  const processing = processingOf(raw);
  const node = objects(raw['Node']).at(-1);
  const began = parseTimestamp(raw['EventTime']) ?? parseTimestamp(raw['DetectTime']) ?? 0;
  return {
    eventClass: eventClassOf(raw).toWellFormed(),
    severity: cleanText(processing?.['EventSeverity']),
    first: began,
    last: parseTimestamp(raw['CeaseTime']) ?? began,
    categories: cleanTexts(raw['Category']),
    groups: cleanTexts(processing?.['ResolvedAbuses']),
    asns: cleanTexts(processing?.['SourceResolvedASN']),
    countries: cleanTexts(processing?.['SourceResolvedCountry']),
    tlp: cleanText(raw['TLP'])?.toUpperCase(),
    detector: cleanText(node?.['Name']),
    software: cleanTexts(node?.['SW']),
    description: cleanText(raw['Description']),
    counts: mainCounts(raw),
    avgPacketSize: count(raw['AvgPacketSize']),
    refs: cleanTexts(raw['Ref']),
    credentials: credentialsOf(raw['Credentials']),
    sources: raw['Source'] === undefined ? NONE : objects(raw['Source']).map(section),
    targets: raw['Target'] === undefined ? NONE : objects(raw['Target']).map(section),
  };
}

/** Reads what {@link clean} leaves out. */
export function detailsOf(raw: RawEvent): EventDetails {
  return {
    created: parseTimestamp(raw['CreateTime']),
    detected: parseTimestamp(raw['DetectTime']),
    note: cleanText(raw['Note']),
    impact: cleanText(processingOf(raw)?.['Impact']),
  };
}

/** Members of a section that are lists, with what is read of each value. */
const LISTS = {
  Hostname: cleanText,
  URL: cleanText,
  Ref: cleanText,
  Email: cleanText,
  Router: cleanText,
  Netname: cleanText,
  Ciphers: cleanText,
  Interface: numberOrText,
  BitMask: numberOrText,
  Port: port,
  Proto: (value: unknown) => cleanText(value)?.toLowerCase(),
  MAC: mac,
  X509ExpiredTime: timeText,
} satisfies Record<string, (value: unknown) => Value | undefined>;

const LIST_READERS: ReadonlyMap<string, (value: unknown) => Value | undefined> = new Map(
  Object.entries(LISTS),
);
const NUMBER_READERS: ReadonlyMap<string, (value: unknown) => number | undefined> = new Map([
  ...SECTION_COUNTS.map((name) => [name, count] as const),
  ['ClockSkew', numberOf],
]);

/** Goes by what the section has, which is little of what it could have. */
function section(raw: RawEvent): CleanSection {
  let numbers: Names<number, SectionNumber> | undefined;
  const lists = new Names<readonly Value[], SectionList>();
  for (const key of Object.keys(raw)) {
    const readList = LIST_READERS.get(key);
    if (readList !== undefined) put(lists, key as SectionList, members(raw[key], readList));
    else {
      const number = NUMBER_READERS.get(key)?.(raw[key]);
      if (number !== undefined)
        (numbers ??= new Names<number, SectionNumber>()).set(key as SectionNumber, number);
    }
  }
  put(lists, 'ips', addresses(raw));
  if (raw['ServiceName'] !== undefined) put(lists, 'services', members(raw, service));
  return { numbers: numbers ?? NO_NUMBERS, lists };
}

/** What nearly every section has. */
const NO_NUMBERS: Readonly<Names<number, SectionNumber>> = new Names();

function put(lists: Names<readonly Value[], SectionList>, name: SectionList, values: readonly Value[]): void {
  if (values.length > 0) lists.set(name, values);
}

/** The values that `read` makes of the members of what should be a list. */
function members<T extends Value>(value: unknown, read: (member: unknown) => T | undefined): readonly T[] {
  const found: T[] = [];
  for (const member of list(value)) {
    const one = read(member);
    if (one !== undefined) found.push(one);
  }
  return found;
}

function cleanText(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : maskUrlPasswords(text.toWellFormed());
}

function cleanTexts(value: unknown): readonly string[] {
  return value === undefined ? NONE : members(value, cleanText);
}

function addresses(raw: RawEvent): readonly string[] {
  if (raw['IP6'] === undefined) return raw['IP4'] === undefined ? NONE : members(raw['IP4'], address4);
  return [...members(raw['IP4'], address4), ...members(raw['IP6'], address6)];
}

function address4(value: unknown): string | undefined {
  const text = addressText(value);
  if (text === undefined || isIPv4(text)) return text;
  return parseAddress(text, 4)?.text;
}

function address6(value: unknown): string | undefined {
  const text = addressText(value);
  return text === undefined ? undefined : parseAddress(text, 6)?.text;
}

function mainCounts(raw: RawEvent): Names<number, MainCount> {
  const found = new Names<number, MainCount>();
  for (const name of MAIN_COUNTS) {
    const value = count(raw[name]);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** A whole number >= 0, or digits; what lies beyond 2^53 - 1 is capped there, never rounded. */
function count(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isInteger(value) && value >= 0 ? cap(value) : undefined;
  if (typeof value === 'bigint') return value >= 0n ? cap(Number(value)) : undefined;
  return typeof value === 'string' && /^\d+$/.test(value) ? cap(Number(value)) : undefined;
}

function cap(value: number): number {
  return Math.min(value, Number.MAX_SAFE_INTEGER);
}

/** Any finite number, or a text that is one. */
function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number + 0 : undefined;
}

function port(value: unknown): number | undefined {
  const number = count(value);
  return number !== undefined && number <= 65535 ? number : undefined;
}

function mac(value: unknown): string | undefined {
  return typeof value === 'string' && /^[0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){5}$/.test(value)
    ? value.toLowerCase()
    : undefined;
}

function numberOrText(value: unknown): Value | undefined {
  return count(value) ?? cleanText(value);
}

function timeText(value: unknown): string | undefined {
  return value instanceof Date ? formatInstant(value.getTime()) : cleanText(value);
}

/** `name (version)` of the service a section names. */
function service(raw: unknown): string | undefined {
  const section = objectOf(raw);
  const name = cleanText(section?.['ServiceName']);
  const version = cleanText(section?.['ServiceVersion']);
  return name === undefined || version === undefined ? name : `${name} (${version})`;
}

function credentialsOf(value: unknown): readonly CleanCredential[] {
  if (value === undefined) return NONE;
  return objects(value)
    .map((c) => ({
      username: cleanText(c['Username']) ?? '',
      withPassword: textOf(c['Password']) !== undefined,
    }))
    .filter((c) => c.username !== '' || c.withPassword);
}
