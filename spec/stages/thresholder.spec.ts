import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NO_THRESHOLDS, type Thresholds } from '../../lib/thresholds/thresholds.ts';
import type { LaneItem } from '../../stages/item.ts';
import { thresholder } from '../../stages/thresholder.ts';
import { END, event, lane } from '../support/builders.ts';
import { through } from '../support/stage.ts';

/** Suppresses sources until an instant, and notes what is held. */
function suppressing(until: Readonly<Record<string, number>>) {
  const held: string[] = [];
  let loads = 0;
  const thresholds: Thresholds = {
    ...NO_THRESHOLDS,
    load: () => (loads++ === 0 ? Promise.resolve() : undefined),
    suppressedUntil: (_lane, _class, source) => until[source.text],
    hold: (_lane, view, sources) => {
      held.push(...sources.map((source) => `${view.id} ${source.text}`));
      return held.length % 2 === 0 ? Promise.resolve() : undefined;
    },
  };
  return { thresholds, held };
}

async function pass(thresholds: Thresholds, ...events: ReturnType<typeof event>[]) {
  const owner = lane();
  const items = events.map((view): LaneItem => ({
    event: view,
    group: owner.group,
    part: 'regular',
    sources: view.sources,
    reason: undefined,
    lane: owner,
  }));
  const passed = await through<LaneItem>(thresholder({ thresholds }), items);
  return {
    counters: owner.counters,
    passed: passed.map((item) => [item.event.id, ...item.sources.map((s) => s.text)].join(' ')),
  };
}

describe('thresholder', () => {
  const borders: [string, number | undefined, string[]][] = [
    ['an event stored before the end of the threshold is suppressed', END - 3_600_000 + 1, []],
    ['an event stored at the end of the threshold passes', END - 3_600_000, ['e 192.0.2.1']],
    ['without a threshold everything passes', undefined, ['e 192.0.2.1']],
  ];
  for (const [rule, ttl, expected] of borders) {
    it(rule, async () => {
      const { passed } = await pass(
        suppressing(ttl === undefined ? {} : { '192.0.2.1': ttl }).thresholds,
        event({ id: 'e', stored: END - 3_600_000 }),
      );
      assert.deepEqual(passed, expected);
    });
  }

  it('an event passes with the sources that are not suppressed; the suppressed ones stand in the registry', async () => {
    const { thresholds, held } = suppressing({ '192.0.2.2': Infinity });
    const { passed, counters } = await pass(
      thresholds,
      event({ id: 'e', sources: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] }),
    );
    assert.deepEqual(passed, ['e 192.0.2.1 192.0.2.3']);
    assert.deepEqual(held, ['e 192.0.2.2']);
    assert.deepEqual([counters.of('passed'), counters.of('suppressed')], [1, 0]);
  });

  it('takes no instant for a missing threshold, 1970 and before included', async () => {
    const old = [-1, 0, 1].map((stored) => event({ id: String(stored), stored }));
    assert.deepEqual((await pass(suppressing({}).thresholds, ...old)).counters.of('suppressed'), 0);
    const { thresholds } = suppressing({ '192.0.2.1': 0 });
    assert.deepEqual((await pass(thresholds, ...old)).passed, ['0 192.0.2.1', '1 192.0.2.1']);
  });

  it('counts an event once, however many sources are suppressed, and goes on in order after a write', async () => {
    const { thresholds, held } = suppressing({ '192.0.2.1': Infinity, '192.0.2.2': Infinity });
    const { passed, counters } = await pass(
      thresholds,
      event({ id: 'a', sources: ['192.0.2.1', '192.0.2.2'] }),
      event({ id: 'b', sources: ['192.0.2.9'] }),
      event({ id: 'c', sources: ['192.0.2.1'] }),
    );
    assert.deepEqual(passed, ['b 192.0.2.9']);
    assert.deepEqual([counters.of('passed'), counters.of('suppressed')], [1, 2]);
    assert.equal(held.length, 3);
  });
});
