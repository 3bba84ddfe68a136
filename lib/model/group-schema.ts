import type { SchemaObject } from 'ajv';
import { parseAddress } from './address.ts';
import {
  ATTACHMENTS,
  DEFANG,
  MODES,
  timingsOf,
  type FilterDefinition,
  type FilterDocument,
  type Group,
  type GroupDocument,
  type Network,
} from './group.ts';
import { byCodePoint, objectOf } from './object-view.ts';
import {
  ADDRESS,
  compileSchema,
  LINE,
  NAME_PART,
  oneOf,
  schemaFaults,
  throwFaults,
  TIME_OR_NULL,
  ZONE,
} from './schema-faults.ts';
import { parseTime } from './time.ts';
import { UserError, type Fault } from './user-error.ts';

/*
 * A group as a person writes it becomes a group the program can work with, or every reason why not. Nothing is taken silently: an
 * unknown key, a bad value, a network that is none, two filters of one name are all refused.
 */

/** The lists of a basic filter; at least one is not empty. */
export interface BasicLists {
  readonly analyzers: readonly string[];
  readonly categories: readonly string[];
  readonly ips: readonly string[];
}

/** Writes a basic filter as an expression of the filter language. Throws a UserError when that cannot be done. */
export type BasicExpression = (lists: BasicLists) => string;

const TEXT: SchemaObject = { type: 'string', expected: 'a text' };
const FLAG: SchemaObject = { type: 'boolean', expected: 'true or false' };
/** Seconds: ten years, so that sums with instants stay instants. */
const LONGEST = 315_360_000;
const PERIOD: SchemaObject = {
  type: 'integer',
  minimum: 1,
  maximum: LONGEST,
  expected: 'whole seconds above 0, up to ten years',
};
const SECONDS: SchemaObject = {
  type: 'integer',
  minimum: 0,
  maximum: LONGEST,
  expected: 'whole seconds, 0 or more, up to ten years',
};

function listOf(items: SchemaObject, expected: string): SchemaObject {
  return { type: 'array', items, expected };
}

function objectWith(
  properties: Record<string, SchemaObject>,
  required: readonly string[] = [],
): SchemaObject {
  return { type: 'object', properties, required, additionalProperties: false, expected: 'an object' };
}

const TIMINGS = Object.fromEntries(
  ['lo', 'md', 'hi', 'cr'].flatMap((suffix) => [
    [`timing_per_${suffix}`, PERIOD],
    [`timing_thr_${suffix}`, SECONDS],
    [`timing_rel_${suffix}`, SECONDS],
  ]),
);

/** What a group document may hold: {@link GroupDocument} for people. */
export const GROUP_SCHEMA: SchemaObject = objectWith(
  {
    name: LINE,
    description: TEXT,
    enabled: FLAG,
    networks: listOf(
      objectWith({ netname: TEXT, network: ADDRESS, description: TEXT }, ['network']),
      'a list of networks',
    ),
    filters: listOf(
      objectWith(
        {
          name: LINE,
          type: oneOf(['basic', 'advanced']),
          filter: TEXT,
          analyzers: listOf(LINE, 'a list of texts'),
          categories: listOf(LINE, 'a list of texts'),
          ips: listOf(ADDRESS, 'a list of addresses, nets and ranges'),
          description: TEXT,
          enabled: FLAG,
          valid_from: TIME_OR_NULL,
          valid_to: TIME_OR_NULL,
        },
        ['name'],
      ),
      'a list of filters',
    ),
    settings: objectWith({
      emails: listOf(LINE, 'a list of mail addresses'),
      mode: oneOf(MODES),
      attachments: oneOf(ATTACHMENTS),
      template: NAME_PART,
      locale: NAME_PART,
      timezone: ZONE,
      defang: oneOf(DEFANG),
      timing: oneOf(['default', 'custom']),
      ...TIMINGS,
      mute: FLAG,
      redirect: FLAG,
      compress: FLAG,
      xarf: FLAG,
      max_attachment_size: { type: 'integer', minimum: 0, expected: 'whole bytes, 0 for no limit' },
    }),
  },
  ['name'],
);

let validator: ReturnType<typeof compileSchema> | undefined;

/**
 * Checks a group document and works it out: defaults filled in, networks and times read, filters in the order of their names.
 * @param where names the document in errors: file and line, or the store
 * @throws UserErrors with a line for every problem
 */
export function parseGroup(value: unknown, where: string, basicExpression: BasicExpression): Group {
  const name = objectOf(value)?.['name'];
  const at = typeof name === 'string' ? `${where}, group ${JSON.stringify(name)}` : where;
  validator ??= compileSchema(GROUP_SCHEMA);
  throwFaults(schemaFaults(validator, value, at));
  const written = value as GroupDocument;
  throwFaults(filterFaults(written.filters ?? [], at, basicExpression));
  return groupOf(written, basicExpression);
}

function groupOf(written: GroupDocument, basicExpression: BasicExpression): Group {
  const settings = written.settings ?? {};
  return {
    name: written.name,
    description: written.description ?? '',
    enabled: written.enabled ?? true,
    networks: (written.networks ?? []).map(networkOf),
    filters: (written.filters ?? [])
      .map((filter) => filterOf(filter, basicExpression))
      .sort((a, b) => byCodePoint(a.name, b.name)),
    settings: {
      emails: settings.emails ?? (written.name.includes('@') ? [written.name] : []),
      mode: settings.mode ?? 'summary',
      attachments: settings.attachments ?? 'json',
      template: settings.template ?? 'default',
      locale: settings.locale ?? 'en',
      timezone: settings.timezone ?? 'UTC',
      defang: settings.defang ?? 'urls',
      timings: timingsOf(settings),
      mute: settings.mute ?? false,
      redirect: settings.redirect ?? false,
      compress: settings.compress ?? false,
      xarf: settings.xarf ?? false,
      maxAttachmentSize: settings.max_attachment_size ?? 10_485_760,
    },
    written,
  };
}

function networkOf(network: NonNullable<GroupDocument['networks']>[number]): Network {
  const range = parseAddress(network.network);
  if (range === undefined) throw new Error(`a network passed the schema unread: ${network.network}`);
  return { netname: network.netname ?? '', description: network.description ?? '', range };
}

function filterOf(filter: FilterDocument, basicExpression: BasicExpression): FilterDefinition {
  return {
    name: filter.name,
    description: filter.description ?? '',
    expression: filter.filter ?? basicExpression(listsOf(filter)),
    enabled: filter.enabled ?? true,
    validFrom: timeOf(filter.valid_from),
    validTo: timeOf(filter.valid_to),
  };
}

function timeOf(value: string | number | null | undefined): number | undefined {
  return value === undefined || value === null ? undefined : parseTime(value);
}

function listsOf(filter: FilterDocument): BasicLists {
  return { analyzers: filter.analyzers ?? [], categories: filter.categories ?? [], ips: filter.ips ?? [] };
}

/** What a schema cannot say: names once, something to filter by, an end after the beginning. */
function filterFaults(
  filters: readonly FilterDocument[],
  where: string,
  basicExpression: BasicExpression,
): Fault[] {
  const faults: Fault[] = [];
  const names = new Set<string>();
  for (const [i, filter] of filters.entries()) {
    const at = `${where}, filters[${i}]`;
    if (names.has(filter.name))
      faults.push({ what: `a second filter named ${JSON.stringify(filter.name)}`, where: at });
    names.add(filter.name);
    const fault = expressionFault(filter, basicExpression);
    if (fault !== undefined) faults.push({ ...fault, where: at });
    const [from, to] = [timeOf(filter.valid_from), timeOf(filter.valid_to)];
    if (from !== undefined && to !== undefined && to < from) {
      faults.push({ what: 'valid_to lies before valid_from', where: at, got: filter.valid_to });
    }
  }
  return faults;
}

/** Why a filter has no expression, or one too many. */
function expressionFault(filter: FilterDocument, basicExpression: BasicExpression): Fault | undefined {
  const lists = listsOf(filter);
  const hasLists = [lists.analyzers, lists.categories, lists.ips].some((list) => list.length > 0);
  if (filter.filter !== undefined) {
    return hasLists && filter.type !== 'basic'
      ? { what: 'an expression and lists at once', expected: 'one of them' }
      : undefined;
  }
  if (filter.type === 'advanced') return { what: 'filter is missing', expected: 'an expression' };
  if (!hasLists) {
    return {
      what: 'the filter names nothing',
      expected: 'an expression in filter, or analyzers, categories or ips',
    };
  }
  try {
    basicExpression(lists);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error.fault;
    throw error;
  }
}
