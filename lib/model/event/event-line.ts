import type { RawEvent } from './event.ts';
import { LINE_LIMIT } from '../text/lines.ts';
import { toObject } from './object-view.ts';
import { UserError } from '../user-error.ts';

/** Levels of objects and lists; deeper events are refused. */
export const DEPTH_LIMIT = 64;

/**
 * Reads one line of JSON as an event. Returns problems instead of throwing them, because broken lines are expected.
 * @param text undefined for a line beyond the limit
 */
export function parseEventLine(text: string | undefined, number: number): RawEvent | UserError {
  const where = `line ${number}`;
  if (text === undefined)
    return new UserError({
      what: `line is longer than ${LINE_LIMIT} bytes`,
      where,
      expected: 'one event a line',
    });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return new UserError({
      what: 'no JSON',
      where,
      got: text,
      expected: 'one JSON object a line',
      hint: describeSyntaxError(text, error),
    });
  }
  const raw = toObject(value);
  if (raw === undefined)
    return new UserError({ what: 'no JSON object', where, got: text, expected: 'one JSON object a line' });
  if (tooDeep(text))
    return new UserError({ what: `nested deeper than ${DEPTH_LIMIT} levels`, where, got: text });
  return raw;
}

/** Words that other languages write where JSON has others or none, with the remedy. */
const FOREIGN_WORDS: Readonly<Record<string, string>> = {
  NaN: 'JSON has no such number: write null, or leave the key out',
  Infinity: 'JSON has no such number: write null, or leave the key out',
  None: 'write null',
  undefined: 'write null, or leave the key out',
  True: 'write true',
  False: 'write false',
};
const FOREIGN = /(?<![\w.])[-+]?(nan|inf|infinity|none|undefined|true|false)(?![\w.])/gi;

/** What is wrong with a line that is no JSON: the word that JSON does not have, else the parser's message. */
function describeSyntaxError(text: string, error: unknown): string {
  const outside = text.replace(/"(?:[^"\\]|\\.)*"/g, '""');
  for (const [word] of outside.matchAll(FOREIGN)) {
    const bare = word.replace(/^[-+]/, '').toLowerCase();
    const known = Object.keys(FOREIGN_WORDS).find(
      (name) => name.toLowerCase() === bare.replace(/^inf$/, 'infinity'),
    );
    if (known !== undefined && word !== 'true' && word !== 'false') return `${word}: ${FOREIGN_WORDS[known]}`;
  }
  return (error as Error).message.replace(/, (?:\.\.\.)?"[^]*$/, '');
}

/** True when valid JSON is nested deeper than the limit. Most texts have too few brackets to need the exact look. */
export function tooDeep(text: string): boolean {
  return brackets(text) > DEPTH_LIMIT && deeper(text);
}

function brackets(text: string): number {
  let count = 0;
  for (const bracket of '{[') {
    for (let at = text.indexOf(bracket); at >= 0; at = text.indexOf(bracket, at + 1)) count++;
  }
  return count;
}

function deeper(text: string): boolean {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === 34) {
      i = endOfString(text, i);
    } else if (c === 123 || c === 91) {
      if (++depth > DEPTH_LIMIT) return true;
    } else if (c === 125 || c === 93) depth--;
  }
  return false;
}

/** Position of the closing quote of the string that opens at `start`; the text is known to be JSON. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (escaped(text, end)) end = text.indexOf('"', end + 1);
  return end;
}

function escaped(text: string, quote: number): boolean {
  let backslashes = 0;
  while (text.charCodeAt(quote - 1 - backslashes) === 92) backslashes++;
  return backslashes % 2 === 1;
}
