import { TEST_CATEGORY, type EventView, type RawEvent, type Source } from '../../../model/event/event.ts';
import {
  classOfCategories,
  fallbackOf,
  list,
  ObjectView,
  sourcesOf,
  textOf,
  texts,
} from '../../../model/event/object-view.ts';
import { parseTimestamp, type Instant } from '../../../model/time.ts';
import { ARRAY, DATE, DOCUMENT, int32At, int64At, STRING, textAt } from './bson.ts';
import { readSources } from './byte-source.ts';
import { decodeDocument, isInCalendar } from './decode.ts';
import { EXTRAS, restoreEvent } from './event-document.ts';
import { eventJson } from './event-json.ts';
import { ValueCache } from './value-cache.ts';
import { ElementNames, type Elements } from './locate.ts';

const TOP = new ElementNames(
  ...['ID', 'DetectTime', 'Category', 'Source', '_CESNET', 'Format', '_Mentat', '_id', EXTRAS],
);
const [ID, DETECTED, CATEGORY, SOURCE, CESNET, FORMAT, MENTAT, DOCUMENT_ID, OURS] = [
  ...[0, 1, 2, 3, 4, 5, 6, 7, 8],
] as const;
const PROCESSING = new ElementNames('StorageTime', 'EventSeverity', 'ResolvedAbuses', 'EventClass');
const [STORED, SEVERITY, GROUPS, CLASS] = [0, 1, 2, 3] as const;
const KEPT_WHOLE = new ElementNames('json');

/** What the events of a store share: most have one of few severities, classes, categories and lists of groups. */
export class SharedValues {
  readonly severities = new ValueCache<string | undefined>();
  readonly groups = new ValueCache<readonly string[] | undefined>();
  readonly classes = new ValueCache<string | undefined>();
  readonly categories = new ValueCache<Categories>();
  /**
   * The body that was decoded last. Stages ask for that of one event several times and then never again; kept by the views, the bodies of a
   * whole batch would live long enough to cost more in garbage collection than in decoding.
   */
  lastBody:
    | { readonly of: EventView; readonly keys: ReadonlySet<string> | undefined; readonly body: RawEvent }
    | undefined;
}

interface Categories {
  readonly eventClass: string;
  readonly test: boolean;
}

/**
 * The view on an event that lies in the bytes of a server's reply. `bytes` are a part of the reply, which is never written to again, so a
 * view stays good as long as anybody holds it; what stages keep of it (texts, sources, bodies) is made anew and does not hold the reply.
 */
export function createView(bytes: Buffer, shared: SharedValues): EventView {
  const top = TOP.locate(bytes, 0);
  if (top.type(OURS) === DOCUMENT) {
    const json = textOf(KEPT_WHOLE.locate(bytes, top.value(OURS)).decode(0));
    if (json !== undefined) return new ObjectView(JSON.parse(json) as RawEvent, json);
  }
  return new ByteView(bytes, top, shared);
}

/**
 * Knows where the elements of an event lie that every stage needs, and reads them when they are asked for. Tells the same as an ObjectView of
 * the decoded event, whose rules it uses for every layout that is not the usual one.
 */
class ByteView implements EventView {
  readonly #bytes: Buffer;
  readonly #top: Elements;
  readonly #processing: Elements | undefined;
  readonly #shared: SharedValues;
  #sources: readonly Source[] | undefined;

  constructor(bytes: Buffer, top: Elements, shared: SharedValues) {
    this.#bytes = bytes;
    this.#top = top;
    this.#shared = shared;
    const place = top.type(CESNET) === DOCUMENT ? CESNET : MENTAT;
    this.#processing = top.type(place) === DOCUMENT ? PROCESSING.locate(bytes, top.value(place)) : undefined;
  }

  get id(): string {
    if (this.#top.type(ID) === STRING) return textAt(this.#bytes, this.#top.value(ID));
    const own = this.#top.type(DOCUMENT_ID) === STRING ? this.#top.decode(DOCUMENT_ID) : undefined;
    const id = this.#top.decode(ID) ?? own;
    return typeof id === 'string' ? id : '';
  }

  get invalid(): string | undefined {
    if (this.#hasGoodId() && this.#isIdea() && this.#detected !== undefined) return undefined;
    return new ObjectView({ ...this.body(), _id: this.id }).invalid;
  }

  #hasGoodId(): boolean {
    if (this.#top.type(ID) !== STRING) return false;
    const bytes = this.#bytes;
    const start = this.#top.value(ID) + 4;
    const end = start + int32At(bytes, start - 4) - 1;
    if (start === end || end - start > 255) return false;
    for (let at = start; at < end; at++) if (ID_BYTES[bytes[at]!] === 0) return false;
    return true;
  }

  #isIdea(): boolean {
    const type = this.#top.type(FORMAT);
    return type === 0 || (type === STRING && textAt(this.#bytes, this.#top.value(FORMAT)) === 'IDEA0');
  }

  get #detected(): Instant | undefined {
    return this.#time(this.#top, DETECTED);
  }

  get storageTime(): Instant {
    const stored = this.#processing === undefined ? undefined : this.#time(this.#processing, STORED);
    return stored ?? this.#detected ?? 0;
  }

  #time(elements: Elements, place: number): Instant | undefined {
    const type = elements.type(place);
    if (type !== DATE) return type === 0 ? undefined : parseTimestamp(elements.decode(place));
    const instant = int64At(this.#bytes, elements.value(place));
    return isInCalendar(instant) ? instant : undefined;
  }

  get severity(): string | undefined {
    return this.#processing?.shared(SEVERITY, this.#shared.severities, textOf);
  }

  get groups(): readonly string[] | undefined {
    return this.#processing?.shared(GROUPS, this.#shared.groups, readGroups);
  }

  get eventClass(): string {
    const name = this.#processing?.shared(CLASS, this.#shared.classes, textOf);
    return name ?? this.#categories.eventClass;
  }

  get test(): boolean {
    return this.#categories.test;
  }

  get #categories(): Categories {
    return this.#top.shared(CATEGORY, this.#shared.categories, readCategories);
  }

  get sources(): readonly Source[] {
    return (this.#sources ??= this.#readSources());
  }

  #readSources(): readonly Source[] {
    const type = this.#top.type(SOURCE);
    if (type === 0) return [];
    const usual = type === ARRAY ? readSources(this.#bytes, this.#top.value(SOURCE)) : undefined;
    return usual ?? sourcesOf(this.body(SOURCE_ONLY));
  }

  get fallback(): Source {
    return fallbackOf(this.body(SOURCE_ONLY));
  }

  body(keys?: ReadonlySet<string>): RawEvent {
    const last = this.#shared.lastBody;
    if (last?.of === this && (last.keys === undefined || last.keys === keys)) return last.body;
    const wanted = keys === undefined ? undefined : withExtras(keys);
    const body = restoreEvent(decodeDocument(this.#bytes, 0, wanted));
    this.#shared.lastBody = { of: this, keys, body };
    return body;
  }

  bodyText(): string {
    return eventJson(this.body());
  }
}

/** 1 for the bytes of `A-Z a-z 0-9 . _ -`. */
const ID_BYTES = new Uint8Array(256);
for (const byte of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-'))
  ID_BYTES[byte] = 1;

const SOURCE_ONLY: ReadonlySet<string> = new Set(['Source']);
const extended = new WeakMap<ReadonlySet<string>, ReadonlySet<string>>();

/** The keys, and those without which times could not be restored in them. */
function withExtras(keys: ReadonlySet<string>): ReadonlySet<string> {
  let all = extended.get(keys);
  if (all === undefined) {
    const processing = keys.has('_Mentat') ? ['_CESNET'] : [];
    extended.set(keys, (all = new Set([...keys, ...processing, EXTRAS])));
  }
  return all;
}

function readGroups(value: unknown): readonly string[] | undefined {
  const groups = texts(value);
  return groups.length === 0 ? undefined : [...new Set(groups)];
}

function readCategories(value: unknown): Categories {
  return { eventClass: classOfCategories(texts(value)), test: list(value).includes(TEST_CATEGORY) };
}
