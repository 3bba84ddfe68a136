import type { RawEvent } from '../../../model/event/event.ts';
import { toObject, ObjectView } from '../../../model/event/object-view.ts';
import { formatInstant, parseTimestamp } from '../../../model/time.ts';
import { isInCalendar } from './decode.ts';
import { replaceStoredAddresses } from './stored-address.ts';

/*
 * An event as a document, and back again. `_id` is the ID; times are BSON dates, so that windows are cut by the instant. What a date does
 * not tell (a zone, finer digits) is kept as text under `_idx.raw`; an event that a document cannot hold as it is (lone surrogates,
 * names with NUL, no storage time) is kept as JSON under `_idx.json`, and that is then what is read.
 */

const TIMES = ['CreateTime', 'DetectTime', 'EventTime', 'CeaseTime', 'WinStartTime', 'WinEndTime'] as const;
const STORAGE_TIME = 'StorageTime';
/** Top-level key of ours, which never goes out. */
export const EXTRAS = '_idx';

type Fields = Record<string, unknown>;

/** Key of the object with the processing results, which is that of `processingOf`. */
export function processingKey(raw: RawEvent): '_CESNET' | '_Mentat' | undefined {
  if (toObject(raw['_CESNET']) !== undefined) return '_CESNET';
  return toObject(raw['_Mentat']) === undefined ? undefined : '_Mentat';
}

/** The document that an event is stored as. */
export function toDocument(raw: RawEvent): Fields & { _id: string } {
  const view = new ObjectView(raw);
  const extras: { raw?: Fields; json?: string } = {};
  const kept: Fields = {};
  const { _id, [EXTRAS]: ours, ...fields } = raw as Fields;
  if (_id !== undefined || ours !== undefined || !isStorable(fields)) extras.json = JSON.stringify(raw);
  const event = extras.json === undefined ? fields : (toStorable(fields) as Fields);
  for (const key of TIMES) if (key in event) event[key] = toDate(event[key], key, kept);
  const key = processingKey(event);
  if (key !== undefined) {
    const processing = event[key] as Fields;
    if (parseTimestamp(processing[STORAGE_TIME]) === undefined) extras.json ??= JSON.stringify(raw);
    const stored = toDate(processing[STORAGE_TIME], STORAGE_TIME, kept);
    event[key] = {
      ...processing,
      [STORAGE_TIME]: stored instanceof Date ? stored : new Date(view.storageTime),
    };
  }
  if (extras.json === undefined && Object.keys(kept).length > 0) extras.raw = kept;
  return { _id: view.id, ...event, ...(Object.keys(extras).length > 0 ? { [EXTRAS]: extras } : {}) };
}

/** The value as a date, and into `kept` what the date does not tell; the value as it is when it is no time. */
function toDate(value: unknown, key: string, kept: Fields): unknown {
  const instant = parseTimestamp(value);
  if (instant === undefined || !isInCalendar(instant)) return value;
  if (value !== formatInstant(instant)) kept[key] = value;
  return new Date(instant);
}

function isStorable(value: unknown): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every(isStorable);
  return Object.entries(value).every(
    ([key, member]) => !key.includes('\0') && key.isWellFormed() && isStorable(member),
  );
}

/** A copy that a document can hold, for queries only. */
function toStorable(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(toStorable);
  const entries = Object.entries(value).map(([key, member]): [string, unknown] => [
    key.toWellFormed().replaceAll('\0', '\ufffd'),
    toStorable(member),
  ]);
  return Object.fromEntries(entries);
}

/** Makes a decoded document the event it was: without `_id` and what is ours, its times as they were written, its addresses as texts. */
export function restoreEvent(document: Fields): RawEvent {
  const kept = toObject(toObject(document[EXTRAS])?.['raw']);
  delete document['_id'];
  Reflect.deleteProperty(document, EXTRAS);
  if (kept !== undefined) restoreTimes(document, kept);
  replaceStoredAddresses(document['Source']);
  replaceStoredAddresses(document['Target']);
  return document;
}

function restoreTimes(document: Fields, kept: RawEvent): void {
  for (const key of TIMES) if (key in document && key in kept) document[key] = kept[key];
  const key = processingKey(document);
  if (key !== undefined && STORAGE_TIME in kept) (document[key] as Fields)[STORAGE_TIME] = kept[STORAGE_TIME];
}
