import type { Defang, Settings } from '../../model/group/group.ts';
import type { ValueSet } from '../../model/report.ts';
import { defang } from './defang.ts';
import type { Instant } from '../../model/time.ts';
import { MAIN_FIELDS, SECTION_FIELDS } from '../content/fields.ts';
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

const SPANS = [
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const;

/** One fact with its label; `text` is the two laid out as lines of a plain mail. */
export interface Row {
  readonly label: string;
  readonly value: string;
  readonly text: string;
}

/** What words depend on. */
export type Reader = Pick<Settings, 'locale' | 'timezone' | 'defang'>;

/** Words, numbers, times and rows in one reader's language and zone; text out of events is made harmless in them, and only in them. */
export class Words {
  readonly t: Translate;
  readonly time: FormatTime;
  /** Name of the reader's zone. */
  readonly zone: string;
  readonly #locale: string;
  readonly #number: Intl.NumberFormat;
  readonly #size: Intl.NumberFormat;
  readonly #column: number;
  readonly #defang: Defang;

  constructor(translate: Translate, { locale, timezone, defang: level }: Reader) {
    this.t = translate;
    this.#defang = level;
    this.zone = timezone;
    this.#locale = locale;
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

  /** A length of time in its largest unit, which it is a multiple of: `15 minutes`. */
  span(seconds: number): string {
    const [unit, length] = SPANS.find(([, length]) => seconds % length === 0)!;
    const format = new Intl.NumberFormat(this.#locale, { style: 'unit', unit, unitDisplay: 'long' });
    return format.format(seconds / length);
  }

  /** Day and time of day in the reader's zone with its offset: `2026-01-05`, `13:00`, `+01:00`. */
  clock(instant: Instant): { day: string; time: string; offset: string } {
    const [day, time, offset] = this.time(instant).split(' ') as [string, string, string];
    return { day, time: time.slice(0, 5), offset };
  }

  /** Seconds by which the reader's clock is ahead of UTC. */
  readonly offset = (instant: Instant): number => {
    const [day, time] = this.time(instant).split(' ') as [string, string];
    return Date.parse(`${day}T${time}Z`) / 1000 - Math.floor(instant / 1000);
  };

  /** The first values, and how many more there are. */
  values(set: ValueSet): string {
    const shown = set.values
      .slice(0, LIST_ITEMS)
      .map((value) => this.#harmless(oneLine(String(value))) || '-');
    return this.#andMore(shown.join(', '), shown.length, set);
  }

  /** As {@link values}, of free text: fewer of them, each cut, apart from one another whatever commas are in them. */
  sentences(set: ValueSet): string {
    const shown = set.values
      .slice(0, SENTENCES)
      .map((value) => this.#harmless(cutText(oneLine(String(value)), SENTENCE_LIMIT)) || '-');
    return this.#andMore(shown.join(' | '), shown.length, set);
  }

  #andMore(shown: string, printed: number, set: ValueSet): string {
    const count = set.values.length - printed + (set.left_out ?? 0);
    if (count === 0) return shown;
    return `${shown} ${this.t(set.at_least === true ? 'more.values_at_least' : 'more.values', { count })}`;
  }

  /** A name out of an event, for a sentence or a row. */
  name(text: string): string {
    return this.#harmless(cutText(oneLine(text), NAME_LIMIT)) || '-';
  }

  #harmless(text: string): string {
    return defang(text, this.#defang);
  }

  /** A source: its address, or a word for none. */
  source(text: string): string {
    return text === '-' ? this.t('no_source') : this.name(text);
  }

  /** A detector: its name, or a word for none. */
  detector(text: string): string {
    return text === '-' ? this.t('no_detector') : this.name(text);
  }

  row(label: string, value: string): Row {
    return { label, value, text: rowText(label, value, this.#column) };
  }
}
