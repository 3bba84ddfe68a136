import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { after, describe, it } from 'mocha';
import type { RawEvent } from '../../../lib/model/event/event.ts';
import type { PlacedEntry } from '../../../lib/model/report.ts';
import { createReports } from '../../../lib/report/reports.ts';
import { END, rawEvent } from '../../support/builders.ts';
import { makeFolder } from '../../support/folder.ts';
import { laneReports, requestOf, scratchOf, type LaneOptions } from './support/lane-reports.ts';
import { HOSTILE, huge, SMALL } from './support/samples.ts';

describe('reports of a lane', () => {
  const folder = makeFolder();
  after(() => folder.remove());
  const make = (events: Parameters<typeof laneReports>[1], options?: LaneOptions) =>
    laneReports(folder.path, events, options);
  const records = async (...args: Parameters<typeof make>) =>
    (await make(...args)).map(({ record }) => record);

  it('are the summary first, then one for each source, most events first', async () => {
    const made = await records(SMALL);
    assert.deepEqual(
      made.map(({ type, source }) => [type, source]),
      [
        ['summary', null],
        ['extra', '192.0.2.15'],
        ['extra', '192.0.2.200'],
        ['extra', '192.0.2.9'],
      ],
    );
    const [summary, ...extras] = made;
    assert.deepEqual(
      summary!.children,
      extras.map(({ label }) => label),
    );
    assert.ok(extras.every(({ parent }) => parent === summary!.label));
    assert.equal(summary!.parent, null);
  });

  it('carry the counters of their kind', async () => {
    const [summary, extra] = await records(SMALL);
    assert.equal(summary!.evcount_new, 11);
    assert.equal(summary!.evcount_rep, 8);
    assert.equal(summary!.evcount_all, 13);
    assert.deepEqual(summary!.filtering, { 'own scanner': 1 });
    assert.deepEqual(
      Object.entries(extra!).filter(([name]) => name.startsWith('evcount_')),
      [
        ['evcount_rep', 6],
        ['evcount_all', 8],
      ],
    );
    assert.equal(extra!.statistics.cnt_events, 6);
    assert.deepEqual(extra!.statistics['classes'], { 'attempt-login-ssh': 5, 'recon-scanning': 1 });
    assert.equal(summary!.statistics.cnt_events, 8);
    assert.deepEqual(summary!.statistics['classes'], {
      'attempt-login-ssh': 6,
      'our-own-class': 1,
      'recon-scanning': 1,
    });
  });

  it('identify themselves', async () => {
    const [summary] = await records(SMALL, {
      lane: { window: { from: END - 7200_000, to: END, cutFrom: END - 9000_000 } },
    });
    assert.match(summary!.message_id, new RegExp(`^<${summary!.label}@example\\.net>$`));
    assert.equal(summary!.dt_from, '2026-01-05T22:00:00Z');
    assert.equal(summary!.dt_to, '2026-01-06T00:00:00Z');
    assert.equal(summary!.dt_cut_from, '2026-01-05T21:30:00Z');
    assert.equal(summary!.delta, 7200);
    assert.equal(summary!.createtime, '2026-01-06T00:01:00Z');
  });

  it('hold entries by part, class and source', async () => {
    const [summary, extra] = await records(SMALL);
    const { regular, relapsed, entries_left_out: leftOut } = summary!.structured_data;
    assert.deepEqual(Object.keys(regular), ['attempt-login-ssh', 'our-own-class', 'recon-scanning']);
    assert.deepEqual(Object.keys(regular['attempt-login-ssh']!), ['192.0.2.15', '192.0.2.9']);
    assert.equal(relapsed['attempt-login-ssh']!['192.0.2.15']!.event_count, 2);
    assert.equal(leftOut, 0);
    assert.deepEqual(Object.keys(extra!.structured_data.regular), ['attempt-login-ssh', 'recon-scanning']);
  });

  it('hold no more entries than they should, those with most events, and hand over all of them', async () => {
    const [{ record, entryParts }] = (await make(huge(), {
      options: { reportMaxSources: 20, maxExtraReports: 3 },
    })) as [never];
    const prepared = { record, entryParts } as unknown as Awaited<ReturnType<typeof make>>[number];
    const parts = [...prepared.entryParts()];
    assert.deepEqual(
      parts.map((part) => (JSON.parse(part) as PlacedEntry[]).length),
      [500, 350],
    );
    const kept = Object.values(prepared.record.structured_data.regular).flatMap((sources) =>
      Object.values(sources),
    );
    assert.equal(kept.length, 20);
    assert.equal(prepared.record.structured_data.entries_left_out, 830);
    assert.ok(kept.every((entry) => entry.event_count === 4));
    assert.equal(prepared.record.children.length, 3);
    assert.equal(prepared.record.extra_left_out, 247);
  });

  it('stay within what a document holds', async () => {
    const list = Array.from({ length: 100 }, (_, i) => `${i}`.padEnd(240, 'x'));
    const regular = Array.from({ length: 120 }, (_, i) =>
      rawEvent({
        id: `big-${i}`,
        sources: [`192.0.2.${i}`],
        more: { Target: [{ Hostname: list, URL: list, Router: list, Email: list }] },
      }),
    );
    const [summary] = await make({ regular }, { wanted: { extras: false } });
    assert.ok(JSON.stringify(summary!.record.structured_data).length < 5_000_000);
    assert.ok(summary!.record.structured_data.entries_left_out > 50);
    for (const part of summary!.entryParts()) assert.ok(part.length < 5_000_000);
  });

  it('have the events of their source in their files', async () => {
    const [, extra] = await make(SMALL);
    const events = JSON.parse(readFileSync(extra!.files[0]!.path, 'utf8')) as RawEvent[];
    assert.deepEqual(
      events.map((event) => event['ID']),
      ['ssh-1', 'ssh-2', 'ssh-3', 'scan-1', 'old-1', 'old-2'],
    );
  });

  const mailed: [string, LaneOptions['wanted'], boolean[]][] = [
    ['both', {}, [true, true]],
    ['the summary only', { mailExtra: false }, [true, false]],
    ['the extra reports only', { mailSummary: false }, [false, true]],
    ['none', { mailSummary: false, mailExtra: false }, [false, false]],
  ];
  for (const [name, wanted, flags] of mailed) {
    it(`say whom they are mailed to: ${name}`, async () => {
      const made = (await records(SMALL, { wanted: { ...wanted } })).slice(0, 2);
      assert.deepEqual(
        made.map((record) => record.flag_mailed),
        flags,
      );
      assert.deepEqual(
        made.map((record) => record.mail_to.length),
        flags.map(Number),
      );
      assert.ok(made.every((record) => record.message !== ''));
    });
  }

  it('have the same labels when they are made again, others in another track or ad-hoc run', async () => {
    const labels = async (options?: LaneOptions) => (await records(SMALL, options)).map(({ label }) => label);
    const first = await labels();
    assert.deepEqual(await labels(), first);
    assert.deepEqual(await labels({ request: { run: 'run-2' } }), first);
    for (const request of [{ track: 'mail-test' as const }, { adHoc: true }, { adHoc: true, run: 'run-2' }]) {
      assert.equal(
        (await labels({ request })).some((label) => first.includes(label)),
        false,
      );
    }
    assert.equal(new Set(first).size, first.length);
  });

  it('step aside for a label that is taken', async () => {
    const [first] = await records(SMALL);
    const [second] = await records(SMALL, {
      deps: { taken: (label) => Promise.resolve(label === first!.label) },
    });
    assert.notEqual(second!.label, first!.label);
    assert.match(second!.label, /^M20260106SL-[A-Z0-9]{5}$/);
  });

  it('come out the same whatever the order of events', async () => {
    const shuffled = { regular: [...SMALL.regular!].reverse(), relapsed: [...SMALL.relapsed!].reverse() };
    const told = async (events: typeof SMALL) =>
      (await make(events)).map(({ record, files }) => [record, readFileSync(files[0]!.path, 'utf8')]);
    assert.deepEqual(await told(shuffled), await told(SMALL));
  });

  it('survive hostile events', async () => {
    const made = await make(HOSTILE, { settings: { attachments: 'all' } });
    const { regular } = made[0]!.record.structured_data;
    assert.ok(Object.hasOwn(regular, '__proto__') && Object.hasOwn(regular['__proto__']!, '__proto__'));
    for (const { record, files } of made) {
      assert.ok(JSON.stringify(record).isWellFormed());
      for (const { path } of files) {
        const text = readFileSync(path, 'utf8');
        assert.ok(Buffer.from(text).equals(readFileSync(path)), 'valid UTF-8');

        assert.doesNotMatch(
          text.slice(1),
          /hunter2|[\u0000-\u0009\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/,
        );
      }
    }
  });

  const making = (dir: string, taken: boolean) =>
    createReports(
      {
        reportsDir: dir,
        templatesDir: undefined,
        templateVars: {},
        reportMaxSources: 10,
        maxExtraReports: 10,
        pages: true,
      },
      { secret: Buffer.alloc(32), taken: (label) => Promise.resolve(taken && issued.has(label)) },
    );
  const issued = new Set<string>();

  it('leave the files of a live report where they are when they are not taken to the end', async () => {
    const dir = makeFolder();
    for await (const { record, files } of making(dir.path, true).prepare(
      requestOf(SMALL),
      scratchOf(SMALL),
    )) {
      assert.ok(existsSync(files[0]!.path));
      issued.add(record.label);
      break;
    }
    assert.equal(readdirSync(dir.at('20260106')).length > 0, true);
    dir.remove();
  });

  it('leave nothing behind when they are not taken to the end', async () => {
    const dir = makeFolder();
    let seen = 0;
    for await (const { files, page } of making(dir.path, false).prepare(requestOf(SMALL), scratchOf(SMALL))) {
      assert.ok(existsSync(files[0]!.path) && existsSync(page!));
      if (++seen === 2) break;
    }
    assert.deepEqual(readdirSync(dir.at('20260106')), []);
    dir.remove();
  });
});
