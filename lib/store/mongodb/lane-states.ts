import type { Document, ObjectId } from 'mongodb';
import type { LaneState } from '../../model/lane.ts';
import { byCodePoint } from '../../model/event/object-view.ts';
import { chunks } from '../../model/chunks.ts';
import type { Connection } from './connection.ts';
import { LANES } from './schema.ts';

export interface LaneDocument {
  /** The lane's key. */
  _id: string;
  to: Date | null;
  epoch: number;
  run: string | null;
  /** The commit that wrote this state, by which its process finds out whether it succeeded. */
  commit?: ObjectId;
}

/** Lanes in the same state. */
interface LanesInState {
  readonly _id: Omit<LaneDocument, '_id' | 'commit'>;
  readonly lanes: readonly string[];
}

/**
 * The server groups lanes by their state, which nearly all have in common: 40,000 states take 25 ms of processor time instead of 200. One
 * reply of up to 16 MB has to hold the names of the lanes, 8 kB each.
 */
const LANES_PER_COMMAND = 2_000;
/** Commands that run concurrently, so that the server looks lanes up while others are decoded. */
const CONCURRENT_COMMANDS = 4;
const LAST_CODE_POINT = '\u{10ffff}';

/** States of these lanes; a lane that was never committed is missing. */
export async function readLaneStates(
  connection: Connection,
  lanes: readonly string[],
): Promise<Map<string, LaneState>> {
  const found = new Map<string, LaneState>();
  const parts = [...chunks(lanes, LANES_PER_COMMAND)];
  for (const some of chunks(parts, CONCURRENT_COMMANDS)) {
    const read = await Promise.all(
      some.map((part) => find(connection, [{ $match: { _id: { $in: part } } }])),
    );
    for (const alike of read.flat()) for (const state of toLaneStates(alike)) found.set(state.lane, state);
  }
  return found;
}

/** States of all lanes whose key begins with the prefix, in no order. */
export async function readLaneStatesByPrefix(
  connection: Connection,
  prefix: string,
  pageSize = LANES_PER_COMMAND,
): Promise<LaneState[]> {
  const states: LaneState[] = [];
  let range: Document = { $gte: prefix };
  for (;;) {
    const page = await find(connection, [
      { $match: { _id: { ...range, $lt: prefix + LAST_CODE_POINT } } },
      { $sort: { _id: 1 } },
      { $limit: pageSize },
    ]);
    const before = states.length;
    for (const alike of page) states.push(...toLaneStates(alike));
    if (states.length - before < pageSize) return states;
    // Names are sorted, so the last name of the page is the last one of some state.
    range = { $gt: page.map(({ lanes }) => lanes.at(-1)!).reduce((a, b) => (byCodePoint(a, b) > 0 ? a : b)) };
  }
}

async function find(connection: Connection, stages: readonly Document[]): Promise<LanesInState[]> {
  const state = { to: '$to', epoch: '$epoch', run: '$run' };
  const pipeline = [...stages, { $group: { _id: state, lanes: { $push: '$_id' } } }];
  const found: LanesInState[] = [];
  const batches = connection.stream((session) =>
    connection.collection(LANES).aggregate<LanesInState>(pipeline, { session }),
  );
  for await (const batch of batches) found.push(...batch);
  return found;
}

function* toLaneStates({ _id: { to, epoch, run }, lanes }: LanesInState): Generator<LaneState> {
  const [committedTo, committedBy] = [to?.getTime(), run ?? undefined];
  for (const lane of lanes) yield { lane, to: committedTo, epoch, run: committedBy };
}
