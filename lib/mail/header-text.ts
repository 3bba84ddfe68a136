import { printable } from '../model/user-error.ts';

/**
 * A text as one header may carry it: no line ends, controls or direction characters, blanks run together, cut at `limit`
 * characters. It can neither end its header nor, read back, turn into something else: what looks like an encoded word (RFC 2047) is
 * broken up, so that only the ones we write are decoded.
 */
export function headerText(text: string, limit: number): string {
  const clean = printable(text.slice(0, limit * 2).replace(/\s+/g, ' '))
    .replaceAll('=?', '= ?')
    .trim();
  return cut(clean, limit);
}

/** Words joined with blanks, each bounded and without blanks of its own; those beyond `limit` characters are left out. */
export function headerWords(words: readonly string[], limit: number): string {
  let line = '';
  for (const word of words) {
    const next = headerText(word, 80).replaceAll(' ', '_');
    if (next === '') continue;
    if (line.length + 1 + next.length > limit) return `${line} ...`;
    line = line === '' ? next : `${line} ${next}`;
  }
  return line;
}

function cut(text: string, limit: number): string {
  // The half of a pair that a cut leaves is no character.
  return text.length <= limit ? text : `${text.slice(0, limit - 3).replace(/[\ud800-\udbff]$/, '')}...`;
}
