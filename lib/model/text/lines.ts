/** A line of a stream, without its end. The text is undefined when the line is longer than the limit. */
export interface Line {
  /** From 1. */
  readonly number: number;
  readonly text: string | undefined;
}

/** In bytes; longer lines are not read into memory. */
export const LINE_LIMIT = 1024 * 1024;
const LF = 10;
const BOM = '\ufeff';

/**
 * Splits a stream of UTF-8 bytes into lines, ended by LF or CRLF; blank ones are left out but numbered. Yields the lines of each chunk
 * together. Memory: one chunk and one unfinished line of up to `limit` bytes.
 */
export async function* lines(input: AsyncIterable<Uint8Array>, limit = LINE_LIMIT): AsyncGenerator<Line[]> {
  let number = 0;
  let unfinished: Buffer[] = [];
  let length = 0;

  const take = (last: Buffer): Line | undefined => {
    number++;
    length += last.length;
    const whole = unfinished.length === 0 ? last : Buffer.concat([...unfinished, last]);
    const tooLong = length > limit;
    unfinished = [];
    length = 0;
    if (tooLong) return { number, text: undefined };
    let text = whole.toString('utf8').trim();
    if (number === 1 && text.startsWith(BOM)) text = text.slice(1);
    return text === '' ? undefined : { number, text };
  };

  for await (const bytes of input) {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const found: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
      const line = take(chunk.subarray(start, end));
      if (line !== undefined) found.push(line);
      start = end + 1;
    }
    const rest = chunk.subarray(start);
    length += rest.length;
    // The text of a line that is already too long is not needed.
    if (length <= limit) unfinished.push(rest);
    if (found.length > 0) yield found;
  }
  if (length > 0) {
    const line = take(Buffer.alloc(0));
    if (line !== undefined) yield [line];
  }
}
