import { byCodePoint } from '../model/event/object-view.ts';
import { printable } from '../model/user-error.ts';
import type { Colors } from '../system/colors.ts';

/** Members of one object or list that are drawn; beyond them only their number is. */
const MOST_MEMBERS = 10_000;
/** Levels that are drawn; what lies deeper stands as JSON. */
const MOST_LEVELS = 32;

/** What the library draws: a branch, a key with a text, or a key alone. */
interface Branch {
  [key: string]: Branch | string | undefined;
}

/**
 * Any JSON value as the lines of a tree, for people: keys in code point order, texts and numbers of a list bare, its other members as
 * `[i]`, null and empty containers as their key alone. Nothing that a text contains can drive the terminal.
 * @param notes words to stand behind a key of the topmost object
 */
export async function treeLines(
  value: unknown,
  colors: Colors,
  notes: ReadonlyMap<string, string> = new Map(),
): Promise<string[]> {
  if (typeof value !== 'object') return [scalarText(value)];
  const { default: treeify } = await import('object-treeify');
  const tree = branchOf(value, { colors, notes }, 0);
  return treeify(tree, { joined: false, breakCircularWith: null }).map((line) => line.replace(NUMBER, ''));
}

/*
 * The library draws objects only, whose keys are unique and which the engine puts in an order of its own when they look like numbers. So
 * every key begins with its number and a character that no printable text contains, and loses both once it is drawn.
 */
const NUMBER = /\d+\u0000/;

interface Style {
  readonly colors: Colors;
  readonly notes: ReadonlyMap<string, string>;
}

function branchOf(value: object | null, style: Style, level: number): Branch {
  const members = membersOf(value);
  const nodes = members.slice(0, MOST_MEMBERS).map((member) => nodeOf(member, style, level));
  if (members.length > nodes.length) nodes.push([`… and ${members.length - nodes.length} more`, undefined]);
  return Object.fromEntries(nodes.map(([label, content], i) => [`${i}\u0000${label}`, content]));
}

interface Member {
  readonly key: string;
  readonly value: unknown;
  /** A member of a list, which needs no key when it has a text of its own. */
  readonly listed: boolean;
}

function membersOf(value: object | null): Member[] {
  if (Array.isArray(value))
    return value.map((member: unknown, i) => ({ key: `[${i}]`, value: member, listed: true }));
  return Object.entries(value ?? {})
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => byCodePoint(a, b))
    .map(([key, member]: [string, unknown]) => ({ key, value: member, listed: false }));
}

function nodeOf(
  { key, value, listed }: Member,
  { colors, notes }: Style,
  level: number,
): [label: string, content: Branch | string | undefined] {
  const label = colors.cyan(printable(key));
  const noted = notes.get(key);
  const note = noted === undefined ? '' : `  ${colors.dim(printable(noted))}`;
  if (value === null) return [`${label}${note}`, undefined];
  if (typeof value !== 'object') {
    const text = scalarText(value);
    return listed ? [text, undefined] : [label, `${text}${note}`];
  }
  if (level >= MOST_LEVELS) return [label, printable(JSON.stringify(value))];
  return [`${label}${note}`, branchOf(value, { colors, notes: NO_NOTES }, level + 1)];
}

const NO_NOTES: ReadonlyMap<string, string> = new Map();

/** An empty text is shown as such: a bare key would say that there is none. */
function scalarText(value: unknown): string {
  return value === '' ? '""' : printable(String(value));
}
