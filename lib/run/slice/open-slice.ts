import type { Log } from '../ports.ts';
import type { Readable } from 'node:stream';
import { lineSource } from '../../../stages/line-source.ts';
import { storeSource } from '../../../stages/store-source.ts';
import type { GroupExclusions } from '../../filter/exclusions.ts';
import type { KeyHash } from '../../thresholds/key-hash.ts';
import { KeyTable, type KeyOverflow } from '../../thresholds/key-table.ts';
import type { Group } from '../../model/group/group.ts';
import type { Lane } from '../../model/lane.ts';
import { RunTally } from '../../model/tally.ts';
import type { Instant } from '../../model/time.ts';
import type { Store } from '../../store/port.ts';
import { createLanes, type PlannedLane } from '../plan/plan.ts';
import type { Replay } from '../replay.ts';
import type { RunOptions } from '../run-options.ts';

/** A slice about to be worked: its lanes, its groups' filters made ready, and its first events on their way. */
export interface OpenSlice {
  readonly planned: readonly PlannedLane[];
  readonly lanes: readonly Lane[];
  readonly exclusions: ReadonlyMap<string, GroupExclusions | undefined>;
  readonly tally: RunTally;
  /** Batches of events. */
  readonly source: Readable;
}

/** What opening a slice takes. */
export interface OpenSliceDeps {
  readonly options: RunOptions;
  readonly store: Store;
  readonly log: Log;
  readonly hash: KeyHash;
  readonly openOverflow: () => KeyOverflow;
  readonly exclusionsOf: (group: Group, to: Instant) => GroupExclusions | undefined;
  readonly replay: Replay | undefined;
}

/** IDs of a replay that are held in memory: 25 MB. */
const IDS_IN_MEMORY = 1_000_000;

/**
 * Opens a slice and has its first batch fetched, so that the next slice can be opened while this one is worked. A source that breaks before
 * it is worked keeps its error.
 */
export function openSlice(planned: readonly PlannedLane[], deps: OpenSliceDeps): OpenSlice {
  const exclusions = new Map<string, GroupExclusions | undefined>();
  const lanes = createLanes(planned, ({ group, window }) => {
    const known = exclusions.has(group.name)
      ? exclusions.get(group.name)
      : deps.exclusionsOf(group, window.to);
    exclusions.set(group.name, known);
    return known?.problems;
  });
  const tally = new RunTally();
  const source = sourceOf(lanes, tally, exclusions, deps);
  source.on('error', () => undefined);
  source.read(0);
  return { planned, lanes, exclusions, tally, source };
}

function sourceOf(
  lanes: readonly Lane[],
  tally: RunTally,
  exclusions: ReadonlyMap<string, GroupExclusions | undefined>,
  deps: OpenSliceDeps,
): Readable {
  const { replay, store, options, hash, log } = deps;
  if (replay !== undefined) {
    return lineSource({
      input: replay.input,
      tally,
      hash,
      seen: new KeyTable(deps.openOverflow, IDS_IN_MEMORY),
      onBadLine: (error) => log.warning(error.message),
      onEvent: (event) => replay.observe(event),
      onEnd: () => replay.closeWindow(),
    });
  }
  const { severity, window } = lanes[0]!;
  const fields = new Set([...exclusions.values()].flatMap((e) => (e === undefined ? [] : [...e.fields])));
  const groups = lanes.map((lane) => lane.group.name);
  return storeSource({
    events: store.events,
    query: { severity, groups, from: window.from, to: window.to, test: options.testData, fields },
  });
}
