import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'mocha';
import { shipped } from '../../../lib/config/locations.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

/** East and west of Greenwich, half an hour off, where the clock is set forward and back, and beyond the date line. */
const ZONES = ['Europe/Prague', 'Asia/Kolkata', 'America/New_York', 'Pacific/Apia', 'Australia/Lord_Howe'];
const WINDOW = ['--time-low', '2026-11-10T00:00:00Z', '--time-high', '2026-11-12T00:07:00Z'];

/** The zone of the host changes nothing: the same run in the same place, under every zone. */
describe('the zone of the host', function () {
  this.timeout(120_000);
  let folder: Folder;
  let expected: Outcome;

  interface Outcome {
    /** The lines of each call. */
    readonly printed: readonly (readonly string[])[];
    readonly files: Readonly<Record<string, string>>;
  }

  const call = (root: string, zone: string, args: readonly string[]): string => {
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [shipped('bin/mentat-reporter'), ...args],
      {
        encoding: 'utf8',
        cwd: folder.path,
        env: { PATH: process.env['PATH'], APP_ROOT_PATH: root, TZ: zone },
      },
    );
    assert.equal(status, 0, stderr);
    return stdout + stderr;
  };

  const outcome = (zone: string): Outcome => {
    const root = folder.at(zone.replace('/', '-'));
    cpSync(folder.at('root'), root, { recursive: true });
    const printed = [
      ['--regular', '--log-level', 'debug', ...WINDOW],
      ['--action', 'plan-view', ...WINDOW],
      ['--action', 'reports-list', '--output', 'json'],
      // Lanes are written two at a time: of their reports of one second, those of either may be the newer ones.
    ].map((args) =>
      timeless(call(root, zone, args), root)
        .split('\n')
        .sort(),
    );
    const data = join(root, 'var/mentat');
    const names = readdirSync(data, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(?:eml|json|log|csv|zip|runlog|pstate)$/.test(name),
    );
    const files = names.map((name) => [
      timeless(name, root),
      timeless(readFileSync(join(data, name), 'latin1'), root),
    ]);
    return { printed, files: Object.fromEntries(files.sort()) as Outcome['files'] };
  };

  before(() => {
    folder = makeFolder();
    const root = folder.at('root');
    folder.write('root/etc/mentat/mentat-reporter.conf', '{"interval": "10_minutes"}');
    for (const [action, file] of [
      ['groups-import', 'groups.json'],
      ['events-import', 'events.ndjson'],
    ])
      call(root, 'UTC', ['--action', action!, '--input', shipped('conf', 'sample', file!)]);
    expected = outcome('UTC');
  });
  after(() => folder.remove());

  it('is compared in something: mails, records, log, runlog and state', () => {
    const names = Object.keys(expected.files).join(' ');
    for (const kind of ['eml', 'json', 'log', 'runlog', 'pstate'])
      assert.match(names, new RegExp(`\\.${kind}\\b`));
    assert.ok(Object.keys(expected.files).length > 20);
  });

  for (const zone of ZONES) {
    it(`${zone} changes nothing that is printed, mailed, stored or logged`, () => {
      const found = outcome(zone);
      assert.deepEqual(found.printed, expected.printed);
      assert.deepEqual(Object.keys(found.files), Object.keys(expected.files));
      for (const [name, content] of Object.entries(expected.files))
        assert.equal(found.files[name], content, name);
    });
  }
});

/**
 * Without what clock, process and chance make different in every run: stamps of now, in UTC, as which alone they count; numbers of
 * processes, names of runs, durations.
 */
function timeless(text: string, root: string): string {
  const isNow = (instant: number): boolean => Math.abs(instant - Date.now()) < 600_000;
  return text
    .replaceAll(root, 'ROOT')
    .replace(/\d{8}T\d{6}Z-\S+?-\d+-[0-9a-f]{8}/g, 'RUN')
    .replace(/(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d+)?Z?/g, (stamp, day: string, time: string) =>
      isNow(Date.parse(`${day}T${time}Z`)) ? 'NOW' : stamp,
    )
    .replace(
      /\b(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(?:\.[\w-]+\.\d+\.runlog\b|(?="))/g,
      (stamp, ...parts: string[]) => {
        const [year, month, day, hour, minute] = parts.map(Number) as [
          number,
          number,
          number,
          number,
          number,
        ];
        return isNow(Date.UTC(year, month - 1, day, hour, minute)) ? 'NOW.runlog' : stamp;
      },
    )
    .replace(/\b\d{10}(?:\.\d+)?\b/g, (seconds) => (isNow(Number(seconds) * 1000) ? 'NOW' : seconds))
    .replace(/"pid": ?\d+/g, '"pid"')
    .replace(/\d:\d\d:\d\d\.\d+|\d+\.\d+ %/g, 'SPAN');
}
