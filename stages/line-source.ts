/*
 * Line source: the events of a replay, off a stream of bytes that holds one JSON object a line.
 *
 * Input:     bytes; UTF-8, with or without byte order mark, lines ended by LF or CRLF, blank lines allowed, in any order of time.
 * Output:    batches of events.
 * State:     one unfinished line (up to 1 MiB), one batch, and, until the last line was read, the IDs seen, 25 bytes each or more (beyond a
 *            million of them in the overflow).
 * Guarantee: every line that is not blank becomes an event or is named and counted under one event reason; of several with one ID the first
 *            counts. Reads no faster than the stages work.
 */
import { Readable } from 'node:stream';
import type { KeyHash } from '../lib/thresholds/key-hash.ts';
import type { KeyTable } from '../lib/thresholds/key-table.ts';
import type { EventView } from '../lib/model/event/event.ts';
import { parseEventLine } from '../lib/model/event/event-line.ts';
import { ObjectView } from '../lib/model/event/object-view.ts';
import type { RunCounters } from '../lib/model/run-counters.ts';
import { UserError } from '../lib/model/user-error.ts';
import { lines } from '../lib/model/text/lines.ts';

const BATCH = 500;

export interface LineSourceDeps {
  readonly input: AsyncIterable<Uint8Array>;
  readonly tally: RunCounters;
  /** IDs seen; cleared after the last line. */
  readonly seen: KeyTable;
  readonly hash: KeyHash;
  /** Called for every line that cannot be used. */
  readonly onBadLine: (error: UserError) => void;
  /** Called for every valid event. */
  readonly onEvent: (event: EventView) => void;
  /** Called with the number of lines read so far, before each batch is processed. */
  readonly onProgress: (lines: number) => void;
  /** Called after the last line, before the stages end. */
  readonly onEnd: () => void;
}

export function lineSource(deps: LineSourceDeps): Readable {
  return Readable.from(batches(deps), { objectMode: true, highWaterMark: 1 });
}

async function* batches(deps: LineSourceDeps): AsyncGenerator<EventView[]> {
  let batch: EventView[] = [];
  let read = 0;
  try {
    for await (const chunk of lines(deps.input)) {
      for (const line of chunk) {
        read = line.number;
        const event = eventOf(line.text, line.number, deps);
        if (event === undefined) continue;
        if (event.invalid === undefined) deps.onEvent(event);
        batch.push(event);
      }
      if (batch.length < BATCH) continue;
      deps.onProgress(read);
      yield batch;
      batch = [];
    }
  } finally {
    // Making the reports needs the memory.
    deps.seen.clear();
  }
  if (batch.length > 0) yield batch;
  deps.onEnd();
}

function eventOf(text: string | undefined, number: number, deps: LineSourceDeps): EventView | undefined {
  const { tally, seen, hash } = deps;
  const raw = parseEventLine(text, number);
  if (raw instanceof UserError) {
    tally.read++;
    tally.count('invalid-line');
    deps.onBadLine(raw);
    return undefined;
  }
  const event = new ObjectView(raw, isTidy(text!) ? text : undefined);
  if (event.invalid !== undefined) {
    const hint = 'the event is counted as invalid';
    deps.onBadLine(
      new UserError({ what: event.invalid, where: `line ${number}`, got: event.invalidValue, hint }),
    );
    return event;
  }
  hash.ofText(event.id);
  if (seen.get(hash) !== undefined) {
    tally.read++;
    tally.count('duplicate');
    return undefined;
  }
  seen.set(hash, 1);
  return event;
}

/** Between its tokens JSON allows for control characters, which have no place in what people look at. */
function isTidy(text: string): boolean {
  return !text.includes('\t') && !text.includes('\r');
}
