import type { SchemaObject } from 'ajv';
import { parseTime } from '../model/time.ts';
import { ACCOUNT, LINE, NAME_PART, oneOf, TIME, ZONE } from '../model/schema-problems.ts';
import type { Key } from './keys/key.ts';

/** What a key's value looks like as JSON, in a configuration file. */
export function schemaOf(key: Key): SchemaObject {
  switch (key.kind) {
    case 'flag':
      return { type: 'boolean', expected: 'true or false' };
    case 'count':
      return { type: 'integer', minimum: 0, expected: 'a whole number, 0 or more' };
    case 'integer':
      return key.maximum === undefined
        ? { type: 'integer', minimum: key.minimum, expected: `a whole number, ${key.minimum} or more` }
        : {
            type: 'integer',
            minimum: key.minimum,
            maximum: key.maximum,
            expected: `a whole number from ${key.minimum} to ${key.maximum}`,
          };
    case 'text':
      return {
        type: 'string',
        ...(key.pattern === undefined ? {} : { pattern: key.pattern }),
        expected: key.expected ?? 'a text',
      };
    case 'account':
      return ACCOUNT;
    case 'name':
      return NAME_PART;
    case 'texts':
      return { type: 'array', items: LINE, expected: 'a text or a list of texts' };
    case 'time':
      return TIME;
    case 'zone':
      return ZONE;
    case 'choice':
      return oneOf(key.choices);
    case 'choices':
      return {
        type: 'array',
        items: oneOf(key.choices),
        expected: `one or more of ${key.choices.join(', ')}`,
      };
    case 'object':
      return { type: 'object', expected: 'an object' };
  }
}

/** A value of a list key as a list; a single text is a list of one, as the reference writes `mail_admin`. */
export function listed(key: Key, value: unknown): unknown {
  return isList(key) && typeof value === 'string' ? [value] : value;
}

/** True of a key whose value is a list of texts. */
export function isList({ kind }: Key): boolean {
  return kind === 'texts' || kind === 'choices';
}

/** A checked JSON value as the program uses it: times as instants. */
export function settled(key: Key, value: unknown): unknown {
  return key.kind === 'time' ? parseTime(value) : value;
}
