import { Ajv } from 'ajv';
import { UserError } from '../../model/user-error.ts';
import { readJson } from '../render/read-json.ts';
import { shippedPath } from '../render/shipped.ts';
import { ASSUMABLE, FALLBACK, TYPES, type Assumed } from './types.ts';

/** One type that a class of events may be reported as. */
export interface XarfType {
  readonly category: string;
  readonly type: string;
  readonly assume?: Assumed;
}

/** X-ARF types of events: the first type in a list for which the events have what its schema requires. */
export interface TypeMap {
  /** The event class in lower case; else the categories in order, each as it is, then its part before the dot; the fallback comes last. */
  typesOf(eventClass: string, categories: readonly string[]): readonly XarfType[];
}

const [category, type] = FALLBACK.split('/') as [string, string];
const LAST: XarfType = { category, type };

const LISTS = {
  type: 'object',
  additionalProperties: {
    type: 'array',
    minItems: 1,
    items: {
      type: 'object',
      required: ['category', 'type'],
      additionalProperties: false,
      properties: {
        category: { type: 'string' },
        type: { type: 'string' },
        assume: {
          type: 'object',
          propertyNames: { enum: ASSUMABLE },
          additionalProperties: { type: 'string', minLength: 1, maxLength: 200 },
        },
      },
    },
  },
};
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  properties: { classes: LISTS, categories: LISTS },
};

type Lists = Readonly<Record<string, readonly XarfType[]>>;
interface Written {
  readonly classes?: Lists;
  readonly categories?: Lists;
}

/**
 * The shipped `conf/xarf-types.json`, the operator's file over it, entry by entry. Throws a UserError when a file cannot be read, or names a
 * type that documents cannot be made of.
 */
export function loadTypeMap(operatorFile?: string): TypeMap {
  const classes = new Map<string, readonly XarfType[]>();
  const categories = new Map<string, readonly XarfType[]>();
  const validate = new Ajv().compile<Written>(SCHEMA);
  for (const path of [shippedPath('conf', 'xarf-types.json'), operatorFile]) {
    if (path === undefined) continue;
    const written = readJson(path, 'X-ARF types cannot be read');
    if (!validate(written)) {
      const { instancePath, message } = validate.errors![0]!;
      throw problem(`${path}${instancePath.replaceAll('/', ' ')}`, message ?? 'not as it should be');
    }
    for (const [name, types] of Object.entries(written.classes ?? {}))
      classes.set(name.toLowerCase(), known(types, `${path} classes ${name}`));
    for (const [name, types] of Object.entries(written.categories ?? {}))
      categories.set(name, known(types, `${path} categories ${name}`));
  }
  return {
    typesOf(eventClass, all) {
      const found =
        classes.get(eventClass.toLowerCase()) ??
        all
          .map((name) => categories.get(name) ?? categories.get(name.split('.')[0]!))
          .find((types) => types !== undefined);
      return [...(found ?? []), LAST];
    },
  };
}

function known(types: readonly XarfType[], where: string): readonly XarfType[] {
  for (const one of types) {
    const name = `${one.category}/${one.type}`;
    if (!Object.hasOwn(TYPES, name))
      throw problem(where, `${name} is not one of ${Object.keys(TYPES).join(', ')}`);
  }
  return types;
}

function problem(where: string, got: string): UserError {
  return new UserError({ what: 'X-ARF types are not as they should be', where, got });
}
