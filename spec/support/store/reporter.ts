import assert from 'node:assert/strict';
import { formatInstant } from '../../../lib/model/time.ts';
import { unpackHeld } from '../../../lib/store/held-entries.ts';
import type { LaneStore, Store } from '../../../lib/store/port.ts';
import { commitLanes, freshState } from '../../../lib/store/commit-protocol.ts';
import {
  collect,
  commitOf,
  entries,
  entry,
  held,
  hits,
  HOUR,
  LANE,
  message,
  outbox,
  report,
  thresholds,
} from './rows.ts';

/** A lane's run in small: writes one row of every kind ahead, in the order in which a real one does. Labels and IDs name run and lane. */
export async function writeReport(
  store: Store,
  run: string,
  to: number,
  lane = LANE,
  from = to - HOUR,
): Promise<void> {
  const label = labelOf(run, lane);
  const stamp = { lane, run };
  await store.lanes.writeAhead(stamp, [held([label], { created: to + 1 })]);
  await store.lanes.writeAhead(stamp, [entries(label, 0, [entry('192.0.2.1')])]);
  await store.lanes.writeAhead(stamp, [message(label, 0, 'mail')]);
  const window = { dt_from: formatInstant(from), dt_to: formatInstant(to), createtime: formatInstant(to) };
  await store.lanes.writeAhead(stamp, [
    report(label, { run, ...window }),
    outbox(label),
    outbox(label, { number: 2 }),
  ]);
  await store.lanes.writeAhead(stamp, [hits(label, 1, to)]);
  const keys = [{ class: label, sources: ['192.0.2.1'] }];
  await store.lanes.writeAhead(stamp, [thresholds({ thresholdtime: to, ttl: to + 1000 * HOUR, keys })]);
}

function labelOf(run: string, lane: string): string {
  return `${run}@${lane}`;
}

/** Reports a lane from its state to `to`; true when the commit took place. */
export async function reportLane(
  store: Store,
  run: string,
  to: number,
  state = freshState(LANE),
): Promise<boolean> {
  await writeReport(store, run, to, state.lane, state.to ?? to - HOUR);
  const [done] = await commitLanes(store, [commitOf(state, run, to)]);
  return done === true;
}

/** Runs that a lane was reported by, in the order of their windows; fails when anything of a run is seen that is not all of it, once. */
export async function whatHappened(store: Store, lane = LANE): Promise<string[]> {
  const own = (label: string) => label.endsWith(`@${lane}`);
  const reports = (await store.reports.list()).filter((one) => own(one.label));
  const labels = reports.map((one) => one.label);
  const sent = (await store.outbox.list()).map((row) => row.label).filter(own);
  const counted = (await store.lanes.hits()).map((row) => row.filter).filter(own);
  const thresholds = await collect(store.journal.thresholds({ lanes: [lane] }));
  const kept = await collect(store.journal.held({ lane, run: '', after: 0 }));
  const once = [...labels].sort();
  assert.deepEqual(
    sent.sort(),
    once.flatMap((label) => [label, label]),
  );
  assert.deepEqual(counted.sort(), once);
  assert.deepEqual(thresholds.map((part) => part.keys[0]!.class).sort(), once);
  assert.deepEqual(kept.flatMap((part) => [...unpackHeld(part.entries)].map((one) => one.id)).sort(), once);
  for (const { label, run } of reports) {
    assert.equal((await collect(store.reports.entries(label))).length, 1);
    assert.equal((await collect(store.outbox.message(run, label))).length, 1);
    assert.ok(await store.reports.hasLabel(label));
  }
  return reports.toReversed().map((one) => one.run);
}

/** Steps that change something; each is one that a process can die before, or after without having heard of it. */
const STEPS = ['writeAhead', 'commit', 'publish', 'discard', 'sweep', 'raiseEpoch'] as const;

/** The store of a process that dies at its n-th step: odd numbers before it takes place, even ones after. */
export function dyingStore(store: Store, n: number): Store {
  let taken = 0;
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    if (++taken === n) throw new Error('died');
    const result = await work();
    if (++taken === n) throw new Error('died');
    return result;
  };
  return withSteps(store, step);
}

/** The store with something around every use of its lanes that changes them, and around reading them, too, when asked for. */
export function withSteps(
  store: Store,
  around: <T>(work: () => Promise<T>) => Promise<T>,
  reading: readonly (keyof LaneStore)[] = [],
): Store {
  const concerned: readonly string[] = [...STEPS, ...reading];
  const lanes = new Proxy(store.lanes, {
    get(target, name: keyof LaneStore) {
      const method = (target[name] as (...args: unknown[]) => Promise<unknown>).bind(target);
      return concerned.includes(name) ? (...args: unknown[]) => around(() => method(...args)) : method;
    },
  });
  return { ...store, lanes };
}
