import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type ResourceKey } from 'i18next';
import { messageOf, UserError } from '../model/user-error.ts';
import { atLine } from './text-fault.ts';

/** The text of a key in one language. A missing key or value is a UserError: a mail never has a blank where words belong. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string;

/** The language that says which texts there are. */
const REFERENCE = 'en';
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** All languages of a folder of `<locale>.json` files. */
export class Locales {
  readonly names: readonly string[];
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.names = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .sort();
  }

  /** Throws a UserError for a language there is no file for. */
  translate(locale: string): Translate {
    if (!this.names.includes(locale)) {
      throw new UserError({ what: 'no such locale', got: locale, expected: this.names.join(' or ') });
    }
    const where = join(this.#folder, `${locale}.json`);
    const texts = readTexts(where);
    this.#checkComplete(locale, texts, where);
    const translator = i18next.createInstance();
    void translator.init({
      lng: locale,
      fallbackLng: false,
      initAsync: false,
      resources: { [locale]: { translation: texts } },
      // Values come out of events: they are neither escaped here, nor looked through for further keys.
      interpolation: { escapeValue: false, skipOnVariables: true },
      parseMissingKeyHandler: (key) => {
        throw new UserError({ what: 'locale lacks a text', where, got: key });
      },
      missingInterpolationHandler: (text, match: readonly string[]) => {
        throw new UserError({
          what: 'text names a value that does not exist',
          where,
          got: match[1]?.trim(),
          expected: `for: ${text}`,
        });
      },
    });
    return (key, values = {}) => translator.t(key, { ...values, nest: false });
  }

  /** Every language has what English has, in the plural forms that are its own. All that is missing is told at once. */
  #checkComplete(locale: string, texts: object, where: string): void {
    if (locale === REFERENCE || !this.names.includes(REFERENCE)) return;
    const has = keysOf(texts);
    const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
    const stems = new Map<string, boolean>();
    for (const key of keysOf(readTexts(join(this.#folder, `${REFERENCE}.json`))))
      stems.set(key.replace(PLURAL, ''), PLURAL.test(key));
    const wanted = [...stems].flatMap(([stem, plural]) =>
      plural ? forms.map((form) => `${stem}_${form}`) : [stem],
    );
    const missing = wanted.filter((key) => !has.has(key));
    if (missing.length === 0) return;
    throw new UserError({ what: `locale lacks texts: ${missing.join(', ')}`, where });
  }
}

type Texts = Extract<ResourceKey, object>;

function readTexts(path: string): Texts {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
    return JSON.parse(text) as Texts;
  } catch (error) {
    const fault = atLine(text, messageOf(error));
    throw new UserError(
      { what: 'locale cannot be read', where: `${path}${fault.line}`, got: fault.message },
      { cause: error },
    );
  }
}

/** `a.b.c` of every text that is not empty. */
function keysOf(texts: object, prefix = ''): Set<string> {
  const keys = Object.entries(texts).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return [...keysOf(value, `${prefix}${key}.`)];
    return typeof value === 'string' && value !== '' ? [prefix + key] : [];
  });
  return new Set(keys);
}
