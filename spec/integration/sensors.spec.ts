import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { shipped } from '../../lib/config/locations.ts';
import type { ReportRecord } from '../../lib/model/report.ts';
import { makeFolder, type Folder } from '../support/folder.ts';
import { callProgram, type Ended } from '../support/program.ts';

/** What becomes of each event of spec/data/sensors.ndjson, and why. `class`: the class or categories that its report names. */
interface Expected {
  readonly id: string;
  readonly outcome: string;
  readonly class: string | null;
  readonly why: string;
}

const EVENTS = shipped('spec/data/sensors.ndjson');
const EXPECTED = JSON.parse(readFileSync(shipped('spec/data/sensors.json'), 'utf8')) as Expected[];
const GROUP = {
  name: 'abuse@example.org',
  networks: [{ network: '192.0.2.0/24' }],
  settings: { attachments: 'json' },
};

describe('events as sensors publish them', () => {
  let folder: Folder;
  let imported: Ended;
  let replayed: Ended;
  let record: ReportRecord;
  let attached: { ID: string }[];

  before(async () => {
    folder = makeFolder();
    const groups = folder.write('groups.json', JSON.stringify(GROUP));
    const call = (...args: string[]) =>
      callProgram(['--config-file', '', ...args], {
        now: Date.UTC(2026, 10, 11),
        environment: { APP_ROOT_PATH: folder.path },
      });
    await call('--action', 'groups-import', '--input', groups);
    imported = await call('--action', 'events-import', '--input', EVENTS);
    const out = folder.at('out');
    replayed = await call(
      '--groups',
      groups,
      '--events',
      EVENTS,
      '--default-severity',
      'low',
      '--dry-run',
      out,
      '--output',
      'json',
    );
    const files = readdirSync(out, { recursive: true, encoding: 'utf8' });
    const json = files.find((name) => /M\d{8}SL-\w+\.json$/.test(name))!;
    attached = JSON.parse(readFileSync(join(out, json), 'utf8')) as { ID: string }[];
    record = { label: json.replace(/^.*\//, '').replace('.json', '') } as ReportRecord;
    const mail = files.find((name) => name.endsWith('.eml'))!;
    record = { ...record, message: readFileSync(join(out, mail), 'utf8') };
  });
  after(() => folder.remove());

  for (const { id, outcome, why } of EXPECTED) {
    it(`${why}: ${outcome}`, () => {
      const isReported = attached.some((event) => event.ID === id);
      assert.equal(isReported, outcome === 'stored');
      const [, refusal] = /^rejected: (.*)$/.exec(outcome) ?? [];
      const line = EXPECTED.findIndex((one) => one.id === id) + 1;
      for (const { stderr } of [imported, replayed])
        assert.equal(
          new RegExp(`line ${line}: .*${refusal ?? ''}`).test(stderr),
          refusal !== undefined,
          stderr,
        );
    });
  }

  it('each is counted under one reason', () => {
    const count = (outcome: RegExp) => EXPECTED.filter((one) => outcome.test(one.outcome)).length;
    assert.match(
      imported.stdout,
      new RegExp(`${EXPECTED.length} read, ${EXPECTED.length - count(/^rejected/)} stored`),
    );
    const objects = replayed.objects();
    const summary = objects.at(-1) as { events: Record<string, number> };
    assert.deepEqual(summary.events, {
      read: EXPECTED.length,
      routed: count(/^stored$/) + count(/^rejected/),
      'test-data': count(/^test/),
      'unknown-group': count(/nobody/),
    });
    const lane = objects.find((object) => object['result'] === 'reported')!;
    assert.deepEqual([lane['evcount_inv'], lane['evcount_rep']], [count(/^rejected/), count(/^stored$/)]);
  });

  it('are described by the class that they name, or by the one of their categories', async () => {
    const { parseEventLine } = await import('../../lib/model/event/event-line.ts');
    const { ObjectView } = await import('../../lib/model/event/object-view.ts');
    const lines = readFileSync(EVENTS, 'utf8').trimEnd().split('\n');
    for (const [i, { id, class: expected }] of EXPECTED.entries()) {
      if (expected === null) continue;
      const raw = parseEventLine(lines[i], i + 1);
      assert.ok(!(raw instanceof Error));
      assert.equal(new ObjectView(raw).eventClass, expected, id);
    }
  });

  it('give away no password, and name the text that is no address', () => {
    assert.ok(!record.message.includes('user:Example@'));
    assert.ok(
      !JSON.stringify(attached).includes('"Example"') && !JSON.stringify(attached).includes('user:Example@'),
    );
    assert.match(replayed.stderr, /192\.0\.2\.029/);
  });
});
