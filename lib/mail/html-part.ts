import type { Picture } from './message.ts';

/** Bytes of a message that are looked through: its bodies come first, files after them. */
const LIMIT = 4 * 1024 * 1024;
const HEAD_END = '\r\n\r\n';

interface Part {
  readonly head: string;
  readonly body: Buffer;
}

/** The HTML of a stored message and the pictures it shows, as {@link composeMessage} wrote them; undefined when it has none, or was deleted. */
export async function htmlPart(
  message: AsyncIterable<Uint8Array>,
): Promise<{ readonly html: string; readonly pictures: readonly Picture[] } | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of message) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= LIMIT) break;
  }
  // One character a byte, so that positions are those of the message.
  const parts = partsIn(Buffer.concat(chunks).toString('latin1'));
  const html = parts.find(({ head }) => /^content-type: text\/html\b/im.test(head));
  if (html === undefined) return undefined;
  const pictures = parts.flatMap(({ head, body }) => {
    const id = /^content-id: <([^>\r\n]+)>/im.exec(head)?.[1];
    return id === undefined ? [] : [{ id, bytes: body }];
  });
  return { html: html.body.toString('utf8'), pictures };
}

/**
 * Every part that holds no other, whatever it lies in; one that is cut off is none. All delimiters of a message begin alike, with what is made
 * from a digest over its bodies: none of those can hold one.
 */
function partsIn(text: string): Part[] {
  const head = text.slice(0, text.indexOf(HEAD_END));
  const boundary = /^content-type: multipart\/[^"]*?boundary="([^"\r\n]+?)\d+"/im.exec(head)?.[1];
  if (boundary === undefined) return [];
  const starts = positionsOf(`\r\n--${boundary}`, text);
  return starts.slice(0, -1).flatMap((start, i) => {
    const piece = text.slice(start, starts[i + 1]);
    const from = piece.indexOf('\r\n', 2) + 2;
    const end = piece.indexOf(HEAD_END, from);
    if (from < 2 || end < 0) return [];
    const head = piece.slice(from, end).replace(/\r\n[ \t]+/g, ' ');
    return [{ head, body: decoded(head, piece.slice(end + HEAD_END.length)) }];
  });
}

function positionsOf(needle: string, text: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(needle); at >= 0; at = text.indexOf(needle, at + needle.length)) found.push(at);
  return found;
}

function decoded(head: string, body: string): Buffer {
  switch (/^content-transfer-encoding: *([a-z0-9-]+)/im.exec(head)?.[1]?.toLowerCase()) {
    case 'base64':
      return Buffer.from(body, 'base64');
    case 'quoted-printable': {
      const lines = body.replace(/=[ \t]*\r\n/g, '');
      return Buffer.from(
        lines.replace(/=([0-9A-F]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
        'latin1',
      );
    }
    default:
      return Buffer.from(body, 'latin1');
  }
}
