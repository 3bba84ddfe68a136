import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type ResourceKey } from 'i18next';
import { nearestHint } from '../../model/text/nearest.ts';
import { messageOf, UserError, type Problem } from '../../model/user-error.ts';
import { readJson } from './read-json.ts';

/** The text of a key in one language. A missing key or value is a UserError: a mail never has a blank where words belong. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string;

/** The language that says which texts there are. */
const REFERENCE = 'en';
const PLURAL = /_(zero|one|two|few|many|other)$/;
const SUFFIX = '.json';

/** All languages of folders of `<locale>.json` files. Of a language that several have, a text of an earlier folder takes the place of a later one's. */
export class Locales {
  readonly names: readonly string[];
  readonly #folders: readonly string[];

  /** @param folders the operator's, if there is one, and the shipped one last. Throws a UserError for one that cannot be read. */
  constructor(folders: readonly string[]) {
    this.#folders = folders;
    const files = folders.flatMap(filesOf).filter((name) => name.endsWith(SUFFIX));
    this.names = [...new Set(files)].map((name) => name.slice(0, -SUFFIX.length)).sort();
  }

  /** What is wrong with the name of a language that there is no file for; undefined when there is one. */
  problemOf(locale: string): Problem | undefined {
    if (this.names.includes(locale)) return undefined;
    const hint = nearestHint(locale, this.names, `a file ${locale}${SUFFIX} in locales_dir makes one`);
    return { what: 'no such locale', got: locale, expected: this.names.join(' or '), hint };
  }

  /** Throws a UserError for a language there is no file for, or one that lacks texts. */
  translate(locale: string): Translate {
    const texts = this.#textsOf(locale);
    const where = this.#placesOf(locale).join(' over ');
    this.#checkComplete(locale, texts, where);
    const translator = i18next.createInstance();
    void translator.init({
      lng: locale,
      fallbackLng: false,
      initAsync: false,
      // It would keep a formatter for every set of values that a text was ever made of.
      cacheInBuiltFormats: false,
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
    const numbers = new Intl.NumberFormat(locale);
    translator.services.formatter?.add('number', (value: number) => numbers.format(value));
    // Most texts of a mail are names of rows, the same in every section.
    const plain = new Map<string, string>();
    return (key, values) => {
      if (values !== undefined) return translator.t(key, { ...values, nest: false });
      let text = plain.get(key);
      if (text === undefined) plain.set(key, (text = translator.t(key, { nest: false })));
      return text;
    };
  }

  #placesOf(locale: string): string[] {
    return this.#folders.map((folder) => join(folder, locale + SUFFIX)).filter((path) => existsSync(path));
  }

  #textsOf(locale: string): Texts {
    const problem = this.problemOf(locale);
    if (problem !== undefined) throw new UserError(problem);
    return this.#placesOf(locale)
      .map((path) => readJson(path, 'locale cannot be read') as Texts)
      .reduceRight<Texts>((under, over) => merged(under, over), {});
  }

  /** Every language has what English has, in the plural forms that are its own. All missing texts are reported at once. */
  #checkComplete(locale: string, texts: object, where: string): void {
    if (locale === REFERENCE || !this.names.includes(REFERENCE)) return;
    const has = keysOf(texts);
    const forms = pluralForms(locale, where);
    const stems = new Map<string, boolean>();
    for (const key of keysOf(this.#textsOf(REFERENCE))) stems.set(key.replace(PLURAL, ''), PLURAL.test(key));
    const wanted = [...stems].flatMap(([stem, plural]) =>
      plural ? forms.map((form) => `${stem}_${form}`) : [stem],
    );
    const missing = wanted.filter((key) => !has.has(key));
    if (missing.length === 0) return;
    // A text that only an operator's English has may be a mistyped one there.
    const reference = this.#placesOf(REFERENCE);
    const hint = reference.length > 1 ? `they stand in ${reference.join(' over ')}` : undefined;
    throw new UserError({ what: `locale lacks texts: ${missing.join(', ')}`, where, hint });
  }
}

type Texts = Extract<ResourceKey, object>;

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new UserError(
      { what: 'locales cannot be read', where: folder, got: messageOf(error) },
      { cause: error },
    );
  }
}

function pluralForms(locale: string, where: string): readonly string[] {
  try {
    return new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
  } catch (error) {
    throw new UserError(
      {
        what: 'locale is named by no language',
        where,
        got: locale,
        expected: 'a language tag like de or pt-BR',
      },
      { cause: error },
    );
  }
}

/** Both trees of texts in one; where they have the same key, that of `over`. */
function merged(under: Texts, over: Texts): Texts {
  const texts: Record<string, unknown> = { ...(under as Record<string, unknown>) };
  for (const [key, value] of Object.entries(over) as [string, unknown][]) {
    const old = texts[key];
    texts[key] = isTexts(old) && isTexts(value) ? merged(old, value) : value;
  }
  return texts;
}

function isTexts(value: unknown): value is Texts {
  return typeof value === 'object' && value !== null;
}

/** `a.b.c` of every text that is not empty. */
function keysOf(texts: object, prefix = ''): Set<string> {
  const keys = Object.entries(texts).flatMap(([key, value]: [string, unknown]) => {
    if (typeof value === 'object' && value !== null) return [...keysOf(value, `${prefix}${key}.`)];
    return typeof value === 'string' && value !== '' ? [prefix + key] : [];
  });
  return new Set(keys);
}
