// Messages of parsers count characters; people count lines.

const OFFSET = /(?: in JSON)? at (?:position )?(\d+)(?: \(line \d+ column \d+\))?$/;

/** A parser's message without its offset, and its line as `, line N`; empty when the message names none. */
export function atLine(text: string, message: string): { readonly message: string; readonly line: string } {
  const offset = OFFSET.exec(message);
  if (offset === null) return { message, line: '' };
  const line = text.slice(0, Number(offset[1])).split('\n').length;
  return { message: message.slice(0, offset.index), line: `, line ${line}` };
}
