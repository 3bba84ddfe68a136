import type { RawEvent } from '../../model/event/event.ts';
import type { ScratchEvent } from '../../scratch/port.ts';
import { csvHead, csvRow } from './export-csv.ts';
import { exportText } from './export-json.ts';

// The two forms in which a report's events lie in a file, made piece by piece: what a file begins with, a piece an event, what it ends with.

export const EVENT_KINDS = ['json', 'csv'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

interface Form {
  readonly head: string;
  /** @param first nothing was written but the head */
  piece(event: ScratchEvent, first: boolean): string;
  tail(empty: boolean): string;
}

const FORMS: Readonly<Record<EventKind, Form>> = {
  /** An array, one event a line. */
  json: {
    head: '[',
    piece: ({ body }, first) => `${first ? '' : ','}\n${exportText(body)}`,
    tail: (empty) => (empty ? ']\n' : '\n]\n'),
  },
  csv: {
    head: csvHead(),
    piece: ({ body }) => csvRow(JSON.parse(body) as RawEvent),
    tail: () => '',
  },
};

/** The file as pieces of text, each event whole in one of them. */
export function* eventLines(kind: EventKind, events: Iterable<ScratchEvent>): Iterable<string> {
  yield FORMS[kind].head;
  let empty = true;
  for (const piece of eventPieces(kind, events)) {
    yield piece;
    empty = false;
  }
  yield FORMS[kind].tail(empty);
}

/** A piece an event, as it stands in the file. */
export function* eventPieces(kind: EventKind, events: Iterable<ScratchEvent>): Iterable<string> {
  let first = true;
  for (const event of events) {
    yield FORMS[kind].piece(event, first);
    first = false;
  }
}

/** What a file holds besides its events. */
export function fileEnds(kind: EventKind): string {
  return FORMS[kind].head + FORMS[kind].tail(false);
}
