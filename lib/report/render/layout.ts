import stringWidth from 'string-width';

// Plain text in columns and paragraphs, {@link WIDTH} columns wide, as a terminal or a mail program with a fixed font shows it.

export const WIDTH = 78;
export const INDENT = 4;
/** Least width of the column of labels; a longer label widens it for all. */
const LABEL_WIDTH = 24;

export const RULE = '-'.repeat(WIDTH - INDENT);
export const DOUBLE_RULE = '='.repeat(WIDTH - INDENT);

const PLAIN = /^[\x20-\x7e]*$/;
/** What ASCII words with one blank between any two do not have: such a text is broken for its length only. */
const UNUSUAL = /[^\x20-\x7e]|^ | {2}| $/;
const CHARACTERS = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns a text takes: characters of Chinese, Japanese and Korean and emoji take two, marks above a letter none. */
export function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : stringWidth(text);
}

/**
 * Breaks a paragraph at blanks. A word that is longer than a line stays whole, so that a link can still be followed, unless it is of a script
 * that has no blanks.
 * @param first what the first line begins with
 * @param indent blanks before the other lines
 */
export function wrap(text: string, first = '', indent = widthOf(first)): string {
  let width = widthOf(first);
  // Most rows of a mail fit into their line.
  if (width + text.length <= WIDTH && !UNUSUAL.test(text)) return first + text;
  const lines: string[] = [];
  let line = first;
  let empty = true;
  for (const word of text.split(/[ \n]+/).flatMap((word) => pieces(word, WIDTH - indent))) {
    if (word === '') continue;
    const more = widthOf(word);
    if (!empty && width + 1 + more > WIDTH) {
      lines.push(line);
      line = ' '.repeat(indent);
      width = indent;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    width += empty ? more : more + 1;
    empty = false;
  }
  return [...lines, line].join('\n');
}

/** A word in pieces that fit into a line, when it is too long and has characters that take two columns each. */
function pieces(word: string, room: number): string[] {
  if (PLAIN.test(word) || widthOf(word) <= room || widthOf(word) <= word.length) return [word];
  const found: string[] = [];
  let piece = '';
  let width = 0;
  for (const { segment } of CHARACTERS.segment(word)) {
    const more = widthOf(segment);
    if (width + more > room) {
      found.push(piece);
      piece = '';
      width = 0;
    }
    piece += segment;
    width += more;
  }
  return [...found, piece];
}

/** A label and its value; the label column is `column` wide, long values go on below themselves. */
export function rowText(label: string, value: string, column: number): string {
  const padded = `${label}${' '.repeat(Math.max(0, column - widthOf(label)))}`;
  return wrap(value, `${' '.repeat(INDENT)}${padded}`);
}

/** The width of the label column that fits these labels. */
export function columnWidth(labels: Iterable<string>): number {
  let width = LABEL_WIDTH;
  for (const label of labels) width = Math.max(width, widthOf(label) + 2);
  return width;
}
