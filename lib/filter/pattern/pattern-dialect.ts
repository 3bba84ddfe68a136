// Translates patterns from the dialect of Python's `re` to RE2's. What has no equivalent there is an error at its place.
import {
  unsupported,
  PatternProblem,
  translateClass,
  translateEscape,
  type Translated,
} from './pattern-escape.ts';

/** `end` is `$` outside of `(?m)`, whose meaning depends on what follows it. */
type Role = 'flags' | 'open' | 'close' | 'or' | 'end' | 'count' | 'atom';

interface Piece extends Translated {
  readonly role: Role;
}

interface PlacedPiece extends Piece {
  readonly at: number;
}

/** An open group. */
interface Group {
  readonly multiline: boolean;
  /** Instructions of its content with counts expanded. */
  total: number;
  /** The part of it that a count after it would repeat. */
  last: number;
}

/** The engine expands counted repetitions: this many instructions at most. */
const MAX_WEIGHT = 20_000;

const COUNT = /(?:[*+?]|\{(\d*)(,?)(\d*)\})\??/y;
const FLAGS = /\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])/y;
const NAMED = /\(\?P?<[A-Za-z_]\w*>/y;

/** The pattern in RE2's dialect. @throws PatternProblem */
export function translatePattern(pattern: string): string {
  const pieces = new PatternScanner(pattern).scan();
  return pieces.map((piece, i) => (piece.role === 'end' ? endOfText(pieces, i) : piece.text)).join('');
}

class PatternScanner {
  readonly #pattern: string;
  readonly #pieces: PlacedPiece[] = [];
  readonly #groups: Group[] = [{ multiline: false, total: 0, last: 0 }];
  #at = 0;

  constructor(pattern: string) {
    this.#pattern = pattern;
  }

  scan(): readonly PlacedPiece[] {
    while (this.#at < this.#pattern.length) {
      const piece = this.#next();
      if (piece.role === 'atom') this.#weigh(1);
      this.#pieces.push({ ...piece, at: this.#at });
      this.#at += piece.length;
    }
    return this.#pieces;
  }

  #next(): Piece {
    const c = this.#pattern[this.#at]!;
    switch (c) {
      case '\\':
        return { role: 'atom', ...translateEscape(this.#pattern, this.#at) };
      case '[':
        return { role: 'atom', ...translateClass(this.#pattern, this.#at) };
      case '(':
        return this.#open();
      case ')':
        return this.#close();
      case '|':
        return { role: 'or', text: c, length: 1 };
      case '$':
        return { role: this.#group.multiline ? 'atom' : 'end', text: c, length: 1 };
      default:
        return this.#count() ?? { role: 'atom', text: c, length: 1 };
    }
  }

  get #group(): Group {
    return this.#groups.at(-1)!;
  }

  #weigh(weight: number): void {
    this.#group.total += weight;
    this.#group.last = weight;
    if (this.#group.total > MAX_WEIGHT) throw new PatternProblem(this.#at, 'pattern repeats too much');
  }

  /** A count; braces that hold none, as in `a{x}` or `{}`, are ordinary characters. */
  #count(): Piece | undefined {
    const m = this.#match(COUNT);
    if (m === undefined) return undefined;
    const [text, least, comma, most] = [m[0], m[1], m[2], m[3]];
    if (least === undefined) return { role: 'count', text, length: text.length };
    if (least === '' && comma === '') return undefined;
    const times = Math.max(Number(least), Number(most), 1);
    this.#weigh(this.#group.last * (times - 1));
    // `{,3}` would be ordinary characters over there.
    return { role: 'count', text: least === '' ? text.replace('{', '{0') : text, length: text.length };
  }

  #open(): Piece {
    const rest = this.#pattern.slice(this.#at, this.#at + 4);
    if (rest.startsWith('(?#')) return this.#comment();
    if (/^\(\?<?[=!]/.test(rest)) throw unsupported(this.#at, 'look-around');
    if (rest.startsWith('(?P=')) throw unsupported(this.#at, 'back references');
    const named = this.#match(NAMED);
    if (named !== undefined) return this.#enter(named[0], named[0].length);
    const flags = this.#match(FLAGS);
    if (flags !== undefined) return this.#flags(flags);
    if (rest.startsWith('(?')) throw new PatternProblem(this.#at, `unknown group ${rest.slice(0, 3)}`);
    return this.#enter('(', 1);
  }

  #enter(text: string, length: number, multiline = this.#group.multiline): Piece {
    this.#groups.push({ multiline, total: 0, last: 0 });
    return { role: 'open', text, length };
  }

  #close(): Piece {
    if (this.#groups.length === 1) throw new PatternProblem(this.#at, 'parenthesis was never opened');
    const { total } = this.#groups.pop()!;
    this.#weigh(Math.max(total, 1));
    return { role: 'close', text: ')', length: 1 };
  }

  #comment(): Piece {
    const close = this.#pattern.indexOf(')', this.#at);
    if (close < 0) throw new PatternProblem(this.#at, 'comment is not closed');
    return { role: 'flags', text: '', length: close + 1 - this.#at };
  }

  #flags(m: RegExpExecArray): Piece {
    const [text, on, off, ending] = [m[0], m[1]!, m[2] ?? '', m[3]];
    // `u` is what patterns are anyway.
    const unknown = /[^ims]/.exec(on.replaceAll('u', '') + off);
    if (unknown !== null)
      throw new PatternProblem(this.#at, `flag ${unknown[0]} is not known`, 'i, m and s are');
    const written = text.replaceAll('u', '');
    const multiline = on.includes('m') || (this.#group.multiline && !off.includes('m'));
    if (ending === ':') return this.#enter(written, text.length, multiline);
    if (this.#pieces.some((piece) => piece.role !== 'flags'))
      throw new PatternProblem(this.#at, 'flags stand at the beginning', 'or around a part: (?i:part)');
    this.#groups[0] = { ...this.#group, multiline };
    return { role: 'flags', text: written === '(?)' ? '' : written, length: text.length };
  }

  #match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at;
    return pattern.exec(this.#pattern) ?? undefined;
  }
}

/** `$` also matches before one final line feed. RE2 has no such place; where nothing follows, the line feed may be taken in. */
function endOfText(pieces: readonly PlacedPiece[], index: number): string {
  if (isLast(pieces, index)) return '(?:\\n?\\z)';
  const hint = 'it ends a pattern or an alternative; ends of lines are asked for with (?m)';
  throw new PatternProblem(pieces[index]!.at, 'something follows $', hint);
}

/** True when what comes after this piece consumes nothing: ends of groups, other alternatives, further ends. */
function isLast(pieces: readonly Piece[], index: number): boolean {
  for (let i = index + 1; i < pieces.length; i++) {
    const { role, text } = pieces[i]!;
    if (role === 'or') i = beforeClose(pieces, i);
    else if (role === 'atom' || role === 'open' || (role === 'count' && !text.startsWith('?'))) return false;
  }
  return true;
}

/** The piece before the one that closes the group around this piece. */
function beforeClose(pieces: readonly Piece[], index: number): number {
  let depth = 0;
  for (let i = index + 1; i < pieces.length; i++) {
    const { role } = pieces[i]!;
    if (role === 'open') depth++;
    if (role === 'close' && depth-- === 0) return i - 1;
  }
  return pieces.length;
}
