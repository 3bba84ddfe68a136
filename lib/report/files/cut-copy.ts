import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createDeflateRaw } from 'node:zlib';
import type { ScratchEvent } from '../../scratch/port.ts';
import { eventLines, eventPieces, fileEnds, type EventKind } from './event-lines.ts';

/*
 * How many of a report's events a mail has room for. Looked for only when the whole file is too big, and then no further than the room
 * reaches, so that a million events are read once and not twice.
 */

/** Bytes a file takes in a mail: base64, in lines of 76 characters that end with CRLF. */
export function encodedSize(bytes: number): number {
  const characters = 4 * Math.ceil(bytes / 3);
  return characters + 2 * Math.ceil(characters / 76);
}

/** The first `count` events. */
export function* firstEvents(events: Iterable<ScratchEvent>, count: number): Iterable<ScratchEvent> {
  let taken = 0;
  if (count === 0) return;
  for (const event of events) {
    yield event;
    if (++taken === count) return;
  }
}

/** How many whole events a file has room for: `room` counts encoded bytes. */
export function fittingEvents(kind: EventKind, events: Iterable<ScratchEvent>, room: number): number {
  let size = Buffer.byteLength(fileEnds(kind));
  let count = 0;
  for (const piece of eventPieces(kind, events)) {
    size += Buffer.byteLength(piece);
    if (encodedSize(size) > room) return count;
    count++;
  }
  return count;
}

/** Bytes of a zip file beside its one member's content and, twice, its name; rather too many. */
const ZIP_FRAME = 200;
/** Characters that are compressed before the size is looked at: each look costs some bytes of the estimate. */
const LOOK_AT = 64 * 1024;

/** How often a better number is looked for, and by what part it has to be better to be worth a look. */
const TRIES = 6;
const WORTHWHILE = 1.02;

/**
 * As {@link fittingEvents}, of a zip file; a few more events may have fitted. The size is known only once everything is compressed, so this
 * compresses as far as the room reaches, looking at the size now and then, which costs some bytes; where that is much, in a small room, it
 * tries with more events.
 * @param events reads them from the start
 */
export async function fittingZipped(
  kind: EventKind,
  events: () => Iterable<ScratchEvent>,
  room: number,
  member: string,
): Promise<number> {
  const frame = ZIP_FRAME + 2 * Buffer.byteLength(member);
  let low = await roughlyFitting(kind, events(), room, frame);
  let high = Infinity;
  for (let i = 0; low > 0 && i < TRIES; i++) {
    const guess =
      high === Infinity
        ? Math.floor((low * room) / (await zippedSize(kind, firstEvents(events(), low), frame)))
        : Math.floor((low + high) / 2);
    if (guess < low * WORTHWHILE) break;
    if ((await zippedSize(kind, firstEvents(events(), guess), frame)) <= room) low = guess;
    else high = guess;
  }
  return low;
}

async function roughlyFitting(
  kind: EventKind,
  events: Iterable<ScratchEvent>,
  room: number,
  frame: number,
): Promise<number> {
  const deflate = new Deflate();
  const every = Math.min(LOOK_AT, room / 30);
  try {
    let waiting = fileEnds(kind);
    let seen = 0;
    let fitting = 0;
    for (const piece of eventPieces(kind, events)) {
      waiting += piece;
      seen++;
      if (waiting.length < every) continue;
      await deflate.add(waiting);
      if (encodedSize(deflate.size + frame) > room) return fitting;
      fitting = seen;
      waiting = '';
    }
    await deflate.add(waiting);
    return encodedSize(deflate.size + frame) > room ? fitting : seen;
  } finally {
    deflate.close();
  }
}

/** Encoded bytes of a zip file of these events. */
async function zippedSize(kind: EventKind, events: Iterable<ScratchEvent>, frame: number): Promise<number> {
  let size = 0;
  const count = async (compressed: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of compressed) size += chunk.length;
  };
  await pipeline(Readable.from(eventLines(kind, events)), createDeflateRaw(), count);
  return encodedSize(size + frame);
}

/** Compresses what is added and counts what comes out. */
class Deflate {
  readonly #stream = createDeflateRaw();
  size = 0;

  constructor() {
    this.#stream.on('data', (chunk: Buffer) => (this.size += chunk.length));
  }

  /** Resolves when all that the text comes to is counted. */
  async add(text: string): Promise<void> {
    this.#stream.write(text);
    await new Promise<void>((resolve) => this.#stream.flush(constants.Z_SYNC_FLUSH, () => resolve()));
    await new Promise((resolve) => setImmediate(resolve));
  }

  close(): void {
    this.#stream.destroy();
  }
}
