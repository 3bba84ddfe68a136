import { Ajv, type ErrorObject, type SchemaObject, type ValidateFunction } from 'ajv';
import { parseAddress, type NamedRange } from './network/address.ts';
import { nearest, nearestHint } from './text/nearest.ts';
import { parseTime } from './time.ts';
import { describeProblem, UserError, type Problem } from './user-error.ts';

/*
 * Validates what a person wrote against an ajv schema; every difference becomes a problem with its place, the value and the expected value.
 * Beside ajv's own keywords a schema may use `expected`, the words for the expected value, and `check`, the name of one of the checks below.
 */

/** Addresses of the document that was validated last, so that none is parsed twice. */
const addresses = new Map<string, NamedRange>();

/** An address of the document that was validated last. */
export function checkedAddress(text: string): NamedRange {
  const range = addresses.get(text);
  if (range === undefined) throw new Error(`an address passed the schema without being parsed: ${text}`);
  return range;
}

function isAddress(text: string): boolean {
  const range = parseAddress(text);
  if (range !== undefined) addresses.set(text, range);
  return range !== undefined;
}

const CHECKS = {
  account: (value: unknown) =>
    typeof value === 'number' ? Number.isSafeInteger(value) && value >= 0 : isAccountName(value),
  address: (value: unknown) => typeof value === 'string' && isAddress(value),
  time: (value: unknown) => parseTime(value) !== undefined,
  timeOrNull: (value: unknown) => value === null || parseTime(value) !== undefined,
  zone: (value: unknown) => typeof value === 'string' && isZone(value),
} as const;

/** A valid name of a system user or group, or its number as text. */
function isAccountName(value: unknown): boolean {
  return typeof value === 'string' && /^[^\s:/-][^\s:/]*$/.test(value);
}

export const TIME_FORMS = '2026-01-31T12:00:00Z, an offset like +01:00 in place of Z, or seconds since 1970';

/** Schemas that several documents use. */
export const ADDRESS: SchemaObject = {
  check: 'address',
  expected: 'an address, a net (a.b.c.d/len) or a range (a.b.c.d-e.f.g.h), IPv4 or IPv6',
};
export const ACCOUNT: SchemaObject = { check: 'account', expected: 'a name or a number, 0 or more' };
export const TIME: SchemaObject = { check: 'time', expected: TIME_FORMS };
export const TIME_OR_NULL: SchemaObject = { check: 'timeOrNull', expected: `${TIME_FORMS}, or null` };
export const ZONE: SchemaObject = { check: 'zone', expected: 'an IANA zone such as Europe/Prague or UTC' };
export const LINE: SchemaObject = {
  type: 'string',
  pattern: '^(?=.*\\S)[^\\u0000-\\u001f\\u007f-\\u009f\\u2028\\u2029]*$',
  expected: 'a text of one line that is not blank',
};
export const NAME_PART: SchemaObject = {
  type: 'string',
  pattern: '^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$',
  expected: 'a name of letters, digits, _ . and -',
};

/** A schema for one of these texts. */
export function oneOf(values: readonly string[]): SchemaObject {
  return { enum: values, expected: `one of ${values.join(', ')}` };
}

const zones = new Map<string, boolean>();

/** True for an IANA name; offsets such as `+01:00`, which newer engines accept as well, are refused. */
function isZone(name: string): boolean {
  let known = zones.get(name);
  if (known === undefined) {
    known = /^[A-Za-z]/.test(name) && canFormat(name);
    zones.set(name, known);
  }
  return known;
}

function canFormat(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

let ajv: Ajv | undefined;

/** Compiles a schema for {@link schemaProblems}. */
export function compileSchema(schema: SchemaObject): ValidateFunction {
  ajv ??= createAjv();
  return ajv.compile(schema);
}

function createAjv(): Ajv {
  // Validating our own schemas at each start would take longer than everything else.
  const made = new Ajv({ allErrors: true, verbose: true, strict: true, validateSchema: false });
  made.addKeyword({ keyword: 'expected', schemaType: 'string' });
  made.addKeyword({
    keyword: 'check',
    schemaType: 'string',
    errors: false,
    validate: (name: keyof typeof CHECKS, value: unknown) => CHECKS[name](value),
  });
  return made;
}

/** The problems of a value in the order of the schema. `where` names the document. */
export function schemaProblems(validate: ValidateFunction, value: unknown, where: string): Problem[] {
  addresses.clear();
  if (validate(value)) return [];
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const error of validate.errors ?? []) {
    // One problem for each place, because a wrong type often fails several keywords.
    const id = `${error.instancePath} ${error.keyword === 'additionalProperties' || error.keyword === 'required' ? JSON.stringify(error.params) : ''}`;
    if (!seen.has(id)) problems.push(toProblem(error, where));
    seen.add(id);
  }
  return problems;
}

function toProblem(error: ErrorObject, where: string): Problem {
  const place = formatPlace(error.instancePath);
  const at = place === '' ? where : place.startsWith('[') ? where + place : `${where}, ${place}`;
  if (error.keyword === 'required')
    return { what: `${String(error.params['missingProperty'])} is missing`, where: at };
  if (error.keyword === 'additionalProperties') {
    const key = String(error.params['additionalProperty']);
    const properties = (error.parentSchema?.['properties'] ?? {}) as Record<string, SchemaObject>;
    const home = Object.keys(properties).find(
      (outer) => key in ((properties[outer]?.['properties'] ?? {}) as object),
    );
    const hint =
      home === undefined
        ? nearestHint(key, Object.keys(properties))
        : `it belongs into ${JSON.stringify(home)}`;
    return { what: `unknown key ${JSON.stringify(key)}`, where: at, hint };
  }
  const expected = error.parentSchema?.['expected'] as string | undefined;
  const problem = { what: 'wrong value', where: at, got: error.data, expected: expected ?? error.message };
  if (error.keyword !== 'enum' || typeof error.data !== 'string') return problem;
  const near = nearest(error.data, (error.params['allowedValues'] as unknown[]).map(String));
  return near === undefined ? problem : { ...problem, hint: `did you mean ${near}?` };
}

/** `/networks/1/network` as `networks[1].network`. */
function formatPlace(pointer: string): string {
  const steps = pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce(
    (path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path === '' ? step : `${path}.${step}`),
    '',
  );
}

/** Several problems of one input; its message has a line each. */
export class UserErrors extends UserError {
  readonly problems: readonly Problem[];

  constructor(
    problems: readonly [Problem, ...Problem[]],
    options: { usage?: boolean; cause?: unknown } = {},
  ) {
    super(problems[0], options);
    this.name = 'UserErrors';
    this.problems = problems;
    this.message = problems.map(describeProblem).join('\n');
  }
}

/** Throws the problems if there are any. */
export function throwProblems(problems: readonly Problem[], options: { usage?: boolean } = {}): void {
  const [first, ...rest] = problems;
  if (first !== undefined) throw new UserErrors([first, ...rest], options);
}
