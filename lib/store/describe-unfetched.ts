import { formatCount } from '../model/text/format.ts';
import { INVISIBLE, TAGS } from '../model/text/invisible.ts';
import { printable } from '../model/user-error.ts';

/** The line about events that no lane asks for, because of what they have. */
export function describeUnfetched(count: number, what: string): string {
  const [events, are] = [formatCount(count, 'event has', 'events have'), count === 1 ? 'is' : 'are'];
  return `${events} ${what}, and ${are} never fetched`;
}

/** A value that no lane asks for, quoted, with the known one that it looks like and is not. */
export function describeUnknown(value: unknown, known: readonly string[]): string {
  const alike = typeof value === 'string' ? known.find((name) => fold(name) === fold(value)) : undefined;
  if (alike === undefined) return printable(JSON.stringify(value ?? null));
  return `${escapeAll(String(value))}, which is not ${escapeAll(alike)}`;
}

/** Lines about names that look alike and are different: events of one never reach the other. */
export function describeAlike(names: readonly string[]): string[] {
  const first = new Map<string, string>();
  return names.flatMap((name) => {
    const folded = fold(name);
    const other = first.get(folded);
    if (other === undefined) first.set(folded, name);
    return other === undefined
      ? []
      : [`groups ${escapeAll(other)} and ${escapeAll(name)} look alike and are two`];
  });
}

const UNSEEN = new RegExp(`[${INVISIBLE}${TAGS}]`, 'gu');

function fold(text: string): string {
  return text.normalize('NFKC').replace(UNSEEN, '').trim().toLowerCase();
}

/** Quoted, with everything beyond ASCII written as an escape, so that differences can be seen. */
function escapeAll(text: string): string {
  return JSON.stringify(text).replace(/[^\u0020-\u007e]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
}
