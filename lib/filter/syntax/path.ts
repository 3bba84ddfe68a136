// The notation of paths, and reading values of an event by them, which never fails.

/** One step of a path. An index counts from 1 within a list; `#` is the last element, `*` all of them. */
export interface Step {
  readonly key: string;
  readonly index: number | '#' | '*' | undefined;
}

export interface Path {
  /** As written; equal texts are equal paths. */
  readonly text: string;
  readonly steps: readonly Step[];
  /** Of `Source.IP4` and `Target.IP4`: the path whose IPv4-mapped addresses belong to it, too. */
  readonly mapped: Path | undefined;
}

/** Steps of one path. Events nest far less, and reading recurses once a step. */
export const MAX_STEPS = 200;

/** A whole step where the expression reads on: a name and perhaps an index of any kind, also one that is not allowed. */
export const STEP = /[A-Za-z_][A-Za-z0-9_]*(?:\[([^\]\s]*)\])?/y;

/** What may stand in the brackets. */
export const INDEX = /^(?:0*[1-9][0-9]*|#|\*)$/;

/** Splits a path that has been checked: see {@link STEP} and {@link INDEX}. */
export function parsePath(text: string): Path {
  const steps = text.split('.').map((step): Step => {
    const bracket = step.indexOf('[');
    if (bracket < 0) return { key: step, index: undefined };
    const index = step.slice(bracket + 1, -1);
    return { key: step.slice(0, bracket), index: index === '#' || index === '*' ? index : Number(index) };
  });
  const mapped = /^(?:Source|Target)(?:\[[^\]]*\])?\.IP4(?:\[\*\])?$/.test(text)
    ? parsePath(text.replace('.IP4', '.IP6'))
    : undefined;
  return { text, steps, mapped };
}

/** The path without its indexes: what decides the type of its values. */
export function plainPath(path: Path): string {
  return path.steps.map((step) => step.key).join('.');
}

const NONE: readonly never[] = [];

/** Keys whose value is a list in IDEA0. Some sensors write a list of one as its member, which an index finds, too. */
const LIST_KEYS: ReadonlySet<string> = new Set(
  (
    'AltNames CorrelID AggrID PredID RelID Category Ref Source Target Attach Node Type Hostname IP4 IP6 MAC Port Proto URL Email AttachHand ' +
    'ASN Router Netname FileName Hash ContentID ExternalURI SW ResolvedAbuses SourceResolvedASN SourceResolvedCountry'
  ).split(' '),
);

/**
 * All values at the path in document order, without nulls. Only own members of objects are seen. May hand out a list of the event
 * itself: read, never write.
 */
export function readPath(event: Readonly<Record<string, unknown>>, path: Path): readonly unknown[] {
  if (path.steps.length === 1) return membersOf(event, path.steps[0]!);
  const found: unknown[] = [];
  collect(event, path.steps, 0, found);
  return found.length === 0 ? NONE : found;
}

function collect(node: unknown, steps: readonly Step[], depth: number, found: unknown[]): void {
  const members = membersOf(node, steps[depth]!);
  if (depth === steps.length - 1) for (const member of members) found.push(member);
  else for (const member of members) collect(member, steps, depth + 1, found);
}

/** What one step contributes for one node. */
function membersOf(node: unknown, { key, index }: Step): readonly unknown[] {
  if (typeof node !== 'object' || node === null || Array.isArray(node) || !Object.hasOwn(node, key))
    return NONE;
  const value = (node as Readonly<Record<string, unknown>>)[key];
  if (!Array.isArray(value)) {
    if (isNull(value)) return NONE;
    return index === undefined || (LIST_KEYS.has(key) && (typeof index === 'string' || index === 1))
      ? [value]
      : NONE;
  }
  if (index === undefined || index === '*')
    return value.some(isNull) ? value.filter((v) => !isNull(v)) : value;
  const element: unknown = index === '#' ? value.at(-1) : value[index - 1];
  return isNull(element) ? NONE : [element];
}

function isNull(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
