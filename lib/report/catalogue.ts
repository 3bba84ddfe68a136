import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { messageOf, UserError } from '../model/user-error.ts';
import { MAIN_FIELDS, SECTION_FIELDS } from './fields.ts';
import { shippedPath } from './shipped.ts';

/** What a mail says of a kind of events, and which of their facts it shows. Texts by language. */
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

/** The known event classes. Looked up in lower case; unknown ones have no entry. */
export interface Catalogue {
  find(eventClass: string): EventClass | undefined;
}

const TEXTS = { type: 'object', required: ['en'], additionalProperties: { type: 'string', minLength: 1 } };
const fields = (names: readonly string[]): object => ({
  type: 'array',
  items: { enum: names },
  uniqueItems: true,
});

const SCHEMA = {
  type: 'object',
  additionalProperties: {
    type: 'object',
    required: ['label'],
    additionalProperties: false,
    properties: {
      label: TEXTS,
      advice: TEXTS,
      reference: { type: 'string', pattern: '^https?://[^\\s]+$' },
      main: fields(MAIN_FIELDS),
      source: fields(SECTION_FIELDS),
      target: fields(SECTION_FIELDS),
    },
  },
};

type Written = Record<string, Pick<EventClass, 'label' | 'advice' | 'reference'> & Partial<EventClass>>;

/**
 * The shipped classes, those of the operator's file over them, class by class. Throws a UserError when a file cannot be read, or names
 * fields that do not exist.
 */
export function loadCatalogue(operatorFile?: string): Catalogue {
  const classes = new Map<string, EventClass>();
  const validate = new Ajv({ allErrors: false }).compile<Written>(SCHEMA);
  for (const path of [shippedPath('conf', 'event-classes.json'), operatorFile]) {
    if (path === undefined) continue;
    const written = read(path);
    if (!validate(written)) {
      const fault = validate.errors?.[0];
      const where = `${path}${fault?.instancePath.replaceAll('/', ' ') ?? ''}`;
      throw new UserError({
        what: `event class ${fault?.message ?? 'is not valid'}`,
        where,
        got: fault?.params,
      });
    }
    for (const [name, one] of Object.entries(written)) {
      classes.set(name.toLowerCase(), {
        ...one,
        main: one.main ?? [],
        source: one.source ?? [],
        target: one.target ?? [],
      });
    }
  }
  return { find: (eventClass) => classes.get(eventClass.toLowerCase()) };
}

function read(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UserError(
      { what: 'event classes cannot be read', where: path, got: messageOf(error) },
      { cause: error },
    );
  }
}
