import { lineAndColumn } from './json-error.ts';
import type { Problem } from '../user-error.ts';

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/** Keys that are named; whoever merges files by hand may have hundreds. */
const MOST = 5;

/**
 * The problem of a JSON text that has a key twice in one object: of all its values only the last is ever seen.
 * @param json a valid text, or several in a row
 */
export function keysTwice(json: string, where: string): Problem | undefined {
  const open: Set<string>[] = [];
  const twice: string[] = [];
  for (const { index, 0: token, 1: text, 2: colon } of json.matchAll(TOKEN)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(text!) as string;
      const known = open.at(-1);
      if (known?.has(name) === true) twice.push(`${JSON.stringify(name)}${lineAndColumn(json, index)}`);
      known?.add(name);
    }
    if (twice.length > MOST) break;
  }
  if (twice.length === 0) return undefined;
  const named = twice.slice(0, MOST).join('; ');
  const what = `keys are there twice: ${named}${twice.length > MOST ? '; and more' : ''}`;
  return { what, where, hint: 'the last one of each holds: remove the others' };
}
