import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Exclusions } from '../../stages/filter.ts';
import { filter } from '../../stages/filter.ts';
import type { LaneItem } from '../../stages/item.ts';
import { event, lane } from '../support/builders.ts';
import { through } from '../support/stage.ts';

/** Filters that each remove one source. */
const removing = (filters: Record<string, string>): Exclusions => ({
  excludedBy: (_event, source) => Object.keys(filters).find((name) => filters[name] === source.text),
});

async function pass(sources: string[], exclusions: Exclusions | undefined) {
  const owner = lane();
  const view = event({ sources });
  const item: LaneItem = {
    event: view,
    group: owner.group,
    part: 'regular',
    sources: view.sources,
    reason: undefined,
    lane: owner,
  };
  const passed = await through<LaneItem>(filter({ exclusionsOf: () => exclusions }), [item]);
  return {
    sources: passed[0]?.sources.map((s) => s.text),
    filtering: Object.fromEntries(owner.filtering ?? []),
    counters: owner.counters,
  };
}

describe('filter', () => {
  it('lets everything pass where a group has no filter', async () => {
    assert.deepEqual((await pass(['192.0.2.1'], undefined)).sources, ['192.0.2.1']);
  });

  it('judges every source by itself: an event with a source left passes with it', async () => {
    const { sources, filtering, counters } = await pass(
      ['192.0.2.1', '192.0.2.2'],
      removing({ one: '192.0.2.1' }),
    );
    assert.deepEqual(sources, ['192.0.2.2']);
    assert.deepEqual(filtering, { one: 1 });
    assert.equal(counters.of('filtered'), 0);
  });

  it('counts an event with no source left as filtered, once', async () => {
    const { sources, filtering, counters } = await pass(
      ['192.0.2.1', '192.0.2.2'],
      removing({ one: '192.0.2.1', two: '192.0.2.2' }),
    );
    assert.equal(sources, undefined);
    assert.deepEqual(filtering, { one: 1, two: 1 });
    assert.equal(counters.of('filtered'), 1);
  });

  it('charges a filter one hit an event, however many of its sources it removes', async () => {
    const all: Exclusions = { excludedBy: () => 'all' };
    assert.deepEqual((await pass(['192.0.2.1', '192.0.2.2', '192.0.2.3'], all)).filtering, { all: 1 });
  });
});
