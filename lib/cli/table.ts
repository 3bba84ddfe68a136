import stringWidth from 'string-width';
import { printable } from '../model/user-error.ts';

type Cell = string | number;

/**
 * The lines of a table with a frame; columns of numbers are set to the right. One by one, because a run may have tens of thousands of rows.
 * @param head titles of the columns; none: a table without
 * @param emphasise marks the titles, in as many columns as before
 */
export function* tableLines(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  emphasise: (title: string) => string,
): Generator<string> {
  const titled = head.length > 0;
  const columns = (titled ? head : (rows[0] ?? []).map(() => '')).map((title, i) => ({
    width: rows.reduce((most, row) => Math.max(most, stringWidth(textOf(row[i]!))), stringWidth(title)),
    right: rows.length > 0 && rows.every((row) => typeof row[i] === 'number'),
  }));
  const rule = (left: string, middle: string, right: string): string =>
    `${left}${columns.map(({ width }) => '─'.repeat(width + 2)).join(middle)}${right}`;
  const line = (texts: readonly string[]): string =>
    `│ ${texts.map((text, i) => padded(text, columns[i]!)).join(' │ ')} │`;

  yield rule('┌', '┬', '┐');
  if (titled) yield line(head.map(emphasise));
  if (titled && rows.length > 0) yield rule('├', '┼', '┤');
  for (const row of rows) yield line(row.map(textOf));
  yield rule('└', '┴', '┘');
}

/** A text from outside, made safe for a line of output. */
function textOf(cell: Cell): string {
  return typeof cell === 'number' ? String(cell) : printable(cell);
}

function padded(text: string, { width, right }: { width: number; right: boolean }): string {
  const room = ' '.repeat(width - stringWidth(text));
  return right ? `${room}${text}` : `${text}${room}`;
}
