/**
 * Offset of the character at which a text stops being JSON; undefined when it is JSON. The engine names a position for some problems only,
 * so this searches for the longest beginning that its messages call unfinished instead of broken.
 */
export function jsonProblemOffset(text: string): number | undefined {
  if (!isBroken(text)) return text.length > 0 && parses(text) ? undefined : text.length;
  let [whole, broken] = [0, text.length];
  while (whole + 1 < broken) {
    const middle = (whole + broken) >>> 1;
    if (isBroken(text.slice(0, middle))) broken = middle;
    else whole = middle;
  }
  return whole;
}

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function isBroken(beginning: string): boolean {
  try {
    JSON.parse(beginning);
    return false;
  } catch (error) {
    const { message } = error as Error;
    if (message.startsWith('Unexpected end') || message.startsWith('Unterminated')) return false;
    const position = /at position (\d+)/.exec(message)?.[1];
    return position === undefined || Number(position) < beginning.length;
  }
}

/** An offset as `, line L, column C`; empty when there is none. */
export function lineAndColumn(text: string, offset: number | undefined): string {
  if (offset === undefined) return '';
  const before = text.slice(0, offset).split('\n');
  return `, line ${before.length}, column ${before.at(-1)!.length + 1}`;
}
