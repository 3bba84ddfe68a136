import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { listRunlogs, readRunlog, saveRunlog } from '../../../../lib/observe/runlog/files.ts';
import { RunRecord } from '../../../../lib/observe/runlog/record.ts';
import { makeFolder, type Folder } from '../../../support/folder.ts';

describe('runlog files', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const record = (start: string, more: { host?: string; pid?: number; argv?: string[] } = {}) =>
    new RunRecord({
      name: 'reporter',
      host: 'host',
      pid: 7,
      argv: ['reporter'],
      start: Date.parse(start),
      clock: () => Date.parse(start) + 1500,
      ...more,
    });
  const names = (): string[] => readdirSync(folder.path).sort();

  it('are named for start, host and process, and written with sorted keys, escaped beyond ASCII', () => {
    const run = record('2026-11-25T03:04:59.999Z', { argv: ['reporter', '--name', '\u202eř'] });
    run.setupDone();
    run.fail(new Error('smtp://u:hidden@h broke'));
    saveRunlog(folder.path, run.runlog(), 0);
    assert.deepEqual(names(), ['202611250304.host.7.runlog']);
    const text = readFileSync(folder.at('202611250304.host.7.runlog'), 'latin1');
    assert.match(
      text,
      /^\{\n {4}"argv": \[\n {8}"reporter",\n {8}"--name",\n {8}"\\u202e\\u0159"\n {4}\],\n {4}"command": "report",\n/,
    );
    assert.match(text, /\n {4}"rc": 1,\n {4}"result": "failure",\n/);
    assert.match(
      text,
      /"ts": 1795575899\.999,\n {4}"ts_fsf": "202611250304",\n {4}"ts_str": "2026-11-25 03:04:59"\n\}\n$/,
    );
    assert.match(text, /"ident": "stage_setup_stop",\n {12}"time": 1795575901\.499/);
    assert.match(text, /smtp:\/\/u:\*\*\*@h broke/);
  });

  it('of a host that is named for mischief stay in their folder', () => {
    saveRunlog(folder.path, record('2026-11-25T03:04:00Z', { host: '../../x\u0000 y' }).runlog(), 0);
    assert.deepEqual(names(), ['202611250304.------x--y.7.runlog']);
  });

  it('never take the place of another', () => {
    for (let i = 0; i < 3; i++)
      saveRunlog(folder.path, record('2026-11-25T03:04:00Z', { pid: 1 }).runlog(), 0);
    assert.deepEqual(names(), [1, 2, 3].map((pid) => `202611250304.host.${pid}.runlog`)); // prettier-ignore
  });

  it('are deleted when they are too many, the oldest first, and nothing else is', () => {
    const others = [
      'notes.txt',
      '202001010000.02902.runlog',
      'x.runlog',
      '.202611250301.host.1.runlog.1.tmp',
    ];
    for (const name of others) folder.write(name, '{}');
    folder.write('.202611240301.host.1.runlog.1.tmp', 'left by one that was killed a day ago');
    for (let minute = 1; minute < 6; minute++)
      saveRunlog(folder.path, record(`2026-11-25T03:0${minute}:00Z`).runlog(), 3);
    const kept = [3, 4, 5].map((minute) => `20261125030${minute}.host.7.runlog`);
    assert.deepEqual(names(), [...others, ...kept].sort());
  });

  it('are listed newest first, those of the reference, too', () => {
    for (const name of ['202402081231.02902.runlog', '202611250304.h.7.runlog', 'other.runlog', '2026.log'])
      folder.write(name, '{"ts": 1}');
    assert.deepEqual(listRunlogs(folder.path), [folder.at('202611250304.h.7.runlog'), folder.at('202402081231.02902.runlog')]); // prettier-ignore
    assert.deepEqual(listRunlogs(folder.at('none')), []);
  });

  it('that hold something else are named', () => {
    mkdirSync(folder.at('folder'));
    truncateSync(folder.write('big', ''), 65 * 1024 * 1024);
    const cases: [string, RegExp][] = [
      [folder.write('text', 'secret text'), /text: no runlog: no valid JSON \((?!.*secret)/],
      [folder.write('list', '[]'), /list: no runlog, expected a JSON object with the number ts/],
      [folder.write('empty', ''), /empty: no runlog: no valid JSON/],
      [folder.at('none'), /none: there is no such file/],
      [folder.at('folder'), /folder: it is a directory/],
      [folder.at('big'), /big: no runlog: 68157440 bytes/],
    ];
    for (const [path, said] of cases) assert.throws(() => readRunlog(path), said);
  });

  it('name up to a thousand errors, each once, and how many more there were', () => {
    const run = record('2026-11-25T03:04:00Z');
    for (let i = 0; i < 1005; i++) run.fail(`error ${i}`);
    assert.equal(run.fail('error 3'), false);
    const { errors } = run.runlog();
    assert.deepEqual([errors.length, errors.at(-1)], [1001, '… and 5 more errors: see the log']);
  });
});
