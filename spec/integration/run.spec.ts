import type { Log } from '../../lib/run/ports.ts';
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { runReporter } from '../../lib/run/run.ts';
import type { RunInputs } from '../../lib/run/run-context.ts';
import type { RunResult } from '../../lib/run/run-result.ts';
import type { RunOptions } from '../../lib/run/run-options.ts';
import type { EventView } from '../../lib/model/event/event.ts';
import type { Group } from '../../lib/model/group/group.ts';
import { UserError } from '../../lib/model/user-error.ts';
import { openEmbeddedStore } from '../../lib/store/embedded/index.ts';
import { dryRunStore } from '../../lib/store/dry-run.ts';
import type { Store } from '../../lib/store/port.ts';
import { END, group, rawEvent } from '../support/builders.ts';
import { override } from '../support/override.ts';
import { runDeps, runOptions, SILENT } from '../support/run.ts';

const DAY = 86_400_000;
const ALPHA = group({
  name: 'alpha@example.org',
  networks: [{ network: '192.0.2.0/24' }],
  settings: { mode: 'both' },
});
const BETA = group({ name: 'beta@example.org', networks: [{ network: '198.51.100.0/24' }] });

describe('a run', () => {
  let directory: string;
  let store: Store;
  let serial = 0;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'run-'));
    store = openEmbeddedStore(join(directory, 'store.db'), { random: () => new Uint8Array(32) });
    const events = [
      rawEvent({ id: 'a1', groups: [ALPHA.name], sources: ['192.0.2.1'], stored: END - 5 * 3_600_000 }),
      rawEvent({
        id: 'a2',
        groups: [ALPHA.name],
        sources: ['192.0.2.1', '192.0.2.2'],
        stored: END - 4 * 3_600_000,
      }),
      rawEvent({ id: 'b1', groups: [BETA.name], sources: ['198.51.100.1'], stored: END - 3 * 3_600_000 }),
      rawEvent({ id: 'a3', groups: [ALPHA.name], sources: ['192.0.2.1'], stored: END + 3_600_000 }),
    ];
    await store.events.insert(events);
  });

  afterEach(async () => {
    await store.close();
    await rm(directory, { recursive: true });
  });

  async function run(
    options: Partial<RunOptions> = {},
    deps: Partial<RunInputs> & { groups?: readonly Group[] } = {},
  ): Promise<RunResult> {
    const own = runDeps({ directory, store, groups: [ALPHA, BETA], run: `run-${serial++}` });
    return runReporter(
      runOptions(directory, { mode: 'regular', timeHigh: END, severities: ['low'], ...options }),
      { ...own, ...deps },
    );
  }

  const results = ({ outcomes }: RunResult) =>
    outcomes.map((o) => [o.group.split('@')[0], o.result, o.evcount_rep]);
  const spool = async (folder = 'spool') => (await readdir(join(directory, folder)).catch(() => [])).sort();

  it('of an input that breaks while it is copied leaves nothing behind that keeps the program from exiting', async () => {
    const timed = group({
      name: 'a@example.org',
      filters: [{ name: 'late', filter: 'DetectTime > utcnow()' }],
    });
    const stop = new AbortController();
    const openInput = () => {
      stop.abort(new Error('ended by SIGTERM'));
      throw new UserError({ what: 'ended' });
    };
    const deps = { groups: [timed], openInput, stop: stop.signal, scratchDir: directory };
    await assert.rejects(run({ mode: 'default', events: '-', timeHigh: undefined }, deps), /ended/);
    assert.deepEqual(getEventListeners(stop.signal, 'abort'), []);
  });

  describe('names each text once that cannot be read as an address, up to 20, then how many more', () => {
    const texts = Array.from({ length: 25 }, (_, i) => `198.51.100.0${i}`);
    const odd = [...texts, ...texts].map((text, i) =>
      rawEvent({ id: `odd-${i}`, groups: [ALPHA.name], sources: i % 2 === 0 ? [text] : ['192.0.2.1', text] }),
    );
    const warningsOf = async (options: Partial<RunOptions>, deps: Partial<RunInputs> = {}) => {
      const warnings: string[] = [];
      const log: Log = { ...SILENT, warning: (message) => void warnings.push(message) };
      assert.deepEqual((await run(options, { log, ...deps })).failures, []);
      return warnings;
    };
    const check = (warnings: readonly string[]) => {
      assert.equal(warnings.length, 21);
      assert.equal(
        warnings[0],
        'event odd-0: "198.51.100.00" cannot be read as an address of its source, which is left out',
      );
      assert.equal(warnings[20], '5 more texts could not be read as addresses of sources');
    };

    it('of a store', async () => {
      await store.events.insert(odd);
      check(await warningsOf({}));
    });

    it('of a replay', async () => {
      const text = odd.map((event) => JSON.stringify(event)).join('\n');
      const openInput = () => Readable.from([Buffer.from(text)]);
      check(await warningsOf({ mode: 'default', events: '-' }, { openInput }));
    });
  });

  it('of a replay reports events around 1970, of sensors whose clocks were reset', async () => {
    const events = [-3_300_000, -1000, 0, 1000].map((stored, i) =>
      rawEvent({ id: `rtc-${i}`, groups: [ALPHA.name], sources: [`192.0.2.${i + 1}`], stored }),
    );
    const openInput = () =>
      Readable.from([Buffer.from(events.map((event) => JSON.stringify(event)).join('\n'))]);
    const { outcomes, failures } = await run(
      { mode: 'default', events: '-', timeHigh: undefined },
      { openInput },
    );
    assert.deepEqual(failures, []);
    const [alpha] = outcomes;
    assert.deepEqual([alpha!.evcount_rep, alpha!.evcount_thr_blk], [4, 0]);
    assert.deepEqual([alpha!.from, alpha!.to], [-3_300_000, 2000]);
  });

  it('of a replay without groups says that nobody is known', async () => {
    const line = `${JSON.stringify(rawEvent({ groups: [ALPHA.name] }))}\n`;
    const openInput = () => Readable.from([Buffer.from(line)]);
    const { outcomes, failures, events } = await run(
      { mode: 'default', events: '-' },
      { groups: [], openInput },
    );
    assert.deepEqual([outcomes, failures, events['unknown-group']], [[], [], 1]);
  });

  it('reports, mails and remembers; the next one suppresses what was reported', async () => {
    const first = await run();
    assert.deepEqual(results(first), [['alpha', 'reported', 2], ['beta', 'reported', 1]]); // prettier-ignore
    assert.equal(first.ok, true);
    assert.equal((await spool()).length, 4);
    const second = await run({ timeHigh: END + DAY });
    assert.deepEqual(results(second), [['alpha', 'skipped-no-events', 0], ['beta', 'skipped-no-events', 0]]); // prettier-ignore
    assert.equal(second.outcomes[0]!.evcount_thr_blk, 1);
  });

  it('a lane that nobody can receive mail of fails by name; the others are processed, and it is retried', async () => {
    const deaf = group({ name: 'alpha', networks: [{ network: '192.0.2.0/24' }] });
    const named = [rawEvent({ id: 'x', groups: ['alpha'], sources: ['192.0.2.9'], stored: END - 1000 })];
    await store.events.insert(named);
    const failing = await run({}, { groups: [deaf, BETA] });
    assert.deepEqual(results(failing), [['alpha', 'failed', 1], ['beta', 'reported', 1]]); // prettier-ignore
    assert.equal(failing.ok, false);
    assert.match(failing.failures[0]!, /group alpha: no valid mail recipient/);
    const mended = group({ ...deaf.written, settings: { emails: ['noc@example.org'] } });
    const next = await run({ timeHigh: END + DAY }, { groups: [mended] });
    assert.deepEqual(results(next), [['alpha', 'reported', 1]]);
    assert.equal(next.outcomes[0]!.from, END - DAY);
  });

  it('a broken filter is named, matches nothing, and makes the run end with a failure', async () => {
    const written = { ...ALPHA.written, filters: [{ name: 'broken', filter: 'Source.IP4 in [' }] };
    const result = await run({}, { groups: [group(written)] });
    assert.deepEqual(results(result), [['alpha', 'reported', 2]]);
    assert.equal(result.ok, false);
    assert.match(
      result.failures[0]!,
      /group alpha@example.org, filter broken: .* \(the filter is skipped: the group is processed without it\)$/,
    );
    const record = await store.reports.get(result.outcomes[0]!.summaryId!);
    assert.equal(record?.filter_faults.length, 1);
    assert.match(record.message, /broken/);
  });

  it('a slice whose cursor breaks fails and leaves everything where it was', async () => {
    const slice: Store['events']['slice'] = async function* (query) {
      for await (const batch of store.events.slice(query)) {
        yield batch;
        throw new Error('cursor killed');
      }
    };
    const broken = override(store, { events: override(store.events, { slice }) });
    const failing = await run({}, { store: broken });
    assert.deepEqual(failing.outcomes.map((o) => [o.result, o.error]), [['failed', 'cursor killed'], ['failed', 'cursor killed']]); // prettier-ignore
    assert.deepEqual([await spool(), await store.lanes.pending()], [[], []]);
    assert.deepEqual(results(await run()), [['alpha', 'reported', 2], ['beta', 'reported', 1]]); // prettier-ignore
  });

  describe('whose store goes away', () => {
    const GONE = new UserError({ what: 'no server answers' });
    const GROUPS = ['a', 'b', 'c', 'd', 'e'].map((name) => group({ name: `${name}@example.org` }));
    /** Breaks the second slice; from then on lanes can be asked for or not. */
    const broken = (alive: boolean): Store => {
      let gone = false;
      const slice: Store['events']['slice'] = async function* (query) {
        yield* store.events.slice(query);
        if (query.severity !== 'high') return;
        gone = true;
        throw GONE;
      };
      const states: Store['lanes']['states'] = (lanes) =>
        gone && !alive ? Promise.reject(GONE) : store.lanes.states(lanes);
      const lanes = override(store.lanes, { states });
      return override(store, { events: override(store.events, { slice }), lanes });
    };
    const severities = ['critical', 'high', 'medium', 'low'] as const;
    const counted = ({ outcomes }: RunResult) =>
      severities.map((one) => new Set(outcomes.filter((o) => o.severity === one).map((o) => o.result)));

    it('for a moment goes on with the next slice, and names lanes that failed alike in one line', async () => {
      const run1 = await run({ severities }, { store: broken(true), groups: GROUPS });
      assert.deepEqual(counted(run1), ['skipped-no-events', 'failed', 'skipped-no-events', 'skipped-no-events'].map((r) => new Set([r]))); // prettier-ignore
      assert.deepEqual(run1.failures, ['live/high/a@example.org and 4 more lanes: no server answers']);
    });

    it('for good ends with the lanes that had no turn standing', async () => {
      const run1 = await run({ severities }, { store: broken(false), groups: GROUPS });
      assert.deepEqual(counted(run1), ['skipped-no-events', 'failed', 'standing', 'standing'].map((r) => new Set([r]))); // prettier-ignore
      assert.equal(run1.failures[0], 'no server answers');
      assert.equal(run1.ok, false);
      const run2 = await run({ severities }, { groups: GROUPS });
      assert.deepEqual(counted(run2), ['skipped-too-soon', 'skipped-no-events', 'skipped-no-events', 'skipped-no-events'].map((r) => new Set([r]))); // prettier-ignore
    });
  });

  it('the next slice is opened while this one is processed, and one that breaks meanwhile fails alone', async () => {
    const seen: string[] = [];
    const slice: Store['events']['slice'] = async function* (query) {
      seen.push(query.severity);
      if (query.severity === 'medium') throw new Error('cursor killed');
      yield* store.events.slice(query);
    };
    const writeAhead: Store['lanes']['writeAhead'] = (stamp, rows) => {
      if (seen.at(-1) !== 'written') seen.push('written');
      return store.lanes.writeAhead(stamp, rows);
    };
    const watched = override(store, {
      events: override(store.events, { slice }),
      lanes: override(store.lanes, { writeAhead }),
    });
    const result = await run({ severities: ['low', 'medium'] }, { store: watched });
    assert.deepEqual(seen.slice(0, 3), ['low', 'medium', 'written']);
    assert.deepEqual(result.outcomes.map((o) => [o.severity, o.result]), [['low', 'reported'], ['low', 'reported'], ['medium', 'failed'], ['medium', 'failed']]); // prettier-ignore
  });

  it('that has nothing to work with rejects', async () => {
    const secret = () => Promise.reject(new UserError({ what: 'the secret cannot be read' }));
    await assert.rejects(run({}, { store: override(store, { secret }) }), /the secret cannot be read/);
  });

  it('that finds nothing new says all the same that event classes or texts cannot be read', async () => {
    const { report } = runOptions(directory);
    const nowhere = join(directory, 'nowhere');
    const [classes, texts] = [
      { ...report, eventClasses: nowhere },
      { ...report, localesDir: nowhere },
    ];
    await assert.rejects(run({ report: classes }, { groups: [] }), /event classes cannot be read/);
    await assert.rejects(run({ report: texts }, { groups: [] }), /nowhere/);
  });

  /** A scratch that one event breaks. */
  const breakingScratch = async () => {
    const scratch = await runDeps({ directory, store, groups: [ALPHA, BETA] }).openScratch();
    return override(scratch, {
      addEvent: (lane, event) => {
        if (event.id === 'a2') throw new TypeError('a problem of the program');
        scratch.addEvent(lane, event);
      },
    });
  };

  it('what breaks on one lane is processed lane by lane, so that the others are reported', async () => {
    const result = await run({}, { openScratch: breakingScratch });
    assert.deepEqual(results(result), [['alpha', 'failed', undefined], ['beta', 'reported', 1]]); // prettier-ignore
    assert.equal(result.ok, false);
  });

  it('that is stopped while it processes lane by lane ends after the lane at hand', async () => {
    const wish = new AbortController();
    const log: Log = { ...SILENT, exception: () => wish.abort(new UserError({ what: 'ended by SIGTERM' })) };
    const result = await run({}, { openScratch: breakingScratch, log, stop: wish.signal });
    assert.deepEqual(results(result), [['alpha', 'failed', undefined], ['beta', 'standing', undefined]]); // prettier-ignore
    assert.equal(result.failures[0], 'ended by SIGTERM');
    assert.deepEqual(result.events, { read: 3, routed: 3 });
    assert.deepEqual(results(await run()), [['alpha', 'reported', 2], ['beta', 'reported', 1]]); // prettier-ignore
  });

  it('that is asked to end while it counts again counts no further', async () => {
    const wish = new AbortController();
    let opened = 0;
    // The fourth look at the events, after that of the slice and of both its lanes: one event a batch.
    const slice: Store['events']['slice'] = async function* (query) {
      const counts = ++opened === 4;
      for await (const batch of store.events.slice(query))
        for (const event of batch) {
          if (counts) wish.abort(new UserError({ what: 'ended by SIGTERM' }));
          yield [event];
        }
    };
    const watched = override(store, { events: override(store.events, { slice }) });
    const result = await run({}, { openScratch: breakingScratch, stop: wish.signal, store: watched });
    assert.deepEqual(results(result), [['alpha', 'failed', undefined], ['beta', 'reported', 1]]); // prettier-ignore
    assert.deepEqual(result.events, { read: 1, routed: 1 });
  });

  describe('whose slice breaks and is processed again lane by lane counts every event once', () => {
    const BOTH = rawEvent({ id: 'both', groups: [ALPHA.name, BETA.name], sources: ['192.0.2.3', '198.51.100.3'], stored: END - 2 * 3_600_000 }); // prettier-ignore
    const OUTSIDE = rawEvent({ id: 'gone', groups: [ALPHA.name, 'gamma@example.org'], sources: ['192.0.2.4'], stored: END - 3_600_000 }); // prettier-ignore
    const SOUND = { read: 5, routed: 5 };

    beforeEach(() => store.events.insert([BOTH, OUTSIDE]));

    it('when it is not broken', async () => {
      assert.deepEqual((await run()).events, SOUND);
    });

    it('when it breaks while its events are read', async () => {
      const result = await run({}, { openScratch: breakingScratch });
      assert.deepEqual(results(result), [['alpha', 'failed', undefined], ['beta', 'reported', 2]]); // prettier-ignore
      assert.deepEqual(result.events, SOUND);
    });

    it('when it breaks on an event itself, which is read and goes no further', async () => {
      const slice: Store['events']['slice'] = async function* (query) {
        for await (const batch of store.events.slice(query)) yield batch.map(poisoned);
      };
      const result = await run({}, { store: override(store, { events: override(store.events, { slice }) }) });
      assert.deepEqual(results(result), [['alpha', 'failed', undefined], ['beta', 'reported', 2]]); // prettier-ignore
      assert.deepEqual(result.events, { read: 5, routed: 4 });
    });
  });

  it('warns of lanes that stand in the future, where nothing is due until then', async () => {
    const future = Date.UTC(2027, 0, 1);
    await run({ timeHigh: future });
    const warnings: string[] = [];
    const log: Log = { ...SILENT, warning: (line) => warnings.push(line) };
    const result = await run({ timeHigh: undefined }, { log });
    assert.deepEqual(results(result), [['alpha', 'skipped-too-soon', undefined], ['beta', 'skipped-too-soon', undefined]]); // prettier-ignore
    assert.match(warnings.join('|'), /^live\/low\/alpha@example\.org and 1 more lane: processed up to 2027-01-01T00:00:00Z, which is in the future[^|]*$/); // prettier-ignore
    warnings.length = 0;
    await run({ timeHigh: undefined }, { log, clock: () => future - 60_000 });
    assert.deepEqual(warnings, []);
  });

  it('mails of a run that died after its commit go out with the next one', async () => {
    const dying = override(store, { outbox: override(store.outbox, { due: () => Promise.resolve([]) }) });
    await run({}, { store: dying });
    assert.deepEqual(await spool(), []);
    const next = await run();
    assert.deepEqual(results(next), [['alpha', 'skipped-too-soon', undefined], ['beta', 'skipped-too-soon', undefined]]); // prettier-ignore
    assert.equal((await spool()).length, 4);
    assert.equal(next.mails['sent'], 4);
  });

  describe('whose commit breaks off after it took place', () => {
    const NOT_CONFIRMED = new UserError({ what: 'the replica set did not confirm the write' });
    const broken: Record<string, Partial<Store['lanes']>> = {
      'before it was confirmed': {
        commit: async (commits) => {
          const done = await store.lanes.commit(commits);
          if (commits.some(({ hasRows: wrote }) => wrote)) throw NOT_CONFIRMED;
          return done;
        },
      },
      'before its rows were live': {
        publish: (stamps) =>
          stamps.length > 0 ? Promise.reject(NOT_CONFIRMED) : store.lanes.publish(stamps),
      },
    };
    for (const [moment, lanes] of Object.entries(broken)) {
      it(`${moment}: the lane fails, and its reports and mails come with the next run`, async () => {
        const breaking = override(store, { lanes: override(store.lanes, lanes) });
        const failing = await run({}, { store: breaking });
        assert.deepEqual(results(failing), [['alpha', 'failed', 2], ['beta', 'failed', 1]]); // prettier-ignore
        assert.match(failing.failures[0]!, /the next run finds out whether the lane was committed/);
        assert.deepEqual(await spool(), []);
        const next = await run();
        assert.deepEqual(results(next), [['alpha', 'skipped-too-soon', undefined], ['beta', 'skipped-too-soon', undefined]]); // prettier-ignore
        assert.deepEqual([(await store.reports.list()).length, (await spool()).length], [4, 4]);
        assert.deepEqual(await store.lanes.pending(), []);
      });
    }
  });

  it('mails go out only the way they were made for: a trial never swallows them, and what a trial wrote is never sent', async () => {
    const dying = override(store, { outbox: override(store.outbox, { due: () => Promise.resolve([]) }) });
    await run({}, { store: dying });
    const trial = { mailUri: `spool:${join(directory, 'trial')}` };
    await run({ ...trial, mode: 'default', track: 'mail-test', timeLow: END - DAY });
    assert.deepEqual([(await spool('trial')).length, (await spool()).length], [4, 0]);
    await run({ ...trial, mode: 'default', track: 'mail-test', timeLow: END - DAY }, { store: dying });
    await run();
    assert.deepEqual([(await spool('trial')).length, (await spool()).length], [4, 4]);
  });

  it('a process that dies at its first run leaves the place where its windows began', async () => {
    const dying = override(store, {
      events: override(store.events, { slice: () => { throw new Error('killed'); } }),
    }); // prettier-ignore
    await run({}, { store: dying }).catch(() => undefined);
    const next = await run({ timeHigh: END + DAY });
    assert.deepEqual(next.outcomes.map((o) => [o.from, o.evcount_new]), [[END - DAY, 3], [END - DAY, 1]]); // prettier-ignore
  });

  it('an ad-hoc run reports the same and changes nothing that a later run reads', async () => {
    const before = [await store.lanes.statesByPrefix('live/'), await store.lanes.hits()];
    assert.deepEqual(results(await run({ mode: 'default', timeLow: END - DAY })), [['alpha', 'reported', 2], ['beta', 'reported', 1]]); // prettier-ignore
    assert.deepEqual([await store.lanes.statesByPrefix('live/'), await store.lanes.hits()], before);
    assert.deepEqual(results(await run()), [['alpha', 'reported', 2], ['beta', 'reported', 1]]); // prettier-ignore
  });

  it('a dry run writes byte for byte what the real one sends, and nothing else', async () => {
    const own = openEmbeddedStore(join(directory, 'own.db'));
    const dry = join(directory, 'dry');
    const report = { ...runOptions(directory).report, reportsDir: join(dry, 'reports') };
    const result = await run(
      { dryRun: dry, mailUri: `spool:${dry}`, report },
      { store: dryRunStore(store, own) },
    );
    await own.close();
    assert.deepEqual(results(result), [['alpha', 'reported', 2], ['beta', 'reported', 1]]); // prettier-ignore
    assert.deepEqual(
      [(await store.lanes.statesByPrefix('live/')).length, (await store.reports.list()).length],
      [0, 0],
    );
    await run();
    const mails = (await spool('dry')).filter((name) => name.endsWith('.eml'));
    assert.deepEqual(mails, await spool());
    assert.equal(mails.length, 4);
    for (const name of mails) {
      const [trial, real] = await Promise.all(
        ['dry', 'spool'].map((folder) => readFile(join(directory, folder, name))),
      );
      assert.ok(trial!.equals(real!), name);
    }
  });

  it('two at once: each lane is reported by one of them, and the other says so', async () => {
    const [one, two] = await Promise.all([run(), run()]);
    const reported = [...one.outcomes, ...two.outcomes]
      .filter((o) => o.result === 'reported')
      .map((o) => o.group);
    assert.deepEqual(reported.sort(), [ALPHA.name, BETA.name]);
    assert.equal((await store.reports.list()).length, 4);
    assert.equal((await spool()).length, 4);
    assert.deepEqual(await store.lanes.pending(), []);
  });

  it('shards share the groups: together they do exactly what one does', async () => {
    const shards = [0, 1, 2].map((index) => run({ shard: { index, count: 3 } }));
    const outcomes = (await Promise.all(shards)).flatMap((result) => results(result)).sort();
    assert.deepEqual(outcomes, [['alpha', 'reported', 2], ['beta', 'reported', 1]]); // prettier-ignore
    assert.equal((await spool()).length, 4);
  });

  it('an unknown group is a mistake of the caller, with the nearest one named', async () => {
    await assert.rejects(run({ abuseGroups: ['alpha@example.com'] }), /no such group.*alpha@example.org/);
  });
});

/** The same event; the first one of alpha breaks whoever asks what it is about. */
function poisoned(event: EventView): EventView {
  if (event.id !== 'a1') return event;
  return override(event, {
    get groups(): readonly string[] {
      throw new TypeError('a problem of the program');
    },
  });
}
