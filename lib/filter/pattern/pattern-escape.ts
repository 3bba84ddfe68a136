// Translates escapes and character classes of patterns from Python's dialect to RE2's. `\d`, `\w` and `\s` cover all of Unicode in both.

/** A problem in a pattern; the offset counts from the beginning of the pattern. */
export class PatternProblem extends Error {
  readonly offset: number;
  readonly hint: string | undefined;

  constructor(offset: number, message: string, hint?: string) {
    super(message);
    this.offset = offset;
    this.hint = hint;
  }
}

/** The problem of a feature that only backtracking engines have. */
export function unsupported(offset: number, what: string): PatternProblem {
  return new PatternProblem(offset, `patterns have no ${what}`, 'they cannot be had in linear time');
}

/** A part of a pattern in the other dialect, and how much of the pattern it was. */
export interface Translated {
  readonly text: string;
  readonly length: number;
}

const WORD = '\\p{L}\\p{N}_';
const SPACE =
  '\\t-\\r\\x1c-\\x20\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}';

/** The shorthands that a class can contain as they are; the other two need their complements. */
const SHORTHANDS: ReadonlyMap<string, string> = new Map([
  ['d', '\\p{Nd}'],
  ['D', '\\P{Nd}'],
  ['w', WORD],
  ['s', SPACE],
]);

const complements = new Map<string, string>();

/** The ranges outside of the class, because brackets cannot contain a complement. Computed at the first use. */
function complementRanges(name: 'W' | 'S'): string {
  const known = complements.get(name);
  if (known !== undefined) return known;
  // JavaScript's \s counts U+FEFF in and the separators U+001C to U+001F and U+0085 out.
  const inside = name === 'W' ? /[\p{L}\p{N}_]/u : /(?!\ufeff)[\s\x1c-\x1f\x85]/u;
  const ranges: string[] = [];
  let start = -1;
  for (let point = 0; point <= 0x110000; point++) {
    const outside = point < 0x110000 && !inside.test(String.fromCodePoint(point));
    if (outside && start < 0) start = point;
    if (outside || start < 0) continue;
    ranges.push(`${hex(start)}-${hex(point - 1)}`);
    start = -1;
  }
  const text = ranges.join('');
  complements.set(name, text);
  return text;
}

function hex(point: number): string {
  return `\\x{${point.toString(16)}}`;
}

/** The escape at the offset, outside of brackets. @throws PatternProblem */
export function translateEscape(pattern: string, at: number): Translated {
  const c = pattern[at + 1];
  if (c === undefined) throw new PatternProblem(at, 'pattern ends with a backslash');
  if (c === 'Z') return { text: '\\z', length: 2 };
  if (c === 'A' || c === 'z' || c === 'b' || c === 'B') return { text: `\\${c}`, length: 2 };
  if (c === 'W') return { text: `[^${WORD}]`, length: 2 };
  if (c === 'S') return { text: `[^${SPACE}]`, length: 2 };
  const shorthand = SHORTHANDS.get(c);
  return shorthand === undefined ? translateCharacter(pattern, at) : { text: `[${shorthand}]`, length: 2 };
}

/** The class that opens at the offset. @throws PatternProblem */
export function translateClass(pattern: string, start: number): Translated {
  const negated = pattern[start + 1] === '^';
  let at = start + (negated ? 2 : 1);
  let text = negated ? '[^' : '[';
  // A bracket in the first place is an ordinary character.
  for (let first = true; first || pattern[at] !== ']'; first = false) {
    const c = pattern[at];
    if (c === undefined) throw new PatternProblem(start, 'class is not closed', 'a ] is missing');
    const part =
      c === '\\' ? translateMember(pattern, at) : { text: /[[\]]/.test(c) ? `\\${c}` : c, length: 1 };
    text += part.text;
    at += part.length;
  }
  return { text: `${text}]`, length: at + 1 - start };
}

function translateMember(pattern: string, at: number): Translated {
  const c = pattern[at + 1];
  if (c === 'b') return { text: '\\x08', length: 2 };
  if (c === 'W' || c === 'S') return { text: complementRanges(c), length: 2 };
  const shorthand = SHORTHANDS.get(c ?? '');
  return shorthand === undefined ? translateCharacter(pattern, at) : { text: shorthand, length: 2 };
}

/** An escape that means the same within brackets and outside. */
function translateCharacter(pattern: string, at: number): Translated {
  const rest = pattern.slice(at, at + 12);
  const octal = /^\\(0[0-7]{0,2}|[0-3][0-7]{2})/.exec(rest);
  if (octal !== null) return { text: hex(parseInt(octal[1]!, 8)), length: octal[0].length };
  if (/^\\[1-9]/.test(rest)) throw unsupported(at, 'back references');
  const code = /^\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|x([0-9A-Fa-f]{2}))/.exec(rest);
  if (code !== null) {
    const point = parseInt(code[1] ?? code[2] ?? code[3]!, 16);
    if (point > 0x10ffff) throw new PatternProblem(at, 'no such character');
    return { text: hex(point), length: code[0].length };
  }
  if (/^\\[A-Za-z]/.test(rest) && !/^\\[afnrtvpP]/.test(rest))
    throw new PatternProblem(
      at,
      `unknown escape ${rest.slice(0, 2)}`,
      'a letter stands for itself without it',
    );
  return { text: rest.slice(0, 2), length: 2 };
}
