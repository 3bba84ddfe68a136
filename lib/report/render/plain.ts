import { INVISIBLE, JOINING, SELECTORS, TAGS } from '../../model/text/invisible.ts';

// Text out of events, made harmless for one line of plain text.

// C0 and C1 controls, DEL, line and paragraph separators: they break lines or drive terminals.
const CONTROLS = /[\s\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
const CONTROLS_BUT_LINES = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029]/g;
const UNSEEN = `${JOINING}${INVISIBLE}${TAGS}`;
// Keycaps are written with ASCII and a selector.
const KEYCAP = '(?<=[0-9#*])\\ufe0f\\u20e3';
// Joiners belong after letters that are written joined, and after pictures: behind ASCII, blanks and controls they are there to hide something.
// The same is true of selectors, of which a character takes one.
const HIDDEN = new RegExp(
  `(?!${KEYCAP})(?<![^\\s\\u0000-\\u009f])[${UNSEEN}]+|(?<=[${UNSEEN}])[${SELECTORS}]|[${INVISIBLE}${TAGS}]`,
  'gu',
);

/** Nearly every text is of these characters alone, and has nothing to replace: one look instead of three. */
const UNUSUAL_LINE = /[^\x20-\x7e]|^ | {2}| $/;
const UNUSUAL = /[^\n\x20-\x7e]/;

/** One line: runs of blanks, line breaks and control characters become one blank, what is invisible vanishes, lone surrogates U+FFFD. */
export function oneLine(text: string): string {
  if (!UNUSUAL_LINE.test(text)) return text;
  return text.toWellFormed().replace(HIDDEN, '').replace(CONTROLS, ' ').trim();
}

/** At most `limit` characters, with an ellipsis where something was cut; never half a character. */
export function cutText(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A finished text: as {@link oneLine}, but its line breaks and blanks stay. */
export function manyLines(text: string): string {
  if (!UNUSUAL.test(text)) return text;
  return text.toWellFormed().replace(HIDDEN, '').replace(CONTROLS_BUT_LINES, ' ');
}
