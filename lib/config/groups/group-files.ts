import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { byCodePoint, toObject } from '../../model/event/object-view.ts';
import { messageOf, UserError } from '../../model/user-error.ts';
import { readBounded, unreadable } from '../../system/config-file.ts';
import { duplicateKeyProblem } from '../../model/text/duplicate-keys.ts';
import { jsonProblemOffset, lineAndColumn } from '../../model/text/json-error.ts';

/** Bytes of a file of groups: a million of them. */
const SIZE_LIMIT = 256 * 1024 * 1024;

/** A group as it was found, unchecked, with the words for where. */
export interface FoundGroup {
  readonly value: unknown;
  readonly where: string;
}

/** Groups and what could not be read of them. */
export interface FoundGroups {
  readonly found: readonly FoundGroup[];
  readonly problems: readonly UserError[];
}

/**
 * Reads groups from a file, or from the `*.json` files of a folder by name.
 * @throws UserError when the path itself cannot be read
 */
export function readGroupFiles(path: string): FoundGroups {
  let folder: boolean;
  try {
    folder = statSync(path).isDirectory();
  } catch (error) {
    throw unreadable(path, error);
  }
  if (!folder) return groupsIn(readWhole(path), path);
  const all = readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort(byCodePoint)
    .map((name) => {
      const file = join(path, name);
      try {
        return groupsIn(readWhole(file), file);
      } catch (error) {
        if (error instanceof UserError) return { found: [], problems: [error] };
        throw error;
      }
    });
  return { found: all.flatMap((part) => part.found), problems: all.flatMap((part) => part.problems) };
}

function readWhole(path: string): string {
  try {
    return readBounded(path, SIZE_LIMIT, 'groups');
  } catch (error) {
    throw error instanceof UserError ? error : unreadable(path, error);
  }
}

/** Takes apart a text that holds one group, an array of them, or one a line. A key that is there twice is a problem, and its last value is used. */
export function groupsIn(text: string, where: string): FoundGroups {
  const clean = text.startsWith('\ufeff') ? text.slice(1) : text;
  if (clean.trim() === '') return { found: [], problems: [] };
  const whole = parse(clean);
  if (!('error' in whole)) {
    const list = Array.isArray(whole.value) ? (whole.value as unknown[]) : [whole.value];
    const places = list.map((value, i) => ({
      value,
      where: list.length > 1 ? `${where}, number ${i + 1}` : where,
    }));
    return { found: places, problems: twiceIn(clean, where) };
  }
  const lines = clean.split('\n');
  const first = parse(lines.find((line) => line.trim() !== '')!.trim());
  if ('error' in first || toObject(first.value) === undefined) {
    const place = lineAndColumn(clean, jsonProblemOffset(clean));
    return { found: [], problems: [new UserError({ what: 'no valid JSON', where: `${where}${place}` })] };
  }
  const found: FoundGroup[] = [];
  const problems: UserError[] = [];
  for (const [i, text] of lines.entries()) {
    const line = text.trim();
    if (line === '') continue;
    const place = `${where}, line ${i + 1}`;
    const result = parse(line);
    if (!('error' in result)) {
      found.push({ value: result.value, where: place });
      continue;
    }
    problems.push(
      new UserError({ what: 'no valid JSON', where: place, got: line, expected: 'one group a line' }),
    );
    // A list has no keys, and the entries after it keep their numbers.
    lines[i] = '';
  }
  return { found, problems: [...twiceIn(lines.join('\n'), where), ...problems] };
}

function twiceIn(json: string, where: string): UserError[] {
  const problem = duplicateKeyProblem(json, where);
  return problem === undefined ? [] : [new UserError(problem)];
}

function parse(text: string): { value: unknown } | { error: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { error: messageOf(error) };
  }
}
