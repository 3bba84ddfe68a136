import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { admitEvent } from '../../lib/model/event/admit-event.ts';
import { runReporter } from '../../lib/run/run.ts';
import type { RunResult } from '../../lib/run/run-result.ts';
import type { RunOptions } from '../../lib/run/run-options.ts';
import type { RawEvent } from '../../lib/model/event/event.ts';
import type { Group } from '../../lib/model/group/group.ts';
import { NetworkIndex } from '../../lib/model/network/network-index.ts';
import type { ReportRecord } from '../../lib/model/report.ts';
import { UserError } from '../../lib/model/user-error.ts';
import { openEmbeddedStore } from '../../lib/store/embedded/index.ts';
import { END, group, rawEvent } from '../support/builders.ts';
import { runDeps, runOptions } from '../support/run.ts';

const DAY = 86_400_000;
const NAMES = ['a@example.org', 'b@example.org', 'open', 'unknown@example.org'];
const ADDRESSES = [
  '192.0.2.1',
  '192.0.2.2',
  '192.0.2.130',
  '198.51.100.7',
  '192.0.2.0/24',
  '203.0.113.9',
  '2001:db8::1',
  '2001:db8:ffff::1',
];

const GROUPS: Group[] = [
  group({
    name: 'a@example.org',
    networks: [{ network: '192.0.2.0/24' }, { network: '2001:db8::/48' }],
    filters: [
      { name: 'one', filter: 'Source.IP4 in [192.0.2.2]' },
      { name: 'two', filter: 'Category in ["Attempt.Login"] and Source.IP6 in [2001:db8::/32]' },
    ],
    settings: { mode: 'both', timing: 'custom', timing_thr_lo: 2 * 86_400, timing_rel_lo: 86_400 },
  }),
  group({
    name: 'b@example.org',
    networks: [{ network: '192.0.2.128/25' }, { network: '198.51.100.0-198.51.100.9' }],
  }),
  group({ name: 'open', networks: [], settings: { emails: ['open@example.org'], mode: 'extra' } }),
];

/** Events of the four days before the end: good and bad ones, of known and unknown groups, inside and outside the networks. */
const anEvent = fc.record({
  groups: fc.subarray(NAMES),
  sources: fc.subarray(ADDRESSES, { maxLength: 3 }),
  severity: fc.constantFrom('low', 'low', 'low', 'critical', 'High', undefined),
  categories: fc.constantFrom(['Recon.Scanning'], ['Attempt.Login'], ['Test', 'Recon.Scanning'], []),
  eventClass: fc.constantFrom('recon-scanning', 'attempt-login-ssh', ''),
  stored: fc.integer({ min: END - 4 * DAY, max: END + 1000 }),
  broken: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
});
const worlds = fc
  .array(anEvent, { minLength: 1, maxLength: 40 })
  .map((found) =>
    found.map(({ broken, ...options }, i) =>
      rawEvent({ ...options, id: `event-${i}`, more: broken ? { Format: 'IDEA1' } : {} }),
    ),
  );

/** What the runs of four days come to, without what names the run. */
async function work(
  events: readonly RawEvent[],
  options: (to: number) => Partial<RunOptions>,
  runs: number,
): Promise<{ results: RunResult[]; records: unknown }> {
  const directory = await mkdtemp(join(tmpdir(), 'counting-'));
  const store = openEmbeddedStore(join(directory, 'store.db'), { random: () => new Uint8Array(32) });
  try {
    await store.events.insert(imported(events));
    const results: RunResult[] = [];
    for (let day = runs - 1; day >= 0; day--) {
      const to = END - day * DAY;
      const input = Buffer.from(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
      // eslint-disable-next-line @typescript-eslint/require-await
      const openInput = async function* () {
        yield input;
      };
      const deps = { ...runDeps({ directory, store, groups: GROUPS, run: `run-${day}` }), openInput };
      results.push(await runReporter(runOptions(directory, { timeHigh: to, ...options(to) }), deps));
    }
    const labels = (await store.reports.list()).map((record) => record.label);
    const records = await Promise.all(labels.map((label) => store.reports.get(label)));
    return { results, records: records.map((record) => bare(record!)).sort() };
  } finally {
    await store.close();
    await rm(directory, { recursive: true });
  }
}

/** The events as the importer stores them: complete, and without those that cannot be used. */
function imported(events: readonly RawEvent[]): RawEvent[] {
  const owners = new NetworkIndex(GROUPS);
  return events.flatMap((event) => {
    const admitted = admitEvent(event, 'spec', END, owners);
    return admitted instanceof UserError ? [] : [admitted.event];
  });
}

/** A report without its label, which an ad-hoc run makes of its own name. */
function bare(record: ReportRecord): string {
  const { label, children, parent, run, message_id, message, subject, files, ...rest } = record;
  const text = [message, subject, JSON.stringify(files)].map((part) =>
    part.replaceAll(/M\d{8}[SE][LMHC]-[A-Z0-9]{5}/g, 'LABEL'),
  );
  assert.ok(label + run + message_id);
  return JSON.stringify([rest, text, children.length, parent !== null]);
}

const regular = (): Partial<RunOptions> => ({ mode: 'regular' });

describe('counting', function () {
  this.timeout(120_000);

  it('every event that enters is counted out under one named reason, in every lane and every run', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (events) => {
        for (const { results } of [
          await work(events, regular, 4),
          await work(events, () => ({ events: '-' }), 1),
        ]) {
          for (const { outcomes, failures } of results) {
            assert.deepEqual(failures, []);
            for (const o of outcomes) {
              if (o.evcount_new === undefined) continue;
              assert.equal(
                o.evcount_new,
                o.evcount_inv! + o.evcount_net! + o.evcount_flt_blk! + o.evcount_thr_blk! + o.evcount_thr!,
              );
              assert.equal(o.evcount_rep, o.evcount_thr! + o.evcount_rlp!);
            }
          }
        }
      }),
      { seed: 7, numRuns: 12 },
    );
  });

  it('the order of input changes no report', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (events) => {
        const turned = [...events].reverse();
        assert.deepEqual((await work(turned, regular, 4)).records, (await work(events, regular, 4)).records);
        const replay = () => ({ events: '-', timeLow: END - 4 * DAY });
        assert.deepEqual((await work(turned, replay, 1)).records, (await work(events, replay, 1)).records);
      }),
      { seed: 8, numRuns: 8 },
    );
  });

  it('the same events through the store and through stdin give equal reports', async () => {
    await fc.assert(
      fc.asyncProperty(worlds, async (events) => {
        const window = () => ({ timeLow: END - 4 * DAY });
        const stored = await work(events, window, 1);
        const piped = await work(imported(events), () => ({ ...window(), events: '-' }), 1);
        assert.deepEqual(piped.records, stored.records);
      }),
      { seed: 9, numRuns: 12 },
    );
  });
});
