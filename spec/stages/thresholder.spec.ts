import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Thresholds } from '../../lib/thresholds/thresholds.ts';
import type { LaneItem } from '../../stages/item.ts';
import { thresholder } from '../../stages/thresholder.ts';
import { END, event, lane } from '../support/builders.ts';
import { through } from '../support/stage.ts';

/** A memory that keeps these sources quiet until an instant, and notes what is held. */
class Memory implements Thresholds {
  readonly held: string[] = [];
  loads = 0;
  readonly #quiet: Record<string, number>;

  constructor(quiet: Record<string, number>) {
    this.#quiet = quiet;
  }

  load() {
    return this.loads++ === 0 ? Promise.resolve() : undefined;
  }

  suppressedUntil: Thresholds['suppressedUntil'] = (_lane, _class, source) => this.#quiet[source.text] ?? 0;

  hold: Thresholds['hold'] = (_lane, view, sources) => {
    this.held.push(...sources.map((source) => `${view.id} ${source.text}`));
    return this.held.length % 2 === 0 ? Promise.resolve() : undefined;
  };

  // eslint-disable-next-line @typescript-eslint/require-await
  async *relapses() {
    yield* [];
  }
}

async function pass(memory: Memory, ...events: ReturnType<typeof event>[]) {
  const owner = lane();
  const items = events.map((view): LaneItem => ({
    event: view,
    group: owner.group,
    part: 'regular',
    sources: view.sources,
    reason: undefined,
    lane: owner,
  }));
  const passed = await through<LaneItem>(thresholder({ memory }), items);
  return {
    counters: owner.counters,
    passed: passed.map((item) => [item.event.id, ...item.sources.map((s) => s.text)].join(' ')),
  };
}

describe('thresholder', () => {
  const borders: [string, number, string[]][] = [
    ['an event stored before the end of the threshold is suppressed', END - 3_600_000 + 1, []],
    ['an event stored at the end of the threshold passes', END - 3_600_000, ['e 192.0.2.1']],
    ['without a threshold everything passes', 0, ['e 192.0.2.1']],
  ];
  for (const [rule, ttl, expected] of borders) {
    it(rule, async () => {
      const { passed } = await pass(
        new Memory({ '192.0.2.1': ttl }),
        event({ id: 'e', stored: END - 3_600_000 }),
      );
      assert.deepEqual(passed, expected);
    });
  }

  it('an event passes with the sources that are not suppressed; the others stand in the registry', async () => {
    const memory = new Memory({ '192.0.2.2': Infinity });
    const { passed, counters } = await pass(
      memory,
      event({ id: 'e', sources: ['192.0.2.1', '192.0.2.2', '192.0.2.3'] }),
    );
    assert.deepEqual(passed, ['e 192.0.2.1 192.0.2.3']);
    assert.deepEqual(memory.held, ['e 192.0.2.2']);
    assert.deepEqual([counters.of('passed'), counters.of('suppressed')], [1, 0]);
  });

  it('counts an event once, however many sources are suppressed, and goes on in order after a write', async () => {
    const memory = new Memory({ '192.0.2.1': Infinity, '192.0.2.2': Infinity });
    const { passed, counters } = await pass(
      memory,
      event({ id: 'a', sources: ['192.0.2.1', '192.0.2.2'] }),
      event({ id: 'b', sources: ['192.0.2.9'] }),
      event({ id: 'c', sources: ['192.0.2.1'] }),
    );
    assert.deepEqual(passed, ['b 192.0.2.9']);
    assert.deepEqual([counters.of('passed'), counters.of('suppressed')], [1, 2]);
    assert.equal(memory.held.length, 3);
  });
});
