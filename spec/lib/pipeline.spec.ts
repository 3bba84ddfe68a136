import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, it } from 'mocha';
import { NO_THRESHOLDS, type Thresholds } from '../../lib/thresholds/thresholds.ts';
import type { EventView } from '../../lib/model/event/event.ts';
import type { LaneOutcome } from '../../lib/model/lane.ts';
import { RunCounters } from '../../lib/model/run-counters.ts';
import { reportPipeline, type PipelineContext, type Slice } from '../../lib/pipeline.ts';
import { mergeEntries } from '../../lib/report/content/entry.ts';
import { routeTo } from '../../stages/group-router.ts';
import { event, group, lane } from '../support/builders.ts';
import { ArrayScratch } from '../support/scratch.ts';

/** Suppresses some sources, and makes the pipeline wait as often as `waits` says. */
function suppressing(sources: ReadonlySet<string>, waits: () => boolean) {
  const held: string[] = [];
  const later = () => (waits() ? new Promise<void>((resolve) => setImmediate(resolve)) : undefined);
  const thresholds: Thresholds = {
    ...NO_THRESHOLDS,
    load: later,
    suppressedUntil: (_lane, _class, source) => (sources.has(source.text) ? Infinity : undefined),
    hold: (owner, view) => {
      held.push(`${view.id} ${owner.group.name}`);
      return later();
    },
  };
  return { thresholds, held };
}

/** Processes events of one group and of two, in two batches, every other of them suppressed. */
async function process(waits: () => boolean) {
  const [one, two] = ['one', 'two'].map((name) => group({ name }));
  const groups = [['one'], ['one', 'two'], ['two'], ['elsewhere'], ['two', 'one']];
  const events = Array.from({ length: 40 }, (_, i) =>
    event({ id: `e${i}`, groups: groups[i % 5]!, sources: [`192.0.2.${i % 2 === 0 ? 1 : 2}`] }),
  );
  const lanes = [one!, two!].map((owner, index) => lane({ group: owner, index }));
  const { thresholds, held } = suppressing(new Set(['192.0.2.1']), waits);
  const added: string[] = [];
  const tally = new RunCounters();
  const slice: Slice = {
    source: Readable.from([events.slice(0, 23), events.slice(23)]),
    lanes,
    tally,
    exclusions: new Map(),
    thresholds,
  };
  const context: PipelineContext = {
    run: 'run-1',
    remembers: false,
    routes: new Map(lanes.map((owner) => [owner.group.name, routeTo(owner.group)])),
    ownersOf: () => [],
    testData: false,
    defaultSeverity: undefined,
    scratch: new ArrayScratch(mergeEntries),
    store: {
      events: { byId: () => Promise.resolve(new Map<string, EventView>()) },
      lanes: { writeAhead: () => Promise.resolve(), discard: () => Promise.resolve() },
    },
    commit: (commits) => Promise.resolve(commits.map(() => true)),
    aggregationOf: (owner) => ({
      weight: 0,
      add: (view) => added.push(`${view.id} ${owner.group.name}`),
      spill: () => undefined,
    }),
    reportsOf: async function* () {
      yield* await Promise.resolve([]);
    },
    deliver: () => Promise.resolve(),
    onUnreadable: () => undefined,
    onMissing: () => undefined,
    onFailure: (_lane, error) => assert.fail(String(error)),
  };
  const outcomes: LaneOutcome[] = [];
  for await (const outcome of reportPipeline(slice, context, () => undefined)) outcomes.push(outcome);
  const { read, routed, items } = tally;
  const counted = outcomes.map((o) => [o.group, o.evcount_new, o.evcount_thr_blk, o.evcount_thr]);
  return { added, held, counted, tally: { read, routed, items } };
}

describe('pipeline', () => {
  it('decides every event once and in order, whether or not it has to wait for thresholds', async () => {
    const atOnce = await process(() => false);
    assert.deepEqual(atOnce.tally, { read: 40, routed: 32, items: 48 });
    assert.deepEqual(atOnce.counted, [['one', 24, 12, 12], ['two', 24, 12, 12]]); // prettier-ignore
    assert.deepEqual(atOnce.added.slice(0, 4), ['e1 one', 'e1 two', 'e5 one', 'e7 two']);
    assert.deepEqual(atOnce.held.slice(0, 4), ['e0 one', 'e2 two', 'e4 two', 'e4 one']);
    assert.deepEqual(await process(() => true), atOnce);
    let asked = 0;
    assert.deepEqual(await process(() => asked++ % 3 === 0), atOnce);
  });
});
