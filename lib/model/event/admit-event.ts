import type { RawEvent } from './event.ts';
import type { NetworkIndex } from '../network/network-index.ts';
import { ObjectView, processingData, toObject, toTexts } from './object-view.ts';
import { formatInstant, timestampProblem, type Instant } from '../time.ts';
import { describeProblem, UserError } from '../user-error.ts';

/** An event that may be stored. */
export interface Admitted {
  readonly event: RawEvent;
  /** What was changed beyond additions, one line each. */
  readonly notes: readonly string[];
  /** Keys were dropped. */
  readonly keysDropped: boolean;
  /** Numbers are no longer the ones that were written. */
  readonly rounded: boolean;
}

/**
 * Checks an event that is to be stored, and completes it: storage time, owning groups and severity where they are missing. Keys that are
 * dangerous to whoever reads them as a map are dropped. Returns the problem instead of throwing it.
 */
export function admitEvent(
  raw: RawEvent,
  where: string,
  now: Instant,
  owners: NetworkIndex,
): Admitted | UserError {
  const [dropped, rounded]: [string[], string[]] = [[], []];
  const event = storable(raw, '', { dropped, rounded }) as Record<string, unknown>;
  const view = new ObjectView(event);
  if (view.invalid !== undefined) return new UserError({ what: view.invalid, where, got: view.invalidValue });
  const category = event['Category'];
  if (toTexts(category).length === 0) {
    return new UserError({
      what: `event ${view.id} has no categories`,
      where,
      got: category ?? null,
      expected: 'a list of at least one',
    });
  }
  const stored = processingData(event)?.['StorageTime'] ?? undefined;
  const problem = stored === undefined ? undefined : timestampProblem(stored);
  if (problem !== undefined) {
    return new UserError({
      what: `_CESNET.StorageTime of event ${view.id} ${problem}`,
      where,
      got: stored,
      expected: TIME_FORM,
      hint: 'leave it out to have the time of the import',
    });
  }
  const key =
    toObject(event['_CESNET']) === undefined && toObject(event['_Mentat']) !== undefined
      ? '_Mentat'
      : '_CESNET';
  event[key] = { ...processingData(event), ...additions(view, event, now, owners) };
  const note = (key: string, what: string): string =>
    describeProblem({ what: `key ${JSON.stringify(key)} of event ${view.id} ${what}`, where });
  const notes = [
    ...dropped.map((name) => note(name, 'is dropped')),
    ...rounded.map((name) => note(name, 'has a number beyond 2^53 - 1, which is rounded')),
  ];
  return { event, notes, keysDropped: dropped.length > 0, rounded: rounded.length > 0 };
}

function additions(
  view: ObjectView,
  event: RawEvent,
  now: Instant,
  owners: NetworkIndex,
): Record<string, unknown> {
  const added: Record<string, unknown> = {};
  if ((processingData(event)?.['StorageTime'] ?? undefined) === undefined)
    added['StorageTime'] = formatInstant(now);
  if (view.groups === undefined) {
    const names = owners.ownersOfAny(view.sources.flatMap((source) => source.range ?? []));
    if (names.length > 0) added['ResolvedAbuses'] = names;
  }
  if (view.severity === undefined) added['EventSeverity'] = 'low';
  return added;
}

/** The usual form of a time in an event, for messages. */
const TIME_FORM = 'a time like 2026-01-31T12:00:00Z';

const DANGEROUS = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that change what an object is, and those with a NUL, which BSON cannot hold. */
function isDangerous(key: string): boolean {
  return DANGEROUS.has(key) || key.includes('\0');
}

/** Names of keys: those that were left out, and those under which a number stands that was read as another one than was written. */
interface Found {
  readonly dropped: string[];
  readonly rounded: string[];
}

/** A copy without dangerous keys at any depth; the depth is bounded by the reader of lines. `key` is the one that the value stands under. */
function storable(value: unknown, key: string, found: Found): unknown {
  if (typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER) found.rounded.push(key);
  if (Array.isArray(value)) return value.map((member) => storable(member, key, found));
  const object = toObject(value);
  if (object === undefined) return value;
  const copy: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(object)) {
    if (isDangerous(name)) found.dropped.push(name);
    else copy[name] = storable(member, name, found);
  }
  return copy;
}
