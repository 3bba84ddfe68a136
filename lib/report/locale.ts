import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type ResourceKey } from 'i18next';
import { messageOf, UserError } from '../model/user-error.ts';

/** The text of a key in one language. A missing key or value is a UserError: a mail never has a blank where words belong. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string;

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
    const translator = i18next.createInstance();
    void translator.init({
      lng: locale,
      fallbackLng: false,
      initAsync: false,
      resources: { [locale]: { translation: readTexts(where) } },
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
}

function readTexts(path: string): ResourceKey {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as ResourceKey;
  } catch (error) {
    throw new UserError(
      { what: 'locale cannot be read', where: path, got: messageOf(error) },
      { cause: error },
    );
  }
}
