import { closingPart } from './without-attachments.ts';

/**
 * The same message with its files cut by whole events to what the other side takes, and a note: JSON files with one event a line between
 * brackets, CSV files with one a line below a header, as the report wrote them. Zipped files are left out. It reads what composeMessage wrote.
 */

const BOUNDARY = /^content-type: multipart\/mixed;\s+boundary="([^"\r\n]+)"/im;
const FILE_NAME = /^content-disposition: attachment;\s+filename="?([^"\r\n;]+)/im;
/** Bytes for the note and the last delimiters. */
const NOTE_ROOM = 2_000;
/** Bytes of content in a line of base64, which has 76 characters. */
const LINE_BYTES = 57;

interface Attachment {
  readonly name: string;
  /** Bytes of its part but for the content, and of its content, encoded. */
  readonly head: number;
  content: number;
}

/**
 * @param open reads the message from its start; it is read twice
 * @param room bytes of the whole message; half its size without one
 * @param note the text of the last part, given the names of the files that were cut
 */
export async function* cutAttachments(
  open: () => AsyncIterable<Uint8Array>,
  room: number | undefined,
  note: (names: readonly string[]) => string | Promise<string>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const { size, attachments } = await measureParts(open());
  const fixed = size - attachments.reduce((sum, { content }) => sum + content, 0) + NOTE_ROOM;
  const budget = Math.max(0, (room ?? Math.floor(size / 2)) - fixed);
  const total = attachments.reduce((sum, { name, content }) => sum + (isCuttable(name) ? content : 0), 0);
  const cut: string[] = [];
  let delimiter = '';
  for await (const part of partsOf(open())) {
    if (part.kind === 'other') {
      yield bytes(part.text);
      continue;
    }
    delimiter = part.delimiter;
    if (part.kind === 'end') break;
    const { name, content } = attachments[cut.length]!;
    cut.push(name);
    if (isCuttable(name)) yield* cutFile(part.head, part.lines, name, Math.floor((budget * content) / total));
  }
  if (delimiter !== '') yield bytes(closingPart(delimiter, await note(cut)));
}

function isCuttable(name: string): boolean {
  return /\.(?:json|csv)$/i.test(name);
}

async function measureParts(
  message: AsyncIterable<Uint8Array>,
): Promise<{ size: number; attachments: Attachment[] }> {
  const attachments: Attachment[] = [];
  let size = 0;
  for await (const part of partsOf(message)) {
    if (part.kind === 'other') size += part.text.length;
    if (part.kind !== 'file') continue;
    for await (const line of part.lines) part.attachment.content += line.length + 2;
    attachments.push(part.attachment);
    size += part.attachment.head + part.attachment.content;
  }
  return { size, attachments };
}

type Part =
  | { readonly kind: 'other'; readonly text: string }
  | {
      readonly kind: 'file';
      readonly head: string;
      readonly delimiter: string;
      readonly attachment: Attachment;
      /** Its content in base64, line by line; has to be read before the next part. */
      readonly lines: AsyncIterable<string>;
    }
  | { readonly kind: 'end'; readonly delimiter: string };

/** The message up to its first file as texts, then each file, then the end; a message without files is texts alone. */
async function* partsOf(message: AsyncIterable<Uint8Array>): AsyncGenerator<Part, void, undefined> {
  const lines = linesOf(message)[Symbol.asyncIterator]();
  const next = async () => (await lines.next()) as IteratorResult<string, undefined>;
  let head = '';
  let delimiter: string | undefined;
  let isHead = true;
  let parts = 0;
  for (let line = await next(); line.done !== true; line = await next()) {
    if (isHead) {
      head += `${line.value}\r\n`;
      if (line.value !== '') continue;
      isHead = false;
      const boundary = BOUNDARY.exec(head)?.[1];
      delimiter = boundary === undefined ? undefined : `--${boundary}`;
      yield { kind: 'other', text: head };
      continue;
    }
    if (delimiter === undefined || line.value !== delimiter || parts++ === 0) {
      yield { kind: 'other', text: `${line.value}\r\n` };
      continue;
    }
    // From the second part on there are files alone.
    for (let closing = line.value; closing === delimiter;) {
      let fileHead = `${delimiter}\r\n`;
      for (let at = await next(); at.done !== true && at.value !== ''; at = await next())
        fileHead += `${at.value}\r\n`;
      fileHead += '\r\n';
      let endedBy: string | undefined;
      const end = delimiter;
      // Without a `return`, so that whoever stops reading leaves the rest to be skipped.
      const content: AsyncIterator<string, undefined> = {
        next: async () => {
          if (endedBy === undefined) {
            const at = await next();
            if (at.done !== true && at.value !== end && at.value !== `${end}--`)
              return { done: false, value: at.value };
            endedBy = at.value ?? '';
          }
          return { done: true, value: undefined };
        },
      };
      const name = FILE_NAME.exec(fileHead)?.[1] ?? '';
      const attachment = { name, head: fileHead.length, content: 0 };
      const contentLines = { [Symbol.asyncIterator]: () => content };
      yield { kind: 'file', head: fileHead, delimiter: `\r\n${delimiter}`, attachment, lines: contentLines };
      while ((await content.next()).done !== true);
      closing = endedBy ?? '';
    }
    yield { kind: 'end', delimiter: `\r\n${delimiter}` };
    return;
  }
}

/** The first events of a file that fit, as a part of its own; nothing where none does. */
async function* cutFile(
  head: string,
  lines: AsyncIterable<string>,
  name: string,
  share: number,
): AsyncGenerator<Uint8Array, void, undefined> {
  const isJson = /\.json$/i.test(name);
  const closing = isJson ? '\n]\n' : '\r\n';
  let taken = 0;
  let kept = '';
  let written = false;
  const encode = function* (text: string, end: boolean): Generator<Uint8Array> {
    kept += text;
    const whole = end ? kept.length : kept.length - (kept.length % LINE_BYTES);
    const encoded = Buffer.from(kept.slice(0, whole), 'latin1').toString('base64');
    kept = kept.slice(whole);
    if (encoded !== '') yield bytes(encoded.replace(/.{76}(?=.)/g, '$&\r\n') + (end ? '' : '\r\n'));
  };
  let first: string | undefined;
  for await (const row of rowsOf(lines)) {
    if (first === undefined) {
      first = row;
      continue;
    }
    const event = isJson ? row.replace(/,$/, '') : row;
    if (isJson && event === ']') break;
    const separator = written ? (isJson ? ',\n' : '\r\n') : isJson ? '\n' : '\r\n';
    taken += event.length + separator.length;
    if (encodedSize(first.length + taken + closing.length) > share) break;
    if (!written) {
      yield bytes(head);
      yield* encode(first, false);
    }
    written = true;
    yield* encode(separator + event, false);
  }
  if (!written) return;
  yield* encode(closing, true);
  yield bytes('\r\n');
}

function encodedSize(length: number): number {
  const characters = 4 * Math.ceil(length / 3);
  return characters + 2 * Math.ceil(characters / 76);
}

/** The rows of a file, decoded, without their line ends; one character a byte. */
async function* rowsOf(lines: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const line of lines) {
    rest += Buffer.from(line, 'base64').toString('latin1');
    const rows = rest.split(/\r?\n/);
    // A carriage return at the end may be followed by its line feed.
    rest = rows.pop()!;
    for (const row of rows) yield row.replace(/\r$/, '');
  }
  if (rest !== '') yield rest;
}

/** Lines of a message without their CRLF; one character a byte. */
async function* linesOf(message: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  let rest = '';
  for await (const chunk of message) {
    rest += Buffer.from(chunk).toString('latin1');
    const lines = rest.split('\r\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function bytes(text: string): Uint8Array {
  return Buffer.from(text, 'latin1');
}
