// Plain text in columns and paragraphs, {@link WIDTH} characters wide.

export const WIDTH = 78;
export const INDENT = 4;
/** Least width of the column of labels; a longer label widens it for all. */
const LABEL_WIDTH = 24;

export const RULE = '-'.repeat(WIDTH - INDENT);
export const DOUBLE_RULE = '='.repeat(WIDTH - INDENT);

/**
 * Breaks a paragraph at blanks. A word that is longer than a line stays whole, so that a link can still be followed.
 * @param first what the first line begins with
 * @param indent blanks before the other lines
 */
export function wrap(text: string, first = '', indent = first.length): string {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/[ \n]+/)) {
    if (word === '') continue;
    if (!empty && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = ' '.repeat(indent);
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line].join('\n');
}

/** A label and its value; the label column is `column` wide, long values go on below themselves. */
export function rowText(label: string, value: string, column: number): string {
  const first = `${' '.repeat(INDENT)}${label.padEnd(column)}`;
  return wrap(value, first);
}

/** The width of the label column that fits these labels. */
export function columnWidth(labels: Iterable<string>): number {
  let width = LABEL_WIDTH;
  for (const label of labels) width = Math.max(width, label.length + 2);
  return width;
}
