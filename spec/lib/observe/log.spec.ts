import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { colorsFor } from '../../../lib/system/colors.ts';
import { LOG_LEVELS, openLog, type LogLevel } from '../../../lib/observe/log.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

describe('the log', () => {
  let folder: Folder;
  let lines: string[];
  beforeEach(() => {
    folder = makeFolder();
    lines = [];
  });
  afterEach(() => folder.remove());

  const open = (level: LogLevel, consoleLevel: LogLevel | undefined, colored = false) =>
    openLog({
      name: 'reporter',
      level,
      consoleLevel,
      file: folder.at('log'),
      console: { write: (text: string) => lines.push(text) },
      colors: colorsFor(colored ? 'always' : 'never', {}, {}),
    });
  const filed = (file = 'log'): { level: number; msg: string; lane?: string; time: string }[] =>
    readFileSync(folder.at(file), 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { level: number; msg: string; time: string });

  // Level of the log, own threshold of the console, and the levels that each of them shows.
  const thresholds: [LogLevel, LogLevel | undefined, number, number][] = [
    ['info', 'info', 4, 4],
    ['debug', 'warning', 3, 5],
    ['error', 'warning', 2, 2],
    ['critical', 'critical', 1, 1],
    ['info', undefined, 0, 4],
  ];
  for (const [level, consoleLevel, shown, kept] of thresholds) {
    it(`at ${level} with the console at ${consoleLevel ?? 'nothing'}`, () => {
      const log = open(level, consoleLevel);
      for (const name of LOG_LEVELS) log[name]('x');
      assert.deepEqual([lines.length, filed().length], [shown, kept]);
    });
  }

  it('writes readable lines with UTC time stamps to the console, and fields to the file only', () => {
    open('info', 'info').warning('lane failed', { lane: 'live/low/a' });
    assert.match(lines.join(''), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}Z WARNING: lane failed\n$/);
    const [record] = filed();
    assert.deepEqual([record!.msg, record!.level, record!.lane], ['lane failed', 40, 'live/low/a']);
  });

  it('shows control characters and invisible ones, and sends none', () => {
    open('info', 'info').info('a\u001b[31m\nb %s %d\u200b\u{e0041}\u202e');
    assert.ok(lines[0]!.endsWith('INFO: a\\u{1b}[31m\\u{a}b %s %d\\u{200b}\\u{e0041}\\u{202e}\n'));
  });

  it('colours the level where colours are on', () => {
    open('info', 'info', true).error('x');
    assert.ok(lines[0]!.includes('\u001b[31mERROR\u001b[39m'));
  });

  it('goes on in a new file when the old one was renamed', () => {
    const log = open('info', undefined);
    log.info('before');
    renameSync(folder.at('log'), folder.at('log.1'));
    log.info('after');
    assert.deepEqual([filed('log.1')[0]!.msg, filed()[0]!.msg], ['before', 'after']);
  });

  it('keeps where an error came from in the file, with its causes and without passwords, and off the console', () => {
    const log = open('info', 'info');
    const error = new Error('broke', { cause: new RangeError('smtp://u:hidden@h') });
    log.exception('lane failed', error);
    log.fatal(error);
    const records = filed() as { level: number; msg: string; err?: string }[];
    assert.deepEqual(records.map(({ level, msg }) => [level, msg]), [[50, 'lane failed'], [60, 'broke']]); // prettier-ignore
    for (const { err } of records)
      assert.match(err!, /Error: broke\n {4}at [^]*RangeError: smtp:\/\/u:\*\*\*@h/);
    assert.deepEqual(lines, []);
  });

  it('needs no stack for what a person can mend', () => {
    const log = open('info', 'info');
    log.exception('lane failed', new UserError({ what: 'disk full' }));
    log.fatal(new UserError({ what: 'disk full' }));
    const records = filed() as { level: number; msg: string; err?: string }[];
    assert.deepEqual(records.map(({ level, msg, err }) => [level, msg, err]), [[60, 'disk full', undefined]]); // prettier-ignore
  });

  it('begins a new line after one that the medium took half of', () => {
    const log = open('info', 'info');
    log.info('before');
    const file = folder.at('log');
    renameSync(file, folder.at('log.1'));
    mkdirSync(file);
    log.info('lost');
    rmSync(file, { recursive: true });
    folder.write('log', '{"half');
    log.info('after');
    log.info('and on');
    assert.equal(lines.filter((line) => line.includes('cannot write the log file')).length, 1);
    const [half, after, on] = readFileSync(file, 'utf8').split('\n');
    assert.equal(half, '{"half');
    assert.deepEqual([after, on].map((line) => (JSON.parse(line!) as { msg: string }).msg), ['after', 'and on']); // prettier-ignore
  });

  it('refuses a file that cannot be written', () => {
    assert.throws(
      () =>
        openLog({
          name: 'x',
          level: 'info',
          consoleLevel: undefined,
          file: folder.at('no/log'),
          console: { write: () => true },
          colors: colorsFor('never', {}, {}),
        }),
      /no\/log: cannot write the log file/,
    );
  });
});

describe('colours', () => {
  const terminal = { isTTY: true };
  const cases: [string, boolean, Parameters<typeof colorsFor>][] = [
    ['on a terminal', true, ['auto', terminal, {}]],
    ['nowhere else', false, ['auto', {}, {}]],
    ['not with NO_COLOR', false, ['auto', terminal, { NO_COLOR: '1' }]],
    ['with an empty NO_COLOR, which counts as not set', true, ['auto', terminal, { NO_COLOR: '' }]],
    ['not on a dumb terminal', false, ['auto', terminal, { TERM: 'dumb' }]],
    ['always when asked for', true, ['always', {}, { NO_COLOR: '1' }]],
    ['never when asked for', false, ['never', terminal, {}]],
  ];
  for (const [what, colored, args] of cases) {
    it(what, () => assert.equal(colorsFor(...args).red('x') !== 'x', colored));
  }
});
