import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { neverCommitted } from '../../lib/run/plan/plan-run.ts';
import { runReporter } from '../../lib/run/run.ts';
import type { RunInputs } from '../../lib/run/run-context.ts';
import type { RunOptions } from '../../lib/run/run-options.ts';
import type { RunResult } from '../../lib/run/run-result.ts';
import type { RawEvent } from '../../lib/model/event/event.ts';
import { laneKey } from '../../lib/model/lane.ts';
import { byCodePoint } from '../../lib/model/event/object-view.ts';
import { initMongoStore } from '../../lib/store/mongodb/index.ts';
import type { Store } from '../../lib/store/port.ts';
import { openMongoForSpec } from '../lib/store/mongodb/open.ts';
import { END, group, rawEvent } from '../support/builders.ts';
import { needsMongod } from '../support/mongod.ts';
import { override } from '../support/override.ts';
import { runDeps, runOptions } from '../support/run.ts';
import { openEmbeddedForSpec } from '../support/store/embedded.ts';
import { collect } from '../support/store/rows.ts';

const DAY = 86_400_000;
const NAMES = Array.from({ length: 430 }, (_, i) => `g${String(i).padStart(3, '0')}@example.org`);
/** Thresholds end after two days, and what was suppressed on the second comes back. */
const settings = { timing: 'custom', timing_thr_lo: 2 * 86_400, timing_rel_lo: 86_400 } as const;
const GROUPS = NAMES.map((name) => group({ name, networks: [], settings }));
const BUSY = [NAMES[3]!, NAMES[150]!, NAMES[429]!];

const anEvent = fc.record({
  groups: fc.subarray(BUSY, { minLength: 1 }),
  sources: fc.subarray(['192.0.2.1', '192.0.2.2', '2001:db8::1'], { minLength: 1 }),
  severity: fc.constantFrom('low', 'low', 'critical'),
  stored: fc.integer({ min: END - 6 * DAY, max: END - 1 }),
  categories: fc.constantFrom(['Recon.Scanning'], ['Recon.Scanning'], ['Test']),
});
const worlds = fc
  .array(anEvent, { minLength: 1, maxLength: 25 })
  .map((events) => events.map((event, i) => rawEvent({ ...event, id: `event-${i}` })));

/** Lanes of one slice are written side by side. */
function byLane<T extends { readonly lane: string }>(rows: readonly T[]): T[] {
  return [...rows].sort((a, b) => byCodePoint(a.lane, b.lane));
}

/** Runs once a day and returns the result of each, and the slices that it read. */
async function week(
  store: Store,
  events: readonly RawEvent[],
  options: Partial<RunOptions> = {},
  deps: Partial<RunInputs> = {},
) {
  const directory = await mkdtemp(join(tmpdir(), 'silent-'));
  const results: RunResult[] = [];
  const read: (readonly string[])[] = [];
  const slice: Store['events']['slice'] = (query) => {
    // Not the look at what is ahead of the clock.
    if (query.from < END) read.push(query.groups);
    return store.events.slice(query);
  };
  const watched = override(store, { events: override(store.events, { slice }) });
  try {
    await store.events.insert(events);
    for (let to = END - 5 * DAY; to <= END; to += DAY) {
      const own = runDeps({ directory, store: watched, groups: GROUPS, run: `run-${to}` });
      const asked = { mode: 'regular', severities: ['critical', 'low'], timeHigh: to } as const;
      results.push(await runReporter(runOptions(directory, { ...asked, ...options }), { ...own, ...deps }));
    }
    const labels = (await store.reports.list()).map(({ label }) => label).sort();
    const reports = await Promise.all(labels.map((label) => store.reports.get(label)));
    const states = byLane(await store.lanes.statesByPrefix('live/'));
    const lanes = BUSY.map((name) => laneKey('live', 'low', name));
    const thresholds = byLane(await collect(store.journal.thresholds({ lanes })));
    const told = results.map(({ outcomes, failures }) => ({ outcomes, failures }));
    return { came: { told, reports, states, thresholds }, read };
  } finally {
    await rm(directory, { recursive: true });
  }
}

/** The same store, in which every lane may have events: none is idle before it was read. */
function withoutIdle(store: Store): Store {
  const groupsIn: Store['events']['groupsIn'] = ({ groups }) => Promise.resolve(new Set(groups));
  return override(store, { events: override(store.events, { groupsIn }) });
}

const openMongo = async () => {
  const opened = await openMongoForSpec();
  await initMongoStore(opened.uri, { database: opened.database, eventsIndex: true });
  // The secret goes into labels.
  return { store: await opened.open({ random: () => new Uint8Array(32) }), destroy: opened.destroy };
};

describe('idle lanes', function () {
  this.timeout(120_000);

  for (const [engine, open, numRuns] of [
    ['the embedded store', openEmbeddedForSpec, 3],
    ['MongoDB', openMongo, 1],
  ] as const) {
    describe(`on ${engine}`, () => {
      if (engine === 'MongoDB') needsMongod();

      it('have the same outcome as if a cursor had read them, and only the others are read', async () => {
        await fc.assert(
          fc.asyncProperty(worlds, async (events) => {
            const [one, other] = [await open(), await open()];
            try {
              const secret = await one.store.secret();
              const plain = override(withoutIdle(other.store), { secret: () => Promise.resolve(secret) });
              const [asked, looked] = [await week(one.store, events), await week(plain, events)];
              assert.deepEqual(asked.came, looked.came);
              assert.equal(looked.read.length, 6 * 2 * 3);
              for (const groups of asked.read) assert.ok(groups.every((name) => BUSY.includes(name)));
            } finally {
              await Promise.all([one.destroy(), other.destroy()]);
            }
          }),
          { seed: 11, numRuns, endOnFailure: true },
        );
      });
    });
  }

  it('are found in an ad-hoc run, too, which leaves nothing behind', async () => {
    const { store, destroy } = await openEmbeddedForSpec();
    const { came, read } = await week(store, [rawEvent({ groups: BUSY })], { mode: 'default' });
    assert.deepEqual(read, [BUSY]);
    assert.equal(came.reports.length, 3);
    assert.deepEqual(came.states, []);
    await destroy();
  });

  it('are read one by one when the query fails', async () => {
    const { store, destroy } = await openEmbeddedForSpec();
    const groupsIn = () => Promise.reject(new Error('the plan does not hold'));
    const broken = override(store, { events: override(store.events, { groupsIn }) });
    const { came, read } = await week(broken, [rawEvent({ groups: BUSY })]);
    assert.equal(read.length, 6 * 2 * 3);
    assert.equal(came.reports.length, 3);
    assert.deepEqual(
      came.told.flatMap(({ failures }) => failures),
      [],
    );
    await destroy();
  });

  it('are committed while the store answers the next query', async () => {
    const { store, destroy } = await openEmbeddedForSpec();
    const committed = new EventEmitter();
    const first = once(committed, 'critical');
    const commit: Store['lanes']['commit'] = async (commits) => {
      const done = await store.lanes.commit(commits);
      const critical = commits.some(
        ({ state, run }) => state.lane.includes('critical') && !neverCommitted({ run }),
      );
      if (critical) committed.emit('critical');
      return done;
    };
    const groupsIn: Store['events']['groupsIn'] = async (query) => {
      if (query.severity === 'low') await first;
      return store.events.groupsIn(query);
    };
    const watched = override(store, {
      events: override(store.events, { groupsIn }),
      lanes: override(store.lanes, { commit }),
    });
    const { read } = await week(watched, []);
    assert.deepEqual(read, []);
    await destroy();
  });

  it('of a group with a broken filter make the run fail', async () => {
    const { store, destroy } = await openEmbeddedForSpec();
    const broken = group({ name: NAMES[7]!, filters: [{ name: 'odd', filter: 'Category in [' }] });
    const groups = GROUPS.map((one) => (one.name === broken.name ? broken : one));
    const { came, read } = await week(store, [], {}, { groups });
    assert.deepEqual(read, []);
    for (const { failures, outcomes } of came.told) {
      assert.match(failures.join(), /^group g007@example.org, filter odd: /);
      assert.ok(outcomes.every(({ result }) => result === 'skipped-no-events'));
    }
    await destroy();
  });

  it('that another reporter commits after the query are left to that one', async () => {
    const { store, destroy } = await openEmbeddedForSpec();
    const key = laneKey('live', 'low', NAMES[5]!);
    const ended: Store['journal']['expiredLanes'] = async (lanes, by) => {
      const found = await store.journal.expiredLanes(lanes, by);
      const state = (await store.lanes.states([key])).get(key);
      if (state !== undefined) await store.lanes.raiseEpoch(state);
      return found;
    };
    const raced = override(store, { journal: override(store.journal, { expiredLanes: ended }) });
    const { came } = await week(raced, []);
    for (const { outcomes } of came.told) {
      const others = outcomes.filter(({ result }) => result !== 'skipped-no-events');
      assert.deepEqual(
        others.map(({ lane }) => lane),
        [key],
      );
      assert.match(others[0]!.error!, /another reporter processed this lane first/);
    }
    await destroy();
  });
});
