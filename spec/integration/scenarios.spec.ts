import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { isAdHocKey } from '../../lib/run/plan/plan.ts';
import { runReporter } from '../../lib/run/run.ts';
import type { RunOptions } from '../../lib/run/run-options.ts';
import { basicExpression } from '../../lib/filter/index.ts';
import { parseGroup } from '../../lib/model/group/group-schema.ts';
import type { LaneOutcome } from '../../lib/model/lane.ts';
import { PROCESSING_ORDER } from '../../lib/model/severity.ts';
import { formatInstant } from '../../lib/model/time.ts';
import { shipped } from '../../lib/config/locations.ts';
import { openEmbeddedStore } from '../../lib/store/embedded/index.ts';
import type { Store } from '../../lib/store/port.ts';
import { openMongoForSpec } from '../lib/store/mongodb/open.ts';
import { needsMongod } from '../support/mongod.ts';
import { runDeps, runOptions } from '../support/run.ts';
import { groupDocument, Recorder, runsOf, type Scenario } from './scenario.ts';

const FOLDER = shipped('spec/scenarios');
const COUNTERS = [
  'evcount_new', 'evcount_inv', 'evcount_net', 'evcount_flt', 'evcount_flt_blk', 'evcount_thr', 'evcount_thr_blk',
  'evcount_rlp', 'evcount_rlp_flt', 'evcount_rlp_gone', 'evcount_rep', 'evcount_all',
] as const; // prettier-ignore

const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(FOLDER, ...path), 'utf8'));

type Open = (directory: string) => Promise<{ store: Store; destroy: () => Promise<void> }>;

const ENGINES: Readonly<Record<string, Open>> = {
  embedded: (directory) => {
    const store = openEmbeddedStore(join(directory, 'store.db'));
    return Promise.resolve({ store, destroy: () => store.close() });
  },
  MongoDB: openMongoForSpec,
};

/** Runs a scenario on a fresh store and returns the outcome of every lane in the form of the expected ones. */
async function work(scenario: Scenario, open: Open): Promise<unknown[]> {
  const directory = await mkdtemp(join(tmpdir(), 'scenario-'));
  const { store, destroy } = await open(directory);
  try {
    const documents = scenario.groups.map(groupDocument);
    await store.groups.replace(documents);
    await store.events.insert(scenario.events);
    const groups = documents.map((document) => parseGroup(document, document.name, basicExpression));
    const lanes: unknown[] = [];
    for (const [number, run] of runsOf(scenario).entries()) {
      const recorder = new Recorder();
      const deps = runDeps({ directory, store: recorder.watchStore(store), groups, run: `run-${number}` });
      const { openScratch } = deps;
      const options: RunOptions = runOptions(directory, {
        mode: 'regular',
        timeHigh: Date.parse(run.to),
        severities: PROCESSING_ORDER.filter((severity) => run.severities.includes(severity)),
        testData: scenario.options?.test_data ?? false,
        track: scenario.options?.test_data
          ? 'test-data'
          : scenario.options?.mail_test_mode
            ? 'mail-test'
            : 'live',
        mailTestMode: scenario.options?.mail_test_mode ?? false,
      });
      const result = await runReporter(options, {
        ...deps,
        openScratch: async () => recorder.watchScratch(await openScratch()),
      });
      assert.deepEqual(result.failures, []);
      for (const outcome of result.outcomes) {
        assert.equal(isAdHocKey(outcome.lane), false);
        if (isWorthTelling(outcome)) lanes.push(told(outcome, number + 1, recorder));
      }
    }
    return lanes;
  } finally {
    await destroy();
    await rm(directory, { recursive: true });
  }
}

function isWorthTelling(outcome: LaneOutcome): boolean {
  const { evcount_all = 0, evcount_rlp_flt = 0, evcount_rlp_gone = 0 } = outcome;
  return (
    outcome.result === 'skipped-too-soon' ||
    outcome.result === 'failed' ||
    evcount_all + evcount_rlp_flt + evcount_rlp_gone > 0
  );
}

function told(outcome: LaneOutcome, run: number, recorder: Recorder): unknown {
  const { group, severity, result } = outcome;
  const head = { run, to: formatInstant(outcome.to), group, severity };
  if (result === 'skipped-too-soon') return { ...head, from: formatInstant(outcome.from), result };
  const written = recorder.of(outcome.lane);
  const sourceOf = new Map(written.records.map((record) => [record.label, record.source]));
  const mails = written.records
    .filter((record) => record.flag_mailed)
    .map(({ label, type }) => [
      type,
      sourceOf.get(label),
      written.outbox.filter((row) => row.label === label).map((row) => row.recipient),
    ]);
  return {
    ...head,
    from: formatInstant(outcome.from),
    result,
    ...Object.fromEntries(COUNTERS.map((name) => [name, outcome[name]])),
    filtering: outcome.filtering,
    sources: written.sources,
    held: written.held.sort(),
    reports: written.records.map((record) => [record.type, record.source]),
    mails,
  };
}

/** The order in which extra reports are made follows their number of events, which the expected outcome does not fix. */
function settled(lanes: unknown[]): unknown {
  return lanes.map((lane) => {
    const { reports, mails, held, ...rest } = lane as {
      reports?: unknown[];
      mails?: unknown[];
      held?: unknown[];
    };
    const byText = (list: unknown[] | undefined) => list?.map((entry) => JSON.stringify(entry)).sort();
    return { ...rest, reports: byText(reports), mails: byText(mails), held: byText(held) };
  });
}

for (const [engine, open] of Object.entries(ENGINES)) {
  describe(`scenarios on the engine ${engine}`, function () {
    this.timeout(60_000);
    if (engine === 'MongoDB') needsMongod();
    for (const file of readdirSync(FOLDER)
      .filter((name) => name.endsWith('.json'))
      .sort()) {
      const scenario = read(file) as Scenario;
      it(`${scenario.name}: ${scenario.about}`, async () => {
        assert.deepEqual(settled(await work(scenario, open)), settled(read('expected', file) as unknown[]));
      });
    }
  });
}
