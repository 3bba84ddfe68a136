import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { findReports, MOST_REPORTS } from '../../../lib/explain/reports.ts';
import type { PlacedEntry } from '../../../lib/model/report.ts';
import { formatInstant } from '../../../lib/model/time.ts';
import type { Store } from '../../../lib/store/port.ts';
import { event } from '../../support/builders.ts';
import { openEmbeddedForSpec } from '../../support/store/embedded.ts';
import { entries, entry, HOUR, LANE, report, settle, T0 } from '../../support/store/rows.ts';

const ONE = '192.0.2.1';

describe('findReports', () => {
  let store: Store;
  let destroy: () => Promise<void>;
  beforeEach(async () => {
    ({ store, destroy } = await openEmbeddedForSpec());
  });
  afterEach(() => destroy());

  /** A run over the hour that ends so many hours after T0, and its summary, which bears its number. */
  const run = (hour: number, named: readonly PlacedEntry[], relapsed = 0, name = `run-${1000 + hour}`) => {
    const window = { dt_from: formatInstant(T0 + (hour - 1) * HOUR), dt_to: formatInstant(T0 + hour * HOUR) };
    const label = `S${hour}`;
    return settle(store, name, [
      report(label, { ...window, run: name, evcount_rlp: relapsed }),
      entries(label, 0, named),
    ]);
  };
  const cameBack = (source: string): PlacedEntry => ({ ...entry(source), part: 'relapsed' });
  /** Entries of the specs have T0 as their time, and so has this event. */
  const stored = (sources: readonly string[] = [ONE]) =>
    event({ stored: T0 + 10, sources, more: { DetectTime: formatInstant(T0) } });
  const find = (held: readonly string[] = [], one = stored()) =>
    findReports(
      store,
      LANE,
      one,
      new Set(one.sources.map((source) => source.text)),
      new Map(held.map((source) => [source, true])),
    );
  const told = async (...args: Parameters<typeof find>) =>
    (await find(...args)).reports.map(({ label, part, sources }) => [label, part, sources]);

  it('takes the window that holds the event, and none before or after it', async () => {
    for (const hour of [0, 1, 2]) await run(hour, [entry(ONE)]);
    assert.deepEqual(await told(), [['S1', 'regular', [ONE]]]);
    assert.equal((await find()).window?.report, 'S1');
  });

  it('tells of the window also when its report names something else', async () => {
    await run(1, [entry('192.0.2.2')]);
    const { reports, window } = await find();
    assert.deepEqual([reports, window?.report], [[], 'S1']);
  });

  it('takes the first report after it in which a source comes back', async () => {
    await run(0, [cameBack(ONE)], 1);
    await run(5, [cameBack('192.0.2.2')], 1);
    await run(6, [cameBack(ONE)], 1);
    await run(7, [cameBack(ONE)], 1);
    assert.deepEqual(await told(), [['S6', 'relapsed', [ONE]]]);
  });

  it('lets what is new of a source be of other events when this one was suppressed', async () => {
    await run(1, [entry(ONE), cameBack(ONE)], 1);
    assert.deepEqual(await told(), [['S1', 'regular', [ONE]]]);
    assert.deepEqual(await told([ONE]), [['S1', 'relapsed', [ONE]]]);
  });

  it('finds each source where it is', async () => {
    await run(1, [entry(ONE)]);
    await run(3, [cameBack('192.0.2.2')], 1);
    assert.deepEqual(await told([], stored([ONE, '192.0.2.2', '192.0.2.3'])), [
      ['S1', 'regular', [ONE]],
      ['S3', 'relapsed', ['192.0.2.2']],
    ]);
  });

  it('goes by the times that an entry includes', async () => {
    await run(1, [entry(ONE)]);
    const another = event({ stored: T0 + 10, sources: [ONE], more: { DetectTime: formatInstant(T0 - 1) } });
    assert.deepEqual(await told([], another), []);
  });

  it('is not misled when a run that began later had come first', async () => {
    await run(0, [entry('192.0.2.2')], 0, 'run-9999');
    await run(1, [entry(ONE)]);
    assert.deepEqual(await told(), [['S1', 'regular', [ONE]]]);
  });

  it('says so when there are too many reports to look at', async () => {
    const after = { dt_from: formatInstant(T0 + 8 * HOUR), dt_to: formatInstant(T0 + 9 * HOUR) };
    const many = Array.from({ length: MOST_REPORTS }, (_, i) => report(`E${i}`, { ...after, type: 'extra' }));
    await settle(store, 'run-2000', many);
    assert.equal((await find()).cut, false);
    await run(1, [entry(ONE)]);
    assert.deepEqual(await find(), { reports: [], window: null, cut: true });
  });
});
