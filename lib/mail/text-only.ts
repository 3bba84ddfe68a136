import { bytes, closingPart } from './without-attachments.ts';

/**
 * The same message with its text alone and a note: sent when it is too big for the other side even without its attachments. It reads what
 * composeMessage wrote and nothing else.
 */

const HEAD_END = '\r\n\r\n';
const CONTENT_HEADERS = /^content-(?:type|transfer-encoding):[^\r\n]*(?:\r\n[ \t][^\r\n]*)*\r\n/gim;
const TEXT_PART = /\r\n--([^\r\n]+)\r\n(?=(?:[^\r\n]+\r\n)*content-type: text\/plain)/i;

/** Streams a stored message as text only. A message of text alone passes as it is, an empty one stays empty. */
export async function* textOnly(
  message: AsyncIterable<Uint8Array>,
  note: () => string | Promise<string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  // One character a byte: no character is torn by the border of a chunk.
  let text = '';
  for await (const chunk of message) {
    text += Buffer.from(chunk).toString('latin1');
    const found = partIn(text);
    if (found === undefined) continue;
    const { head, part, boundary } = found;
    const type = `Content-Type: multipart/mixed; boundary="${boundary}"\r\n`;
    yield bytes(`${head.replace(CONTENT_HEADERS, '')}${type}\r\n--${boundary}\r\n${part}`);
    yield bytes(closingPart(`\r\n--${boundary}`, await note()));
    return;
  }
  yield bytes(text);
}

/** Headers of the message, and its text part once that is there as a whole. */
function partIn(text: string): { head: string; part: string; boundary: string } | undefined {
  const head = text.slice(0, text.indexOf(HEAD_END) + 2);
  const begin = TEXT_PART.exec(text);
  if (begin === null) return undefined;
  const boundary = begin[1]!;
  const first = begin.index + begin[0].length;
  const end = text.indexOf(`\r\n--${boundary}`, first);
  return end < 0 ? undefined : { head, part: text.slice(first, end), boundary };
}
