import { createHash } from 'node:crypto';
import { SEVERITIES } from '../model/severity.ts';
import { laneKey } from '../model/lane.ts';
import type { Instant } from '../model/time.ts';
import { showValue, UserError } from '../model/user-error.ts';
import type { Store } from '../store/port.ts';
import { readConfigFile } from '../system/config-file.ts';
import { lineAndColumn } from '../model/text/json-error.ts';
import { parseLiveLane, PREFIX, type PreviousState } from '../run/plan/previous-state.ts';
import { inShard, type Shard } from '../run/plan/shard.ts';
import { sortedJson, sortedJsonFile } from '../model/text/sorted-json.ts';
import { writeFileAtomically } from '../system/atomic-write.ts';

/*
 * The state file: `ts_last_<severity>_<group>`, the end of the lane's last window, in whole seconds since the epoch (UTC),
 * for every lane of the live track, and `reporter_store`, which names the store. The store's lane states are the truth and this is their copy
 * for people. It is read for lanes that the store does not know, which is how the state of the reference is taken over; a file that names
 * another store is not, because its lanes would begin where nothing was reported from this one.
 */

/** A state file as it was read. */
export interface StateFile {
  readonly positions: PreviousState;
  /** The store that it names; the reference's own file names none. */
  readonly store: string | undefined;
}

const STORE = 'reporter_store';

/**
 * Reads the first of several state files that is there; none: an empty state. Lines that begin with `#` or `//` are comments, names that
 * do not begin with `ts_last_` are passed over.
 * @throws UserError with line and column when it is damaged
 */
export function readState(paths: readonly string[]): StateFile {
  for (const path of paths) {
    const file = unlessDamaged(path);
    if (file === undefined) continue;
    const entries = Object.entries(file.values).filter(([name]) => name.startsWith(PREFIX));
    const store = file.values[STORE];
    return {
      positions: new Map(entries.map(([name, value]) => [name, instantOf(value, name, file)])),
      store: typeof store === 'string' ? store : undefined,
    };
  }
  return { positions: new Map(), store: undefined };
}

/** The name of a store in state files: the same however its address is written. */
export async function storeId(store: Pick<Store, 'secret'>): Promise<string> {
  return createHash('sha256')
    .update('state file')
    .update(await store.secret())
    .digest('hex')
    .slice(0, 16);
}

/** The positions of a state file that hold for a store; none where the file names another one. */
export function positionsFor({ positions, store }: StateFile, id: string): PreviousState {
  return store === undefined || store === id ? positions : new Map();
}

const HINT = 'mend or remove it: it is not written over as long as it cannot be read';

function unlessDamaged(path: string): ReturnType<typeof readConfigFile> {
  try {
    const file = readConfigFile(path);
    if (file?.text.trim() === '') throw new UserError({ what: 'the file is empty', where: path });
    return file;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { problem } = error;
    const hint = problem.hint === undefined ? HINT : `${problem.hint}; ${HINT}`;
    throw new UserError({ ...problem, what: `damaged state file: ${problem.what}`, hint }, { cause: error });
  }
}

/** The year 9999; what is beyond is no number of seconds. */
const LATEST = 253_402_300_800;

function instantOf(
  value: unknown,
  name: string,
  file: { readonly path: string; readonly text: string },
): Instant {
  if (typeof value === 'number' && value >= 0 && value < LATEST) return Math.floor(value) * 1000;
  throw new UserError({
    what: `damaged state file: wrong value of ${showValue(name)}`,
    where: `${file.path}${placeOf(name, file.text)}`,
    got: value,
    expected: 'seconds since the epoch',
    hint: HINT,
  });
}

/** Line and column of a name, in its plain form or escaped as we write it. */
function placeOf(name: string, text: string): string {
  const offset = [JSON.stringify(name), sortedJson(name)]
    .map((written) => text.indexOf(written))
    .find((found) => found >= 0);
  return lineAndColumn(text, offset);
}

/** Positions of the live lanes of a shard, by their keys in the state file, in seconds. */
export async function stateOf(
  store: Store,
  shard: Shard | undefined,
): Promise<Readonly<Record<string, number>>> {
  const state: Record<string, number> = {};
  // Side by side: a store gives those of one severity page after page.
  const states = await Promise.all(
    SEVERITIES.map((severity) => store.lanes.statesByPrefix(laneKey('live', severity, ''))),
  );
  for (const { lane, to } of states.flat()) {
    const place = parseLiveLane(lane);
    if (place === undefined || to === undefined) continue;
    if (shard === undefined || inShard(place.group, shard)) state[place.name] = Math.floor(to / 1000);
  }
  return state;
}

/** @throws UserError when it cannot be written; the file that is there stays */
export function saveState(path: string, state: Readonly<Record<string, number>>, id: string): void {
  // In pieces: there may be tens of thousands of lanes.
  writeFileAtomically(path, sortedJsonFile({ ...state, [STORE]: id }, 1), 'the state file');
}
