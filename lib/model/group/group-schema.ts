import type { SchemaObject } from 'ajv';
import {
  ATTACHMENTS,
  DEFANG,
  MODES,
  TIMING_SUFFIX,
  timingsOf,
  type FilterDefinition,
  type FilterDocument,
  type GroupDocument,
  type Network,
  type WrittenGroup,
} from './group.ts';
import { byCodePoint, toObject } from '../event/object-view.ts';
import {
  ADDRESS,
  checkedAddress,
  compileSchema,
  LINE,
  NAME_PART,
  oneOf,
  schemaProblems,
  throwProblems,
  TIME_OR_NULL,
  ZONE,
} from '../schema-problems.ts';
import { SEVERITIES } from '../severity.ts';
import { parseTime } from '../time.ts';
import { DEFAULT_TIMINGS } from '../timing.ts';
import { UserError, type Problem } from '../user-error.ts';

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

/** A schema with what its value means, for the reference of groups. */
function about(schema: SchemaObject, description: string): SchemaObject {
  return { ...schema, description };
}

const TIMINGS = Object.fromEntries(
  SEVERITIES.flatMap((severity) => {
    const suffix = TIMING_SUFFIX[severity];
    const { period, threshold, relapse } = DEFAULT_TIMINGS[severity];
    return [
      [
        `timing_per_${suffix}`,
        about(PERIOD, `period: how often it hears of ${severity} severity; default ${period}`),
      ],
      [
        `timing_thr_${suffix}`,
        about(SECONDS, `threshold: how long a source stays quiet then; default ${threshold}`),
      ],
      [
        `timing_rel_${suffix}`,
        about(SECONDS, `relapse: the last part of that, whose events come back; default ${relapse}`),
      ],
    ];
  }),
);

/** What a group document may hold: {@link GroupDocument} for people. */
export const GROUP_SCHEMA: SchemaObject = objectWith(
  {
    name: about(LINE, 'names the group; the mail address, too, where `emails` says no other'),
    description: about(TEXT, 'for people'),
    enabled: about(FLAG, 'false: nothing is worked out for it; default true'),
    networks: about(
      listOf(
        objectWith(
          {
            netname: about(TEXT, 'name of the network, for people'),
            network: about(ADDRESS, 'events with a source in it concern the group'),
            description: about(TEXT, 'for people'),
          },
          ['network'],
        ),
        'a list of networks',
      ),
      'what belongs to the group',
    ),
    filters: about(
      listOf(
        objectWith(
          {
            name: about(LINE, 'names the filter; each name once'),
            type: about(
              oneOf(['basic', 'advanced']),
              'basic: lists; advanced: an expression; found out when left out',
            ),
            filter: about(TEXT, 'expression of the filter language'),
            analyzers: about(listOf(LINE, 'a list of texts'), 'basic: names of detecting programs'),
            categories: about(listOf(LINE, 'a list of texts'), 'basic: categories of events'),
            ips: about(listOf(ADDRESS, 'a list of addresses, nets and ranges'), 'basic: sources'),
            description: about(TEXT, 'for people'),
            enabled: about(FLAG, 'false: passed over; default true'),
            valid_from: about(TIME_OR_NULL, 'passed over before'),
            valid_to: about(TIME_OR_NULL, 'passed over after'),
          },
          ['name'],
        ),
        'a list of filters',
      ),
      'what they match is not reported',
    ),
    settings: about(
      objectWith({
        emails: about(listOf(LINE, 'a list of mail addresses'), 'where mails go; default: the name'),
        mode: about(oneOf(MODES), 'one mail for all, one a source, both, or none; default summary'),
        attachments: about(oneOf(ATTACHMENTS), 'files of the events beside a mail; default json'),
        template: about(NAME_PART, 'template of mails; default `default`'),
        locale: about(NAME_PART, 'language of mails; default en'),
        timezone: about(ZONE, 'zone of the times in mails; default UTC'),
        defang: about(
          oneOf(DEFANG),
          'what of an event is written so that nothing makes a link of it; default urls',
        ),
        timing: about(oneOf(['default', 'custom']), 'custom: the seconds below hold; default: they do not'),
        ...TIMINGS,
        mute: about(FLAG, 'reports are stored, mails are not sent; default false'),
        redirect: about(FLAG, 'mails go to `mail_admin`; default false'),
        compress: about(FLAG, 'files are zipped; default false'),
        xarf: about(FLAG, 'X-ARF documents go along; default false'),
        auto_submitted: about(
          FLAG,
          'mails have the header Auto-Submitted, for which some ticket systems drop them; default true',
        ),
        max_attachment_size: about(
          { type: 'integer', minimum: 0, expected: 'whole bytes, 0 for no limit' },
          'of all files beside a mail; default 10485760',
        ),
      }),
      'how it is told',
    ),
  },
  ['name'],
);

let validator: ReturnType<typeof compileSchema> | undefined;

/**
 * Checks a group document and works it out: defaults filled in, networks and times read, filters in the order of their names.
 * @param where names the document in errors: file and line, or the store
 * @throws UserErrors with a line for every problem
 */
export function parseGroup(value: unknown, where: string, basicExpression: BasicExpression): WrittenGroup {
  const name = toObject(value)?.['name'];
  const at = typeof name === 'string' ? `${where}, group ${JSON.stringify(name)}` : where;
  validator ??= compileSchema(GROUP_SCHEMA);
  throwProblems(schemaProblems(validator, value, at));
  const written = value as GroupDocument;
  throwProblems(filterProblems(written.filters ?? [], at, basicExpression));
  return groupOf(written, basicExpression);
}

function groupOf(written: GroupDocument, basicExpression: BasicExpression): WrittenGroup {
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
      autoSubmitted: settings.auto_submitted ?? true,
      maxAttachmentSize: settings.max_attachment_size ?? 10_485_760,
    },
    written,
  };
}

function networkOf(network: NonNullable<GroupDocument['networks']>[number]): Network {
  return { range: checkedAddress(network.network) };
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
function filterProblems(
  filters: readonly FilterDocument[],
  where: string,
  basicExpression: BasicExpression,
): Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  for (const [i, filter] of filters.entries()) {
    const at = `${where}, filters[${i}]`;
    if (names.has(filter.name))
      problems.push({ what: `a second filter named ${JSON.stringify(filter.name)}`, where: at });
    names.add(filter.name);
    const problem = expressionProblem(filter, basicExpression);
    if (problem !== undefined) problems.push({ ...problem, where: at });
    const [from, to] = [timeOf(filter.valid_from), timeOf(filter.valid_to)];
    if (from !== undefined && to !== undefined && to < from) {
      problems.push({ what: 'valid_to lies before valid_from', where: at, got: filter.valid_to });
    }
  }
  return problems;
}

/** Why a filter has no expression, or one too many. */
function expressionProblem(filter: FilterDocument, basicExpression: BasicExpression): Problem | undefined {
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
    if (error instanceof UserError) return error.problem;
    throw error;
  }
}
