import type { ValueSet } from '../model/report.ts';
import { MAIN_FIELDS, SECTION_FIELDS } from './fields.ts';
import { columnWidth, rowText } from './layout.ts';
import type { Translate } from './locale.ts';
import { cutText, oneLine } from './plain.ts';
import { zonedTime, type FormatTime } from './zoned-time.ts';

/** Values of a set that are printed. */
const LIST_ITEMS = 15;
/** Sentences of a set that are printed, and characters of each. */
const SENTENCES = 3;
const SENTENCE_LIMIT = 160;
const NAME_LIMIT = 120;

/** One fact with its label; `text` is the two laid out as lines of a plain mail. */
export interface Row {
  readonly label: string;
  readonly value: string;
  readonly text: string;
}

/** Words, numbers, times and rows in one reader's language and zone. */
export class Words {
  readonly t: Translate;
  readonly time: FormatTime;
  readonly #number: Intl.NumberFormat;
  readonly #size: Intl.NumberFormat;
  readonly #column: number;

  constructor(translate: Translate, locale: string, timezone: string) {
    this.t = translate;
    this.time = zonedTime(timezone);
    this.#number = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 });
    this.#size = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
    this.#column = columnWidth([
      ...MAIN_FIELDS.map((name) => translate(`field.main.${name}`)),
      ...SECTION_FIELDS.flatMap((name) => [
        translate(`field.source.${name}`),
        translate(`field.target.${name}`),
      ]),
    ]);
  }

  number(value: number): string {
    return this.#number.format(value);
  }

  /** Bytes in the unit that suits them. */
  size(bytes: number): string {
    if (bytes < 1000) return `${bytes} B`;
    return bytes < 1_000_000
      ? `${this.#size.format(bytes / 1000)} kB`
      : `${this.#size.format(bytes / 1_000_000)} MB`;
  }

  /** The first values, and how many more there are. */
  values(set: ValueSet): string {
    const shown = set.values.slice(0, LIST_ITEMS).map((value) => oneLine(String(value)) || '-');
    return this.#andMore(shown.join(', '), shown.length, set);
  }

  /** As {@link values}, of free text: fewer of them, each cut, apart from one another whatever commas are in them. */
  sentences(set: ValueSet): string {
    const shown = set.values
      .slice(0, SENTENCES)
      .map((value) => cutText(oneLine(String(value)), SENTENCE_LIMIT) || '-');
    return this.#andMore(shown.join(' | '), shown.length, set);
  }

  #andMore(shown: string, printed: number, set: ValueSet): string {
    const count = set.values.length - printed + (set.left_out ?? 0);
    if (count === 0) return shown;
    return `${shown} ${this.t(set.at_least === true ? 'more.values_at_least' : 'more.values', { count })}`;
  }

  /** A name out of an event, for a sentence or a row. */
  name(text: string): string {
    return cutText(oneLine(text), NAME_LIMIT) || '-';
  }

  /** What stands for a source: its address, or a word for none at all. */
  source(text: string): string {
    return text === '-' ? this.t('no_source') : this.name(text);
  }

  /** What saw an event: its name, or a word for none. */
  detector(text: string): string {
    return text === '-' ? this.t('no_detector') : this.name(text);
  }

  row(label: string, value: string): Row {
    return { label, value, text: rowText(label, value, this.#column) };
  }
}
