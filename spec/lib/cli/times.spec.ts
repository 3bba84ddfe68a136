import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { parseCommandLine } from '../../../lib/cli/command-line.ts';
import { loadConfiguration } from '../../../lib/config/load.ts';
import { INTERVALS } from '../../../lib/config/intervals.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';
import { callProgram } from '../../support/program.ts';

describe('times and intervals', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const load = (args: string[], file: object = {}) => {
    folder.write('etc/mentat/mentat-reporter.conf', JSON.stringify(file));
    return loadConfiguration(parseCommandLine(args), { APP_ROOT_PATH: folder.path }).config.time_high;
  };

  // What is typed, and the instant it stands for.
  const accepted: [string, string][] = [
    ['0', '1970-01-01T00:00:00.000Z'],
    ['-0', '1970-01-01T00:00:00.000Z'],
    ['2016', '1970-01-01T00:33:36.000Z'],
    ['20160208', '1970-08-22T08:03:28.000Z'],
    ['+1454889600', '2016-02-08T00:00:00.000Z'],
    ['-86400', '1969-12-31T00:00:00.000Z'],
    ['-0.5', '1969-12-31T23:59:59.500Z'],
    ['-86400.25', '1969-12-30T23:59:59.750Z'],
    ['1.4548896e9', '2016-02-08T00:00:00.000Z'],
    ['1E3', '1970-01-01T00:16:40.000Z'],
    ['.5', '1970-01-01T00:00:00.500Z'],
    ['5.', '1970-01-01T00:00:05.000Z'],
    [' 60 ', '1970-01-01T00:01:00.000Z'],
    ['2016-02-08T12:34:56Z', '2016-02-08T12:34:56.000Z'],
    ['2016-02-08t12:34:56z', '2016-02-08T12:34:56.000Z'],
    ['2016-02-08 12:34:56Z', '2016-02-08T12:34:56.000Z'],
    ['2016-02-08T12:34:56.1Z', '2016-02-08T12:34:56.100Z'],
    ['2016-02-08T12:34:56.123999999Z', '2016-02-08T12:34:56.123Z'],
    ['2016-02-08T12:34:56+01:00', '2016-02-08T11:34:56.000Z'],
    ['2016-02-08T12:34:56-03:30', '2016-02-08T16:04:56.000Z'],
    ['2016-02-08T00:10:00+00:30', '2016-02-07T23:40:00.000Z'],
    ['2016-02-08T00:10:00-00:30', '2016-02-08T00:40:00.000Z'],
    ['2016-02-29T00:00:00+23:59', '2016-02-28T00:01:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'],
    ['1969-12-31T23:59:59Z', '1969-12-31T23:59:59.000Z'],
  ];
  for (const [typed, instant] of accepted) {
    it(`${JSON.stringify(typed)} is ${instant}, on the command line and in a file`, () => {
      for (const found of [
        load(['--time-high', typed]),
        load([`--time-high=${typed}`]),
        load([], { time_high: typed }),
      ])
        assert.equal(new Date(found!).toISOString(), instant);
    });
  }

  const numbers: [number, string][] = [
    [0, '1970-01-01T00:00:00.000Z'],
    [-1.5, '1969-12-31T23:59:58.500Z'],
    [1454889600.75, '2016-02-08T00:00:00.750Z'],
  ];
  for (const [written, instant] of numbers)
    it(`the number ${written} in a file is ${instant}`, () =>
      assert.equal(new Date(load([], { time_high: written })!).toISOString(), instant));

  it('null in a file means now, as if nothing were there', () =>
    assert.equal(load([], { time_high: null }), undefined));

  // Each would be read as something else by one parser or another.
  const refused = [
    '',
    ' ',
    '2016-02-08',
    '2016-02-08T12:34',
    '2016-02-08T12:34Z',
    '2016-02-08T12:34:56',
    '2016-02-08T12:34:56 Z',
    '2016-02-08T12:34:56+0100',
    '2016-02-08T12:34:56+01',
    '2016-02-08T12:34:56+24:00',
    '2016-02-08T12:34:56+99:99',
    '2016-02-08T12:34:56-01:60',
    '2016-2-8T12:34:56Z',
    '2016-13-08T12:34:56Z',
    '2016-00-08T12:34:56Z',
    '2016-02-30T12:34:56Z',
    '2015-02-29T12:34:56Z',
    '2016-02-08T24:00:00Z',
    '2016-02-08T12:60:56Z',
    '2016-02-08T12:34:60Z',
    '2016-12-31T23:59:60Z',
    '2016-02-08T12:34:56.Z',
    '2016-02-08  12:34:56Z',
    ' 2016-02-08T12:34:56Z',
    '2016-02-08T12:34:56Z\n',
    '+2016-02-08T12:34:56Z',
    '10000-01-01T00:00:00Z',
    'nan',
    'NaN',
    'inf',
    '-Infinity',
    '0x10',
    '0b1',
    '1_000',
    '1e400',
    '1e15',
    '-1e15',
    '1 000',
    '--1',
    'now',
    'yesterday',
    '１２',
  ];
  for (const typed of refused) {
    it(`${JSON.stringify(typed)} is none, which names the forms there are`, () => {
      const check = (usage: boolean) => (error: unknown) =>
        error instanceof UserError &&
        error.usage === usage &&
        /time.high: wrong value, got .*2026-01-31T12:00:00Z/.test(error.message) &&
        !error.message.includes('\n');
      assert.throws(() => load([`--time-high=${typed}`]), check(true));
      assert.throws(() => load([], { time_high: typed }), check(false));
    });
  }

  for (const written of [true, [], {}, ['0']])
    it(`${JSON.stringify(written)} in a file is none`, () =>
      assert.throws(() => load([], { time_high: written }), /time_high: wrong value/));

  for (const bound of ['0', '-86400', '1969-12-31T23:00:00Z', '-62135596800']) {
    it(`a run up to ${bound} is a run that finds nothing`, async () => {
      folder.write('groups.json', '{"name": "a@example.org", "networks": [{"network": "192.0.2.0/24"}]}');
      const { code, objects, stderr } = await callProgram(
        [
          '--shell',
          '--time-high',
          bound,
          '--groups',
          folder.at('groups.json'),
          '--output',
          'json',
          '--log-level',
          'error',
        ],
        { environment: { APP_ROOT_PATH: folder.path } },
      );
      assert.deepEqual([code, stderr], [0, '']);
      assert.equal(
        objects().at(-1)!['to'],
        new Date(load([`--time-high=${bound}`])!).toISOString().replace('.000', ''),
      );
    });
  }

  describe('an interval', () => {
    // A Wednesday, so that slots counted from 1970 show: weeks begin on Thursdays.
    const NOW = Date.UTC(2026, 10, 11, 13, 47, 31, 999);
    const window = async (...args: string[]) => {
      const { code, objects, stderr } = await callProgram(
        ['--action', 'plan-view', '--output', 'json', ...args],
        {
          now: NOW,
          environment: { APP_ROOT_PATH: folder.path },
        },
      );
      assert.equal(code, 0, stderr);
      return objects()[0]!;
    };
    const floors: Readonly<Record<string, string>> = {
      '5_minutes': '2026-11-11T13:45:00Z',
      '10_minutes': '2026-11-11T13:40:00Z',
      '15_minutes': '2026-11-11T13:45:00Z',
      '20_minutes': '2026-11-11T13:40:00Z',
      '30_minutes': '2026-11-11T13:30:00Z',
      hourly: '2026-11-11T13:00:00Z',
      '2_hourly': '2026-11-11T12:00:00Z',
      '3_hourly': '2026-11-11T12:00:00Z',
      '4_hourly': '2026-11-11T12:00:00Z',
      '6_hourly': '2026-11-11T12:00:00Z',
      '12_hourly': '2026-11-11T12:00:00Z',
      daily: '2026-11-11T00:00:00Z',
      weekly: '2026-11-05T00:00:00Z',
      '2_weekly': '2026-11-05T00:00:00Z',
      '4_weekly': '2026-10-22T00:00:00Z',
    };
    it('is one of fifteen', () => assert.deepEqual(Object.keys(INTERVALS), Object.keys(floors)));
    for (const [interval, high] of Object.entries(floors)) {
      it(`of ${interval} ends at ${high}`, async () => {
        const found = await window('--interval', interval, '--config-file', '');
        assert.deepEqual([found['interval'], found['high']], [interval, high]);
        assert.equal(
          Date.parse(String(found['high'])) - Date.parse(String(found['low'])),
          INTERVALS[interval]! * 1000,
        );
      });
    }
    it('is floored towards the past before 1970, too', async () => {
      assert.equal(
        (await window('--interval', 'hourly', '--time-high', '-1', '--config-file', ''))['high'],
        '1969-12-31T23:00:00Z',
      );
    });
    for (const wrong of ['Daily', 'hour', '10mins', '', 'constructor'])
      it(`${JSON.stringify(wrong)} is none`, () =>
        assert.throws(
          () => load(['--interval', wrong]),
          (error) => error instanceof UserError && error.usage,
        ));
  });
});
