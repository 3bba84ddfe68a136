import { isIPv4, parseEventAddress } from '../network/address.ts';
import type { RawEvent } from './event.ts';
import { SmallMap } from '../small-map.ts';
import {
  addressText,
  readEventClass,
  toList,
  toObject,
  toObjects,
  processingData,
  toText,
} from './object-view.ts';
import { formatInstant, parseTimestamp, type Instant } from '../time.ts';
import { maskUrlPasswords } from '../text/url-password.ts';

// Reads what a report says of an event. It never throws and never changes the event: a scalar where a list is expected counts as a list of
// one, members and keys that cannot be read count as missing, text comes out well-formed.

/** Top-level keys that {@link readEventContent} looks at: what a view has to decode for it. */
export const EVENT_CONTENT_KEYS: ReadonlySet<string> = new Set(
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
export interface EventSection {
  readonly numbers: Readonly<SmallMap<number, SectionNumber>>;
  readonly lists: Readonly<SmallMap<readonly Value[], SectionList>>;
}

/** An attempted login. The password itself is never read. */
export interface EventCredential {
  readonly username: string;
  readonly withPassword: boolean;
}

/** What a report says of one event. */
export interface EventContent {
  readonly eventClass: string;
  readonly severity: string | undefined;
  /** The earlier of `EventTime`, else `DetectTime`, and `CeaseTime`; NaN in an event that its view calls invalid. */
  readonly first: Instant;
  /** The later of the same. */
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
  readonly counts: Readonly<SmallMap<number, MainCount>>;
  /** Bytes. */
  readonly avgPacketSize: number | undefined;
  readonly refs: readonly string[];
  readonly credentials: readonly EventCredential[];
  readonly sources: readonly EventSection[];
  readonly targets: readonly EventSection[];
}

/** What only tables of events contain. */
export interface EventDetails {
  readonly created: Instant | undefined;
  readonly detected: Instant | undefined;
  readonly note: string | undefined;
  readonly impact: string | undefined;
}

const NONE: readonly never[] = [];

/** Reads one event; linear in its size, whatever is in it. */
export function readEventContent(raw: RawEvent): EventContent {
  const processing = processingData(raw);
  const node = toObjects(raw['Node']).at(-1);
  const began = parseTimestamp(raw['EventTime']) ?? parseTimestamp(raw['DetectTime']) ?? NaN;
  const ceased = parseTimestamp(raw['CeaseTime']) ?? began;
  return {
    eventClass: readEventClass(raw).toWellFormed(),
    severity: cleanText(processing?.['EventSeverity']),
    first: Math.min(began, ceased),
    last: Math.max(began, ceased),
    categories: cleanTexts(raw['Category']),
    groups: cleanTexts(processing?.['ResolvedAbuses']),
    asns: cleanTexts(processing?.['SourceResolvedASN']),
    countries: cleanTexts(processing?.['SourceResolvedCountry']),
    tlp: cleanText(raw['TLP'])?.toUpperCase(),
    detector: cleanText(node?.['Name']),
    software: cleanTexts(node?.['SW']),
    description: cleanText(raw['Description']),
    counts: readMainCounts(raw),
    avgPacketSize: count(raw['AvgPacketSize']),
    refs: cleanTexts(raw['Ref']),
    credentials: readCredentials(raw['Credentials']),
    sources: raw['Source'] === undefined ? NONE : toObjects(raw['Source']).map(readSection),
    targets: raw['Target'] === undefined ? NONE : toObjects(raw['Target']).map(readSection),
  };
}

/** Reads what {@link readEventContent} leaves out. */
export function readEventDetails(raw: RawEvent): EventDetails {
  return {
    created: parseTimestamp(raw['CreateTime']),
    detected: parseTimestamp(raw['DetectTime']),
    note: cleanText(raw['Note']),
    impact: cleanText(processingData(raw)?.['Impact']),
  };
}

/** List members of a section, with the reader of each value. */
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

function readSection(raw: RawEvent): EventSection {
  let numbers: SmallMap<number, SectionNumber> | undefined;
  const lists = new SmallMap<readonly Value[], SectionList>();
  for (const key of Object.keys(raw)) {
    const readList = LIST_READERS.get(key);
    if (readList !== undefined) setNonEmpty(lists, key as SectionList, members(raw[key], readList));
    else {
      const number = NUMBER_READERS.get(key)?.(raw[key]);
      if (number !== undefined)
        (numbers ??= new SmallMap<number, SectionNumber>()).set(key as SectionNumber, number);
    }
  }
  setNonEmpty(lists, 'ips', readAddresses(raw));
  if (raw['ServiceName'] !== undefined) setNonEmpty(lists, 'services', members(raw, service));
  return { numbers: numbers ?? NO_NUMBERS, lists };
}

/** Shared, because nearly every section has none. */
const NO_NUMBERS: Readonly<SmallMap<number, SectionNumber>> = new SmallMap();

function setNonEmpty(
  lists: SmallMap<readonly Value[], SectionList>,
  name: SectionList,
  values: readonly Value[],
): void {
  if (values.length > 0) lists.set(name, values);
}

/** The readable members of what should be a list. */
function members<T extends Value>(value: unknown, read: (member: unknown) => T | undefined): readonly T[] {
  const found: T[] = [];
  for (const member of toList(value)) {
    const one = read(member);
    if (one !== undefined) found.push(one);
  }
  return found;
}

function cleanText(value: unknown): string | undefined {
  const text = toText(value);
  return text === undefined ? undefined : maskUrlPasswords(text.toWellFormed());
}

function cleanTexts(value: unknown): readonly string[] {
  return value === undefined ? NONE : members(value, cleanText);
}

function readAddresses(raw: RawEvent): readonly string[] {
  if (raw['IP6'] === undefined) return raw['IP4'] === undefined ? NONE : members(raw['IP4'], address4);
  return [...members(raw['IP4'], address4), ...members(raw['IP6'], address6)];
}

function address4(value: unknown): string | undefined {
  const text = addressText(value);
  if (text === undefined || isIPv4(text)) return text;
  return parseEventAddress(text, 4)?.text;
}

function address6(value: unknown): string | undefined {
  const text = addressText(value);
  return text === undefined ? undefined : parseEventAddress(text, 6)?.text;
}

function readMainCounts(raw: RawEvent): SmallMap<number, MainCount> {
  const found = new SmallMap<number, MainCount>();
  for (const name of MAIN_COUNTS) {
    const value = count(raw[name]);
    if (value !== undefined) found.set(name, value);
  }
  return found;
}

/** A whole number >= 0, or digits; capped at 2^53 - 1, never rounded. */
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
  const section = toObject(raw);
  const name = cleanText(section?.['ServiceName']);
  const version = cleanText(section?.['ServiceVersion']);
  return name === undefined || version === undefined ? name : `${name} (${version})`;
}

function readCredentials(value: unknown): readonly EventCredential[] {
  if (value === undefined) return NONE;
  return toObjects(value)
    .map((c) => ({
      username: cleanText(c['Username']) ?? '',
      withPassword: toText(c['Password']) !== undefined,
    }))
    .filter((c) => c.username !== '' || c.withPassword);
}
