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
  /** Names the commit that wrote this, so that whoever made it finds out whether it took place. */
  commit?: ObjectId;
}

/** Lanes that are in the same state, as the server tells them. */
interface LanesInState {
  readonly _id: Omit<LaneDocument, '_id' | 'commit'>;
  readonly lanes: readonly string[];
}

/**
 * Lanes of one command. The server puts those together that are in the same state, as nearly all are: 40,000 states take 25 ms of ours instead of
 * 200, because a name is all that is read of each. One answer of up to 16 MB has to hold the names: 8 kB for each.
 */
const LANES_PER_COMMAND = 2_000;
/** Commands that read states at the same time: the server looks lanes up while those before are decoded. */
const CONCURRENT_COMMANDS = 4;
const LAST_CODE_POINT = '\u{10ffff}';

/** States of these lanes; a lane without one is missing. */
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

/** Every state of lanes whose key begins with the prefix, in no order; up to so many are read at a time. */
export async function readLaneStatesByPrefix(
  connection: Connection,
  prefix: string,
  most = LANES_PER_COMMAND,
): Promise<LaneState[]> {
  const states: LaneState[] = [];
  let range: Document = { $gte: prefix };
  for (;;) {
    const page = await find(connection, [
      { $match: { _id: { ...range, $lt: prefix + LAST_CODE_POINT } } },
      { $sort: { _id: 1 } },
      { $limit: most },
    ]);
    const before = states.length;
    for (const alike of page) states.push(...toLaneStates(alike));
    if (states.length - before < most) return states;
    // Names come in their order, so that the last of a page is the last of one of its states.
    range = { $gt: page.map(({ lanes }) => lanes.at(-1)!).reduce((a, b) => (byCodePoint(a, b) > 0 ? a : b)) };
  }
}

async function find(connection: Connection, chosen: readonly Document[]): Promise<LanesInState[]> {
  const state = { to: '$to', epoch: '$epoch', run: '$run' };
  const pipeline = [...chosen, { $group: { _id: state, lanes: { $push: '$_id' } } }];
  const found: LanesInState[] = [];
  const batches = connection.stream((session) =>
    connection.collection(LANES).aggregate<LanesInState>(pipeline, { session }),
  );
  for await (const batch of batches) found.push(...batch);
  return found;
}

function* toLaneStates({ _id: { to, epoch, run }, lanes }: LanesInState): Generator<LaneState> {
  const [upto, by] = [to?.getTime(), run ?? undefined];
  for (const lane of lanes) yield { lane, to: upto, epoch, run: by };
}
