import type { DetectorData, PlacedEntry } from '../../model/report.ts';
import { inLanguage, type Catalogue, type EventClass } from '../render/catalogue.ts';
import { NO_DETECTOR } from '../content/contribution.ts';
import { REST } from '../content/entry.ts';
import { DEFAULT_FIELDS, displayedFields, type Displayed } from '../content/fields.ts';
import type { Words } from '../render/words.ts';
import type { ShownClass, ShownEntries } from './page-entries.ts';

// The sections of a page: a table a class, a row a source.

/** Detectors listed for one source. */
const DETECTORS = 5;

export interface FactView {
  readonly label: string;
  readonly value: string;
}

export interface RowView {
  readonly source: string;
  readonly first: TimeView;
  readonly last: TimeView;
  readonly events: string;
  readonly events_number: number;
  readonly reference: string | null;
  readonly detectors: readonly { readonly name: string; readonly facts: readonly FactView[] }[];
  readonly more_detectors: string | null;
}

export interface TimeView {
  /** UTC, ISO. */
  readonly iso: string;
  /** In the reader's zone. */
  readonly local: string;
  /** Null where it is the same. */
  readonly utc: string | null;
}

export interface SectionView {
  /** Of the page, from 1. */
  readonly number: number;
  readonly heading: string;
  readonly name: string;
  readonly advice: string | null;
  readonly reference: string | null;
  readonly counts: string;
  readonly rows: readonly RowView[];
  readonly left_out: string | null;
}

export interface PartSections {
  readonly title: string;
  readonly relapsed: boolean;
  readonly classes: readonly SectionView[];
}

export function partSections(
  entries: ShownEntries,
  catalogue: Catalogue,
  words: Words,
  locale: string,
): PartSections[] {
  let number = 0;
  return entries.parts.map(({ part, classes }) => ({
    title: words.t(`page.part.${part}`),
    relapsed: part === 'relapsed',
    classes: classes.map((shown) => sectionView(shown, ++number, catalogue, words, locale)),
  }));
}

export function timeView(iso: string, words: Words): TimeView {
  const [local, utc] = words.time(Date.parse(iso)).replace(/\)$/, '').split(' (');
  return { iso, local: local!, utc: utc ?? null };
}

function sectionView(
  shown: ShownClass,
  number: number,
  catalogue: Catalogue,
  words: Words,
  locale: string,
): SectionView {
  const { t } = words;
  const known = catalogue.find(shown.name);
  const leftOut = shown.sources - shown.entries.length;
  const name = words.name(shown.name);
  return {
    number,
    heading: inLanguage(known?.label, locale) ?? t('unclassified.heading', { name }),
    name,
    advice: inLanguage(known?.advice, locale) ?? null,
    reference: known?.reference ?? null,
    counts: [t('page.sources', { count: shown.sources }), t('page.events', { count: shown.events })].join(
      ', ',
    ),
    rows: shown.entries.map((placed) => rowView(placed, known, words)),
    left_out: leftOut === 0 ? null : t('page.sources_left_out', { count: leftOut }),
  };
}

function rowView({ source, entry }: PlacedEntry, known: EventClass | undefined, words: Words): RowView {
  const names = Object.keys(entry.detector_data);
  const more = names.length - DETECTORS;
  return {
    source: words.source(source),
    first: timeView(entry.first_time, words),
    last: timeView(entry.last_time, words),
    events: words.number(entry.event_count),
    events_number: entry.event_count,
    reference: entry.reference ?? null,
    detectors: names.slice(0, DETECTORS).map((name) => ({
      name: name === REST ? words.t('detector_rest') : name === NO_DETECTOR ? '' : words.detector(name),
      facts: factsOf(entry.detector_data[name]!, known ?? DEFAULT_FIELDS, words),
    })),
    more_detectors: more > 0 ? words.t('more.detectors', { count: more }) : null,
  };
}

function factsOf(data: DetectorData, displayed: Displayed, words: Words): FactView[] {
  return displayedFields(data, displayed).map(({ kind, name, value }) => ({
    label: words.t(`field.${kind}.${name}`),
    value:
      typeof value === 'number'
        ? words.number(value)
        : name === 'Description'
          ? words.sentences(value)
          : words.values(value),
  }));
}
