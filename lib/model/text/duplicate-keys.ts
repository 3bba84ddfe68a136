import { lineAndColumn } from './json-error.ts';
import type { Problem } from '../user-error.ts';

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/** Keys that a message names. */
const MOST = 5;

/**
 * The problem of a JSON text with a key twice in one object, of which only the last value is read.
 * @param json a valid text, or several in a row
 */
export function duplicateKeyProblem(json: string, where: string): Problem | undefined {
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
  const what = `duplicate keys: ${named}${twice.length > MOST ? '; and more' : ''}`;
  return { what, where, hint: 'only the last value of each is used: remove the rest' };
}

/** Whether an object in a JSON text has a key twice. */
export function hasDuplicateKey(json: string): boolean {
  return duplicateKeyProblem(json, '') !== undefined;
}
