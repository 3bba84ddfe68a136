/**
 * The same message, all headers and its text as they were, with a note in place of the attachments: what goes out when the whole was too big
 * for the other side. It reads what composeMessage wrote and nothing else: a `multipart/mixed` of a text and files.
 */

const BOUNDARY = /^content-type: multipart\/mixed;\s+boundary="([^"\r\n]+)"/im;
const FILE_NAME = /^content-disposition: attachment;\s+filename="?([^"\r\n;]+)/gim;
const HEAD_END = '\r\n\r\n';
/** Headers are bounded; whatever is longer is none of ours. */
const HEAD_LIMIT = 256 * 1024;

/**
 * Streams a stored message without its attachments. `note` is given the names of the files that are missing; it is the text of a
 * part of its own. A message without attachments passes as it is, an empty one stays empty.
 */
export async function* withoutAttachments(
  message: AsyncIterable<Uint8Array>,
  note: (names: readonly string[]) => string | Promise<string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let state: 'head' | 'text' | 'files' | 'whole' = 'head';
  let delimiter = '';
  // One character a byte: no character is torn by the border of a chunk.
  let rest = '';
  const names: string[] = [];
  for await (const chunk of message) {
    if (state === 'whole') {
      yield chunk;
      continue;
    }
    rest += Buffer.from(chunk).toString('latin1');
    if (state === 'head') {
      const end = rest.indexOf(HEAD_END);
      if (end < 0 && rest.length < HEAD_LIMIT) continue;
      const boundary = end < 0 ? undefined : BOUNDARY.exec(rest.slice(0, end))?.[1];
      delimiter = `\r\n--${boundary}`;
      state = boundary === undefined ? 'whole' : 'text';
      // The first delimiter opens the text, the next one closes it.
      const passed = boundary === undefined ? rest.length : end + HEAD_END.length + delimiter.length - 2;
      yield bytes(rest.slice(0, passed));
      rest = rest.slice(passed);
    }
    if (state === 'text') {
      const end = rest.indexOf(delimiter);
      const passed = end < 0 ? Math.max(0, rest.length - delimiter.length) : end;
      yield bytes(rest.slice(0, passed));
      rest = rest.slice(passed);
      if (end >= 0) state = 'files';
    }
    if (state === 'files') rest = namesIn(rest, names);
  }
  yield bytes(state === 'files' ? closingPart(delimiter, await note(names)) : rest);
}

/** Collects the file names in a stretch of parts; returns its end, where the next name may have begun. */
function namesIn(text: string, names: string[]): string {
  let done = Math.max(0, text.length - 1_000);
  for (const match of text.matchAll(FILE_NAME)) {
    if (match.index + match[0].length === text.length) return text.slice(match.index);
    names.push(match[1]!);
    done = Math.max(done, match.index + match[0].length);
  }
  return text.slice(done);
}

/** The note as the last part of a message. */
export function closingPart(delimiter: string, note: string): string {
  const lines = Buffer.from(note)
    .toString('base64')
    .replace(/.{1,76}/g, '$&\r\n');
  const head =
    'Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: inline';
  return `${delimiter}\r\n${head}\r\n\r\n${lines}${delimiter}--\r\n`;
}

export function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
