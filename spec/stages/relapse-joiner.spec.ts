import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { NO_THRESHOLDS, type Thresholds, type Relapse } from '../../lib/thresholds/thresholds.ts';
import type { EventView } from '../../lib/model/event/event.ts';
import type { LaneItem } from '../../stages/item.ts';
import { relapseJoiner, type RelapseJoinerDeps } from '../../stages/relapse-joiner.ts';
import { event, lane } from '../support/builders.ts';
import { through } from '../support/stage.ts';

const CLASS = 'recon-scanning';

const withRelapses = (relapses: readonly Relapse[]): Thresholds => ({
  ...NO_THRESHOLDS,
  // eslint-disable-next-line @typescript-eslint/require-await
  relapses: async function* () {
    yield* relapses;
  },
});

async function join(
  events: readonly EventView[],
  held: [id: string, ...sources: string[]][],
  more: Partial<RelapseJoinerDeps> = {},
) {
  const owner = lane();
  const known = new Map(events.map((view) => [view.id, view]));
  const asked: number[] = [];
  const missing: string[] = [];
  const relapses = held.map(([id, ...sources]): Relapse => ({
    lane: owner,
    id,
    keys: sources.map((source) => ({ class: CLASS, source })),
  }));
  const fresh = event({ id: 'fresh' });
  const item: LaneItem = {
    event: fresh,
    group: owner.group,
    part: 'regular',
    sources: fresh.sources,
    reason: undefined,
    lane: owner,
  };
  const stage = relapseJoiner({
    thresholds: withRelapses(relapses),
    events: {
      byId: (ids) => {
        asked.push(ids.length);
        return Promise.resolve(new Map(ids.flatMap((id) => (known.has(id) ? [[id, known.get(id)!]] : []))));
      },
    },
    recheck: (_event, sources) => sources,
    onMissing: (_lane, id) => missing.push(id),
    ...more,
  });
  const items = await through<LaneItem>(stage, [item]);
  const shown = items.map(({ part, event: view, sources }) =>
    [part, view.id, ...sources.map((source) => source.text)].join(' '),
  );
  return { items: shown, counters: owner.counters, asked, missing };
}

describe('relapse joiner', () => {
  it('passes what is new at once, and brings relapsed events after it under their keys', async () => {
    const { items, counters } = await join(
      [event({ id: 'a', sources: ['192.0.2.1', '192.0.2.2'] })],
      [['a', '192.0.2.2']],
    );
    assert.deepEqual(items, ['regular fresh 192.0.2.1', 'relapsed a 192.0.2.2']);
    assert.deepEqual([counters.of('relapsed'), counters.of('passed')], [1, 0]);
  });

  it('counts an event once, however many of its keys relapse', async () => {
    const { items, counters } = await join([event({ id: 'a' })], [['a', '192.0.2.1', '192.0.2.2']]);
    assert.equal(items.at(-1), 'relapsed a 192.0.2.1 192.0.2.2');
    assert.equal(counters.of('relapsed'), 1);
  });

  it('counts and names an event that is no longer stored', async () => {
    const { items, counters, missing } = await join([], [['a', '192.0.2.1']]);
    assert.equal(items.length, 1);
    assert.equal(counters.of('relapse-gone'), 1);
    assert.deepEqual(missing, ['a']);
  });

  it('an event that routing or filters remove under every key is filtered; under one key it passes with the other', async () => {
    const recheck: RelapseJoinerDeps['recheck'] = (_event, sources) =>
      sources.filter((source) => source.text !== '192.0.2.1');
    const { items, counters } = await join(
      [event({ id: 'a' }), event({ id: 'b' })],
      [
        ['a', '192.0.2.1'],
        ['b', '192.0.2.1', '192.0.2.2'],
      ],
      { recheck },
    );
    assert.equal(items.at(-1), 'relapsed b 192.0.2.2');
    assert.deepEqual([counters.of('relapsed'), counters.of('relapse-filtered')], [1, 1]);
  });

  it('asks for 1,000 events at a time', async () => {
    const held = Array.from({ length: 2500 }, (_, i): [string, string] => [`e${i}`, '192.0.2.1']);
    const { asked, counters } = await join([], held);
    assert.deepEqual(asked, [1000, 1000, 500]);
    assert.equal(counters.of('relapse-gone'), 2500);
  });
});
