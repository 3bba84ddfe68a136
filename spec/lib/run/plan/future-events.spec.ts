import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { describe, it } from 'mocha';
import { warnOfFutureEvents } from '../../../../lib/run/plan/future-events.ts';
import { openEmbeddedStore } from '../../../../lib/store/embedded/index.ts';
import { END, group, rawEvent, type EventOptions } from '../../../support/builders.ts';
import { override } from '../../../support/override.ts';
import { runOptions, SILENT } from '../../../support/run.ts';

const HOUR = 3_600_000;

/** The warnings of a run whose clock stands at END, over one event. */
async function warnings(event: EventOptions, testData = false): Promise<string[]> {
  const store = openEmbeddedStore(':memory:');
  await store.events.insert([rawEvent({ id: 'e', ...event })]);
  const found: string[] = [];
  const log = { ...SILENT, warning: (message: string) => void found.push(message) };
  const groups = [group(), group({ name: 'b@example.org' })];
  await warnOfFutureEvents(groups, runOptions(tmpdir(), { testData }), { store, log, clock: () => END });
  await store.close();
  return found;
}

describe('lib/run/plan/future-events', () => {
  it('warns of events more than an hour ahead of the clock, with the first one and its time', async () => {
    const [line, ...more] = await warnings({ stored: END + HOUR });
    assert.match(
      line!,
      /^events are stored more than an hour ahead of the clock.*: low from 2026-01-06T01:00:00Z \(e\);/,
    );
    assert.deepEqual(more, []);
    assert.equal((await warnings({ stored: Date.UTC(8999, 11, 31), groups: ['b@example.org'] })).length, 1);
  });

  it('does not warn of what may be the difference of two clocks, nor of what this run does not look at', async () => {
    for (const event of [
      { stored: END + HOUR - 1 },
      { stored: END - 1 },
      { stored: END + HOUR, groups: ['c@example.org'] },
    ])
      assert.deepEqual(await warnings(event), []);
    assert.deepEqual(await warnings({ stored: END + HOUR }, true), []);
  });

  it('lets the run go on where the store fails', async () => {
    const found: string[] = [];
    const log = { ...SILENT, warning: (message: string) => void found.push(message) };
    const whole = openEmbeddedStore(':memory:');
    const groupsIn = () => Promise.reject(new Error('the medium is full'));
    const store = override(whole, { events: override(whole.events, { groupsIn }) });
    await warnOfFutureEvents([group()], runOptions(tmpdir()), { store, log, clock: () => END });
    assert.match(found.join(), /^events ahead of the clock cannot be looked for: the medium is full$/);
    await whole.close();
  });
});
