import type { DetectorData, Part } from '../model/report.ts';
import { inLanguage, type Catalogue, type EventClass } from './catalogue.ts';
import { NO_DETECTOR } from './contribution.ts';
import { REST } from './entry.ts';
import { DEFAULT_FIELDS, displayedFields, type Displayed, type Field } from './fields.ts';
import type { MailModel } from './mail-model.ts';
import type { PrintedClass, PrintedSource } from './sections.ts';
import type { Row, Words } from './words.ts';

// The sections of a mail as a template sees them.

/** Detectors printed of one source. */
const DETECTORS = 5;
/** Characters all sections of a mail may come to; sources that do not fit are counted instead. */
const TEXT_LIMIT = 400_000;

export interface SourceView {
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

/** Makes the sections of one mail; both parts share the room there is. */
export class SectionViews {
  readonly #model: MailModel;
  readonly #catalogue: Catalogue;
  readonly #words: Words;
  /** The reader can be told to ask. */
  readonly #contact: boolean;
  #room = TEXT_LIMIT;

  constructor(model: MailModel, catalogue: Catalogue, words: Words, contact: boolean) {
    this.#model = model;
    this.#catalogue = catalogue;
    this.#words = words;
    this.#contact = contact;
  }

  /** Null when the part has no events. */
  part(part: Part): PartView | null {
    const count = this.#model.events[part];
    if (count === 0) return null;
    const { classes, classesLeftOut } = this.#model.printed[part];
    return {
      count,
      classes: classes.map((printed, i) => this.#class(printed, i + 1)),
      more: classesLeftOut === 0 ? null : this.#more('more.classes', classesLeftOut),
    };
  }

  #class(printed: PrintedClass, number: number): ClassView {
    const known = this.#catalogue.find(printed.name);
    const sources: SourceView[] = [];
    for (const source of printed.printed) {
      if (this.#room <= 0) break;
      sources.push(this.#source(source, known));
    }
    const left = printed.sources - sources.length;
    return {
      number,
      name: this.#words.name(printed.name),
      ...this.#heading(printed.name, known),
      reference: known?.reference ?? null,
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

  #source({ source, entry }: PrintedSource, known: EventClass | undefined): SourceView {
    const { t, time } = this.#words;
    const rows = [
      this.#words.row(t('row.source'), this.#words.source(source)),
      this.#words.row(t('row.first'), time(Date.parse(entry.first_time))),
      this.#words.row(t('row.last'), time(Date.parse(entry.last_time))),
      this.#words.row(t('row.events'), this.#words.number(entry.event_count)),
    ];
    const detectors = this.#detectors(entry.detector_data, known ?? DEFAULT_FIELDS);
    const shown = detectors.slice(0, DETECTORS);
    const count = detectors.length - shown.length;
    for (const row of [rows, ...shown.map((d) => d.rows)].flat()) this.#room -= row.text.length;
    return { rows, detectors: shown, more_detectors: count === 0 ? null : t('more.detectors', { count }) };
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
