import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import i18next, { type Resource } from 'i18next';
import { messageOf, UserError } from '../model/user-error.ts';

/** The text of a key in one language. A missing key or value is a UserError: a mail never has a blank where words belong. */
export type Translate = (key: string, values?: Readonly<Record<string, unknown>>) => string;

const NAMESPACE = 'report';

/** All languages of a folder of `<locale>.json` files. */
export class Locales {
  readonly names: readonly string[];
  readonly #translator: ReturnType<typeof i18next.createInstance>;
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
    this.names = readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => name.slice(0, -'.json'.length))
      .sort();
    this.#translator = i18next.createInstance();
    void this.#translator.init({
      initAsync: false,
      resources: Object.fromEntries(
        this.names.map((name): [string, Resource[string]] => [name, { [NAMESPACE]: this.#read(name) }]),
      ),
      fallbackLng: false,
      ns: [NAMESPACE],
      defaultNS: NAMESPACE,
      returnNull: false,
      // Values come out of events: they are neither escaped here, nor looked through for further keys.
      interpolation: { escapeValue: false, skipOnVariables: true },
    });
  }

  #read(name: string): Resource[string][string] {
    const path = join(this.#folder, `${name}.json`);
    try {
      return JSON.parse(readFileSync(path, 'utf8')) as Resource[string][string];
    } catch (error) {
      throw new UserError(
        { what: 'locale cannot be read', where: path, got: messageOf(error) },
        { cause: error },
      );
    }
  }

  /** Rejects a language there is no file for. */
  translate(locale: string): Translate {
    if (!this.names.includes(locale)) {
      throw new UserError({ what: 'no such locale', got: locale, expected: this.names.join(' or ') });
    }
    const where = join(this.#folder, `${locale}.json`);
    const lookUp = this.#translator.getFixedT(locale, NAMESPACE) as (key: string, options: object) => string;
    return (key, values = {}) =>
      lookUp(key, {
        ...values,
        nest: false,
        parseMissingKeyHandler: () => {
          throw new UserError({ what: 'locale lacks a text', where, got: key });
        },
        missingInterpolationHandler: (_text: string, match: readonly string[]) => {
          throw new UserError({
            what: `text ${key} names a value that does not exist`,
            where,
            got: match[1]?.trim(),
          });
        },
      });
  }
}
