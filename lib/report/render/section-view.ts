import type { DetectorData, Part } from '../../model/report.ts';
import { inLanguage, type Catalogue, type EventClass } from './catalogue.ts';
import { NO_DETECTOR } from '../content/contribution.ts';
import { REST } from '../content/entry.ts';
import { DEFAULT_FIELDS, displayedFields, type Displayed, type Field } from '../content/fields.ts';
import type { MailModel } from './mail-model.ts';
import type { PrintedClass, PrintedSource } from '../content/sections.ts';
import type { Row, Words } from './words.ts';

// The sections of a mail as a template sees them.

/** Detectors printed of one source. */
const DETECTORS = 5;

/** How much room the sections of a mail have, and what a row takes of it; sources that do not fit are counted instead. */
export interface Room {
  readonly characters: number;
  readonly rowCost: (row: Row) => number;
  readonly sourceCost: number;
}

/** New, new events of a problem that is also listed as known, or known from an earlier report. */
export type State = 'new' | 'continues' | 'relapsed';

export interface SourceView {
  /** What the source is called. */
  readonly title: string;
  readonly event_count: string;
  readonly state: State;
  /** Null where it is that of all sources of the class. */
  readonly state_name: string | null;
  /** Of {@link rows}, those that do not stand here already. */
  readonly details: readonly Row[];
  readonly rows: readonly Row[];
  readonly detectors: readonly { readonly rows: readonly Row[] }[];
  readonly more_detectors: string | null;
}

export interface ClassView {
  /** From 1 in each part. */
  readonly number: number;
  readonly name: string;
  readonly heading: string;
  readonly advice: string | null;
  readonly reference: string | null;
  readonly state: State;
  readonly state_name: string;
  /** Sources and events in all, printed or not. */
  readonly source_count: string;
  readonly event_count: string;
  readonly sources: readonly SourceView[];
  /** What is not listed, and where it is. */
  readonly more: string | null;
}

export interface PartView {
  /** Events. */
  readonly count: number;
  readonly classes: readonly ClassView[];
  readonly more: string | null;
}

/** Views of sources that one form of a mail had made: the other form has the same, and making them is most of rendering. */
export type MadeSources = Map<PrintedSource, SourceView>;

/** Makes the sections of one mail; both parts share the room there is. */
export class SectionViews {
  readonly #model: MailModel;
  readonly #catalogue: Catalogue;
  readonly #words: Words;
  /** There is a contact that the reader can ask. */
  readonly #contact: boolean;
  readonly #room: Room;
  readonly #made: MadeSources;
  #left: number;

  constructor(
    model: MailModel,
    catalogue: Catalogue,
    words: Words,
    contact: boolean,
    room: Room,
    made: MadeSources,
  ) {
    this.#model = model;
    this.#catalogue = catalogue;
    this.#words = words;
    this.#contact = contact;
    this.#room = room;
    this.#made = made;
    this.#left = room.characters;
  }

  /** Null when the part has no events. */
  part(part: Part): PartView | null {
    const count = this.#model.events[part];
    if (count === 0) return null;
    const { classes, classesLeftOut } = this.#model.printed[part];
    return {
      count,
      classes: classes.map((printed, i) => this.#class(printed, i + 1, part)),
      more: classesLeftOut === 0 ? null : this.#more('more.classes', classesLeftOut),
    };
  }

  #class(printed: PrintedClass, number: number, part: Part): ClassView {
    const known = this.#catalogue.find(printed.name);
    const continues = printed.printed.length > 0 && printed.printed.every((source) => source.continues);
    const state: State = part === 'relapsed' ? 'relapsed' : continues ? 'continues' : 'new';
    const sources: SourceView[] = [];
    for (const source of printed.printed) {
      if (this.#left <= 0) break;
      let view = this.#made.get(source);
      if (view === undefined) this.#made.set(source, (view = this.#source(source, known, state)));
      this.#take(view);
      sources.push(view);
    }
    const left = printed.sources - sources.length;
    return {
      number,
      name: this.#words.name(printed.name),
      ...this.#heading(printed.name, known),
      reference: known?.reference ?? null,
      state,
      state_name: this.#words.t(`state.${state}`),
      source_count: this.#words.number(printed.sources),
      event_count: this.#words.number(printed.events),
      sources,
      more: left === 0 ? null : this.#more('more.sources', left),
    };
  }

  #heading(name: string, known: EventClass | undefined): { heading: string; advice: string | null } {
    const { t } = this.#words;
    if (known === undefined) {
      return {
        heading: t('unclassified.heading', { name: this.#words.name(name) }),
        advice: t(this.#contact ? 'unclassified.advice_contact' : 'unclassified.advice'),
      };
    }
    const { locale } = this.#model.settings;
    return { heading: inLanguage(known.label, locale)!, advice: inLanguage(known.advice, locale) ?? null };
  }

  #more(key: string, count: number): string {
    const { record } = this.#model;
    const { t } = this.#words;
    const file = record.files.find((f) => f.attached && f.kind !== 'xarf' && f.cut_of === undefined)?.name;
    const where = file === undefined ? t('more.ask', { label: record.label }) : t('more.attached', { file });
    return `${t(key, { count })} ${where}`;
  }

  #take({ rows, detectors }: SourceView): void {
    this.#left -= this.#room.sourceCost;
    for (const row of rows) this.#left -= this.#room.rowCost(row);
    for (const detector of detectors) for (const row of detector.rows) this.#left -= this.#room.rowCost(row);
  }

  #source(
    { source, entry, continues }: PrintedSource,
    known: EventClass | undefined,
    ofClass: State,
  ): SourceView {
    const { t, time } = this.#words;
    const title = this.#words.source(source);
    const eventCount = this.#words.number(entry.event_count);
    const details = [
      this.#words.row(t('row.first'), time(Date.parse(entry.first_time))),
      this.#words.row(t('row.last'), time(Date.parse(entry.last_time))),
    ];
    if (entry.reference !== undefined) details.push(this.#words.row(t('row.reference'), entry.reference));
    const state: State = ofClass === 'relapsed' ? 'relapsed' : continues ? 'continues' : 'new';
    const rows = [
      this.#words.row(t('row.source'), title),
      ...details,
      this.#words.row(t('row.events'), eventCount),
    ];
    if (continues) rows.push(this.#words.row(t('row.state'), t('state.explained')));
    const detectors = this.#detectors(entry.detector_data, known ?? DEFAULT_FIELDS);
    const shown = detectors.slice(0, DETECTORS);
    const count = detectors.length - shown.length;
    return {
      title,
      event_count: eventCount,
      state,
      state_name: state === ofClass ? null : t(`state.${state}`),
      details,
      rows,
      detectors: shown,
      more_detectors: count === 0 ? null : t('more.detectors', { count }),
    };
  }

  /** Those with something to show first, then those that are known to have seen it and no more. */
  #detectors(data: Record<string, DetectorData>, displayed: Displayed): { rows: Row[] }[] {
    const { t } = this.#words;
    const telling: { rows: Row[] }[] = [];
    const silent: { rows: Row[] }[] = [];
    for (const [name, facts] of Object.entries(data)) {
      const fields = displayedFields(facts, displayed);
      if (fields.length === 0 && name === NO_DETECTOR) continue;
      const detector = name === REST ? t('detector_rest') : this.#words.detector(name);
      const rows = [this.#words.row(t('row.detector'), detector), ...fields.map((f) => this.#field(f))];
      (fields.length === 0 ? silent : telling).push({ rows });
    }
    return [...telling, ...silent];
  }

  #field({ kind, name, value }: Field): Row {
    return this.#words.row(this.#words.t(`field.${kind}.${name}`), this.#value(name, value));
  }

  #value(name: string, value: Field['value']): string {
    if (typeof value === 'number') return this.#words.number(value);
    return name === 'Description' ? this.#words.sentences(value) : this.#words.values(value);
  }
}
