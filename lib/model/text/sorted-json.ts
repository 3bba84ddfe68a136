import stringify from 'safe-stable-stringify';
import { toObject } from '../event/object-view.ts';

const NOT_ASCII = /[\u007f-\uffff]/g;

/**
 * A value as JSON in the form of runlogs and state files: keys sorted, indented by four, everything beyond ASCII escaped, so that the
 * file is the same for every reader and harmless to a terminal.
 */
export function sortedJson(value: unknown, indent = 4): string {
  return (stringify(value, null, indent) ?? 'null').replace(
    NOT_ASCII,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const STEP = '    ';

/**
 * The same text in pieces, each at most one member of the inner objects, because the text of a big run takes as much memory as the run.
 * @param levels of objects that are taken apart
 */
export function* sortedJsonPieces(value: unknown, levels: number, margin = ''): Generator<string> {
  const members = levels === 0 ? undefined : toObject(value);
  const names = Object.keys(members ?? {}).sort();
  if (members === undefined || names.length === 0) {
    yield sortedJson(value).replaceAll('\n', `\n${margin}`);
    return;
  }
  let before = '{';
  for (const name of names) {
    const member = members[name];
    if (member === undefined) continue;
    yield `${before}\n${margin}${STEP}${sortedJson(name)}: `;
    yield* sortedJsonPieces(member, levels - 1, margin + STEP);
    before = ',';
  }
  yield before === '{' ? '{}' : `\n${margin}}`;
}

/** The pieces of a file: the text with a line feed at its end. */
export function* sortedJsonFile(value: unknown, levels: number): Generator<string> {
  yield* sortedJsonPieces(value, levels);
  yield '\n';
}
