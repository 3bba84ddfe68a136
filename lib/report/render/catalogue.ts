import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv, type ErrorObject } from 'ajv';
import { byCodePoint } from '../../model/event/object-view.ts';
import { messageOf, UserError, type Problem } from '../../model/user-error.ts';
import { DEFAULT_FIELDS, MAIN_FIELDS, SECTION_FIELDS } from '../content/fields.ts';
import { readJson } from './read-json.ts';
import { shippedPath } from './shipped.ts';

/** What a mail says about a class of events, and which of their facts it shows. Texts by language. */
export interface EventClass {
  /** Heading: one sentence without a full stop. */
  readonly label: Readonly<Record<string, string>>;
  /** What the reader should do about it. */
  readonly advice?: Readonly<Record<string, string>>;
  /** Link to an explanation. */
  readonly reference?: string;
  readonly main: readonly string[];
  readonly source: readonly string[];
  readonly target: readonly string[];
}

/** The text in a language, or the English one, which is always there. */
export function inLanguage(texts: EventClass['label'] | undefined, locale: string): string | undefined {
  return texts?.[locale] ?? texts?.['en'];
}

/**
 * The known event classes. Looked up in lower case. A category that a class names has the texts of that class with the
 * default facts.
 */
export interface Catalogue {
  find(eventClass: string): EventClass | undefined;
}

const TEXTS = { type: 'object', required: ['en'], additionalProperties: { type: 'string', minLength: 1 } };
const fields = (names: readonly string[], description: string): object => ({
  type: 'array',
  items: { enum: names },
  uniqueItems: true,
  description,
});

/** What a file of event classes may hold: classes by name. */
export const EVENT_CLASS_SCHEMA = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['label'],
    additionalProperties: false,
    properties: {
      label: {
        ...TEXTS,
        description: 'heading: one sentence without a full stop, by language; `en` has to be there',
      },
      advice: {
        ...TEXTS,
        description: 'what the reader should do about it, by language; `en` has to be there',
      },
      reference: {
        type: 'string',
        pattern: '^https?://[^\\s]+$',
        description: 'address of a page that explains it',
      },
      categories: {
        type: 'array',
        items: { type: 'string', minLength: 1 },
        uniqueItems: true,
        description: 'categories that say the same, for events that have one of them and no class',
      },
      main: fields(MAIN_FIELDS, 'facts of the events that a mail shows'),
      source: fields(SECTION_FIELDS, 'facts of their sources that a mail shows'),
      target: fields(SECTION_FIELDS, 'facts of their targets that a mail shows'),
    },
  },
};

const CLASS_MEMBERS = Object.keys(EVENT_CLASS_SCHEMA.additionalProperties.properties);

type Written = Record<
  string,
  Pick<EventClass, 'label' | 'advice' | 'reference'> &
    Partial<EventClass> & { readonly categories?: readonly string[] }
>;

/**
 * The shipped classes, those of the operator over them, class by class. Throws a UserError when a file cannot be read, or names fields that
 * do not exist.
 * @param own the operator's: a JSON file, or a folder of which every `*.json` is read, in the order of their names
 */
export function loadCatalogue(own?: string): Catalogue {
  const classes = new Map<string, EventClass>();
  const byCategory = new Map<string, string>();
  // Validating the schema itself takes longer than validating the files.
  const ajv = new Ajv({ allErrors: false, verbose: true, validateSchema: false });
  const validate = ajv.compile<Written>(EVENT_CLASS_SCHEMA);
  for (const path of [shippedPath('conf', 'event-classes.json'), ...filesOf(own)]) {
    const written = readJson(path, 'event classes cannot be read');
    if (!validate(written)) throw new UserError(problemOf(path, validate.errors![0]!));
    for (const [name, { categories = [], ...one }] of Object.entries(written)) {
      for (const category of categories) byCategory.set(category.toLowerCase(), name.toLowerCase());
      classes.set(name.toLowerCase(), {
        ...one,
        main: one.main ?? [],
        source: one.source ?? [],
        target: one.target ?? [],
      });
    }
  }
  const ofCategory = (category: string): EventClass | undefined => {
    const name = byCategory.get(category);
    const known = name === undefined ? undefined : classes.get(name);
    return known === undefined ? undefined : { ...known, ...DEFAULT_FIELDS };
  };
  return {
    find: (eventClass) => {
      const name = eventClass.toLowerCase();
      return classes.get(name) ?? ofCategory(name);
    },
  };
}

function filesOf(path: string | undefined): string[] {
  if (path === undefined) return [];
  try {
    if (!statSync(path).isDirectory()) return [path];
    const names = readdirSync(path).filter((name) => name.endsWith('.json'));
    return names.sort(byCodePoint).map((name) => join(path, name));
  } catch (error) {
    throw new UserError(
      { what: 'event classes cannot be read', where: path, got: messageOf(error) },
      { cause: error },
    );
  }
}

function problemOf(path: string, { keyword, instancePath, params, message, data }: ErrorObject): Problem {
  const where = `${path}${instancePath.replaceAll('/', ' ')}`;
  const details = params as { allowedValues?: string[]; additionalProperty?: string };
  switch (keyword) {
    case 'enum':
      return {
        what: 'event class displays a field that does not exist',
        where,
        got: data,
        expected: `one of ${details.allowedValues!.join(', ')}`,
      };
    case 'additionalProperties':
      return {
        what: 'event class has a member that does not exist',
        where,
        got: details.additionalProperty,
        expected: `one of ${CLASS_MEMBERS.join(', ')}`,
      };
    case 'required':
      return { what: `event class ${message}`, where };
    default:
      return { what: `event class ${message}`, where, got: data };
  }
}
