import { parseAddress } from './address.ts';
import type { RawEvent } from './event.ts';
import { addressText, eventClassOf, list, objectOf, objects, processingOf, textOf } from './object-view.ts';
import { formatInstant, parseTimestamp, type Instant } from './time.ts';
import { maskUrlPasswords } from './url-password.ts';

// Reads what a report tells of an event, and nothing else. It never throws and never changes the event: a scalar where a list is
// expected counts as a list of one, members and keys that cannot be read count as missing, text comes out well-formed.

/** Top-level keys that {@link clean} looks at: what a view needs to decode for it. */
export const CLEAN_KEYS: ReadonlySet<string> = new Set(
  (
    'ID _id CreateTime DetectTime EventTime CeaseTime Category Ref Description Note Source Target Node TLP Credentials _CESNET _Mentat ' +
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

/** Lists of one `Source` or `Target` whose members are text. */
const SECTION_TEXTS = ['Hostname', 'URL', 'Ref', 'Email', 'Router', 'Netname', 'Ciphers'] as const;
/** Lists whose members are numbers, or text where the sender has no number. */
const SECTION_NUMBERS_OR_TEXTS = ['Interface', 'BitMask'] as const;

export type Value = string | number;
export type SectionList =
  | (typeof SECTION_TEXTS)[number]
  | (typeof SECTION_NUMBERS_OR_TEXTS)[number]
  | 'Port'
  | 'Proto'
  | 'MAC'
  | 'X509ExpiredTime'
  | 'services'
  | 'ips';

/** One `Source` or `Target`. Lists that are empty are missing. */
export interface CleanSection {
  readonly numbers: ReadonlyMap<(typeof SECTION_COUNTS)[number] | 'ClockSkew', number>;
  readonly lists: ReadonlyMap<SectionList, readonly Value[]>;
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
  readonly created: Instant | undefined;
  readonly detected: Instant | undefined;
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
  readonly note: string | undefined;
  readonly impact: string | undefined;
  readonly counts: ReadonlyMap<(typeof MAIN_COUNTS)[number], number>;
  /** Bytes. */
  readonly avgPacketSize: number | undefined;
  readonly refs: readonly string[];
  readonly credentials: readonly CleanCredential[];
  readonly sources: readonly CleanSection[];
  readonly targets: readonly CleanSection[];
}

const NONE: readonly never[] = [];

/** Reads one event; linear in its size, whatever is in it. */
export function clean(raw: RawEvent): CleanEvent {
  const processing = processingOf(raw);
  const node = objects(raw['Node']).at(-1);
  const detected = parseTimestamp(raw['DetectTime']);
  const began = parseTimestamp(raw['EventTime']);
  return {
    eventClass: eventClassOf(raw).toWellFormed(),
    severity: cleanText(processing?.['EventSeverity']),
    first: began ?? detected ?? 0,
    last: parseTimestamp(raw['CeaseTime']) ?? began ?? detected ?? 0,
    created: parseTimestamp(raw['CreateTime']),
    detected,
    categories: cleanTexts(raw['Category']),
    groups: cleanTexts(processing?.['ResolvedAbuses']),
    asns: cleanTexts(processing?.['SourceResolvedASN']),
    countries: cleanTexts(processing?.['SourceResolvedCountry']),
    tlp: cleanText(raw['TLP'])?.toUpperCase(),
    detector: cleanText(node?.['Name']),
    software: cleanTexts(node?.['SW']),
    description: cleanText(raw['Description']),
    note: cleanText(raw['Note']),
    impact: cleanText(processing?.['Impact']),
    counts: counts(raw, MAIN_COUNTS),
    avgPacketSize: count(raw['AvgPacketSize']),
    refs: cleanTexts(raw['Ref']),
    credentials: credentialsOf(raw['Credentials']),
    sources: raw['Source'] === undefined ? NONE : objects(raw['Source']).map(section),
    targets: raw['Target'] === undefined ? NONE : objects(raw['Target']).map(section),
  };
}

function section(raw: RawEvent): CleanSection {
  const numbers = new Map<(typeof SECTION_COUNTS)[number] | 'ClockSkew', number>(counts(raw, SECTION_COUNTS));
  const skew = numberOf(raw['ClockSkew']);
  if (skew !== undefined) numbers.set('ClockSkew', skew);

  const lists = new Map<SectionList, readonly Value[]>();
  const put = (name: SectionList, values: readonly Value[]): void => {
    if (values.length > 0) lists.set(name, values);
  };
  put('ips', addresses(raw));
  if (raw['Port'] !== undefined) put('Port', members(raw['Port'], port));
  if (raw['Proto'] !== undefined)
    put(
      'Proto',
      members(raw['Proto'], (v) => cleanText(v)?.toLowerCase()),
    );
  if (raw['MAC'] !== undefined) put('MAC', members(raw['MAC'], mac));
  if (raw['X509ExpiredTime'] !== undefined) put('X509ExpiredTime', members(raw['X509ExpiredTime'], timeText));
  if (raw['ServiceName'] !== undefined) put('services', members(raw, service));
  for (const name of SECTION_TEXTS) if (raw[name] !== undefined) put(name, cleanTexts(raw[name]));
  for (const name of SECTION_NUMBERS_OR_TEXTS)
    if (raw[name] !== undefined) put(name, members(raw[name], numberOrText));
  return { numbers, lists };
}

/** The values that `read` makes of the members of what should be a list. */
function members<T extends Value>(value: unknown, read: (member: unknown) => T | undefined): readonly T[] {
  return list(value)
    .map(read)
    .filter((v) => v !== undefined);
}

function cleanText(value: unknown): string | undefined {
  const text = textOf(value);
  return text === undefined ? undefined : maskUrlPasswords(text.toWellFormed());
}

function cleanTexts(value: unknown): readonly string[] {
  return value === undefined ? NONE : members(value, cleanText);
}

function addresses(raw: RawEvent): readonly string[] {
  const read = (family: 4 | 6) => (value: unknown) => {
    const text = addressText(value);
    return text === undefined ? undefined : parseAddress(text, family)?.text;
  };
  if (raw['IP6'] === undefined) return raw['IP4'] === undefined ? NONE : members(raw['IP4'], read(4));
  return [...members(raw['IP4'], read(4)), ...members(raw['IP6'], read(6))];
}

function counts<Name extends string>(raw: RawEvent, names: readonly Name[]): Map<Name, number> {
  const found = new Map<Name, number>();
  for (const name of names) {
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
