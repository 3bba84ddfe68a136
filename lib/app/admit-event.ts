import type { RawEvent } from '../model/event.ts';
import type { NetworkIndex } from '../model/network-index.ts';
import { ObjectView, objectOf, processingOf } from '../model/object-view.ts';
import { formatInstant, parseTimestamp, type Instant } from '../model/time.ts';
import { describeFault, UserError } from '../model/user-error.ts';

/** An event fit to be stored. */
export interface Admitted {
  readonly event: RawEvent;
  /** What was changed beyond additions, a line each. */
  readonly notes: readonly string[];
}

/**
 * Checks an event that is to be stored, and completes it: storage time, owning groups and severity where they are missing. Keys that are
 * dangerous to whoever reads them as a map are dropped. Returns the fault instead of throwing it.
 */
export function admitEvent(
  raw: RawEvent,
  where: string,
  now: Instant,
  owners: NetworkIndex,
): Admitted | UserError {
  const dropped: string[] = [];
  const event = withoutDangerousKeys(raw, dropped) as Record<string, unknown>;
  const view = new ObjectView(event);
  if (view.invalid !== undefined) return new UserError({ what: view.invalid, where, got: view.culprit });
  const category = event['Category'];
  if (!Array.isArray(category) || category.length === 0) {
    return new UserError({
      what: `event ${view.id} has no categories`,
      where,
      got: category ?? null,
      expected: 'a list of at least one',
    });
  }
  const key =
    objectOf(event['_CESNET']) === undefined && objectOf(event['_Mentat']) !== undefined
      ? '_Mentat'
      : '_CESNET';
  event[key] = { ...processingOf(event), ...additions(view, event, now, owners) };
  const notes = dropped.map((name) =>
    describeFault({ what: `key ${JSON.stringify(name)} of event ${view.id} is dropped`, where }),
  );
  return { event, notes };
}

function additions(
  view: ObjectView,
  event: RawEvent,
  now: Instant,
  owners: NetworkIndex,
): Record<string, unknown> {
  const added: Record<string, unknown> = {};
  if (parseTimestamp(processingOf(event)?.['StorageTime']) === undefined)
    added['StorageTime'] = formatInstant(now);
  if (view.groups === undefined) {
    const names = owners.ownersOfAny(view.sources.flatMap((source) => source.range ?? []));
    if (names.length > 0) added['ResolvedAbuses'] = names;
  }
  if (view.severity === undefined) added['EventSeverity'] = 'low';
  return added;
}

const DANGEROUS = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that some engine cannot hold, or cannot ask for, or that change what an object is. */
function isDangerous(key: string): boolean {
  return DANGEROUS.has(key) || key.includes('\0') || key.includes('.') || key.startsWith('$');
}

/** A copy without dangerous keys at any depth; the depth is bounded by the reader of lines. */
function withoutDangerousKeys(value: unknown, dropped: string[]): unknown {
  if (Array.isArray(value)) return value.map((member) => withoutDangerousKeys(member, dropped));
  const object = objectOf(value);
  if (object === undefined) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(object)) {
    if (isDangerous(key)) dropped.push(key);
    else copy[key] = withoutDangerousKeys(member, dropped);
  }
  return copy;
}
