import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { after, before, describe, it } from 'mocha';
import { makeFolder, type Folder } from '../../support/folder.ts';
import { callProgram, type Ended } from '../../support/program.ts';

const NOW = Date.UTC(2026, 10, 11, 0, 5);
const event = (id: string, day: number, source: string) =>
  JSON.stringify({
    Format: 'IDEA0',
    ID: id,
    DetectTime: `2026-11-${day}T10:00:00Z`,
    Category: ['Recon.Scanning'],
    Source: [{ IP4: [source] }],
    _CESNET: { StorageTime: `2026-11-${day}T10:00:01Z` },
  });

describe('pages of reports', () => {
  let folder: Folder;
  const call = (args: string[], stdin = ''): Promise<Ended> =>
    callProgram(args, { now: NOW, environment: { APP_ROOT_PATH: folder.path }, stdin });
  const run = (day: number): Promise<Ended> =>
    call([
      '--regular',
      '--interval',
      '10_minutes',
      '--time-low',
      '2026-11-09T00:00:00Z',
      '--time-high',
      `2026-11-${day}T12:00:00Z`,
    ]);
  const reports = (...path: string[]): string => folder.at(['var/mentat/reports', ...path].join('/'));
  const pagesOf = (day: string): string[] =>
    readdirSync(reports(day)).filter((name) => /^M.*\.html$/.test(name));

  before(async () => {
    folder = makeFolder();
    folder.write('etc/mentat/mentat-reporter.conf', '{"reports_html": true}');
    const settings = {
      mode: 'both',
      timing: 'custom',
      timing_thr_lo: 0,
      locale: 'cs',
      timezone: 'Europe/Prague',
    };
    const group = { name: 'a@example.org', networks: [{ network: '192.0.2.0/24' }], settings };
    assert.equal((await call(['--action', 'groups-import'], JSON.stringify(group))).code, 0);
    const events = [event('a', 10, '192.0.2.1'), event('b', 10, '192.0.2.2'), event('c', 11, '192.0.2.1')];
    assert.equal((await call(['--action', 'events-import'], events.join('\n'))).code, 0);
    assert.equal((await run(10)).code, 0);
  });
  after(() => folder.remove());

  it('lie beside the files, with an index of the day and one of all days', () => {
    assert.equal(pagesOf('20261110').length, 3);
    const index = readFileSync(reports('20261110', 'index.html'), 'utf8');
    for (const page of pagesOf('20261110')) assert.ok(index.includes(`href="${page}"`), page);
    const top = readFileSync(reports('index.html'), 'utf8');
    assert.match(top, /href="20261110\/index\.html"/);
    assert.match(top, /href="20261110\/M20261110SL-[A-Z0-9]{5}\.html"/);
  });

  it('are told of by later indexes, too, as long as they are there', async () => {
    const gone = pagesOf('20261110').find((name) => name.startsWith('M20261110E'))!;
    rmSync(reports('20261110', gone));
    assert.equal((await run(11)).code, 0);
    const top = readFileSync(reports('index.html'), 'utf8');
    for (const day of ['20261110', '20261111']) assert.ok(top.includes(`href="${day}/index.html"`));
    assert.ok(readFileSync(reports('20261111', 'index.html'), 'utf8').includes(pagesOf('20261111')[0]!));
    assert.ok(!top.includes(gone));
  });

  it('can be had of any report, in the language and zone it was made for', async () => {
    const [page] = pagesOf('20261110').filter((name) => name.startsWith('M20261110S'));
    const label = page!.replace('.html', '');
    const { code, stdout } = await call(['--action', 'report-view', '--output', 'html', '--input', label]);
    assert.equal(code, 0);
    assert.match(stdout, /^<!doctype html>\n<html lang="cs">/);
    assert.match(stdout, /<\/html>\n$/);
    assert.match(stdout, /2026-11-10 11:00:00 \+01:00/);
    // The mail as it was sent, with its picture.
    assert.match(stdout, /<iframe sandbox [^>]*srcdoc="&lt;!DOCTYPE html&gt;/);
    assert.doesNotMatch(stdout, /cid:/);
    // Not beside its files: nothing in it leads to a file.
    assert.doesNotMatch(stdout, /href="(?!#|data:|https:)/);
    const english = await call([
      '--action',
      'report-view',
      '--output',
      'html',
      '--locale',
      'en',
      '--input',
      label,
    ]);
    assert.match(english.stdout, /<html lang="en">/);
    assert.equal(
      (await call(['--action', 'report-view', '--output', 'html', '--quiet', '--input', label])).stdout,
      '',
    );
  });

  it('are no form of anything else', async () => {
    for (const args of [[], ['--action', 'reports-list'], ['--regular']]) {
      const { code, stdout, stderr } = await call([...args, '--output', 'html']);
      assert.deepEqual([code, stdout], [2, ''], args.join());
      assert.match(stderr, /no such form of output.*html is a form of --action report-view/);
    }
  });

  it('are written by a dry run into its folder, the same byte for byte', async () => {
    folder.remove();
    folder = makeFolder();
    folder.write('etc/mentat/mentat-reporter.conf', '{"reports_html": true}');
    const group = {
      name: 'a@example.org',
      networks: [{ network: '192.0.2.0/24' }],
      settings: { mode: 'both' },
    };
    await call(['--action', 'groups-import'], JSON.stringify(group));
    await call(['--action', 'events-import'], event('d', 11, '192.0.2.1'));
    const window = ['--interval', '10_minutes', '--time-high', '2026-11-11T12:00:00Z', '--regular'];
    const dry = folder.at('dry');
    assert.equal((await call([...window, '--dry-run', dry])).code, 0);
    assert.ok(!existsSync(reports()));
    assert.equal((await call(window)).code, 0);
    const pages = pagesOf('20261111');
    const theirs = readdirSync(`${dry}/20261111`).filter((name) => name.endsWith('.html'));
    assert.deepEqual(theirs, [...pages, 'index.html'].sort());
    // The run's own id is the only thing that differs.
    const stable = (text: string): string =>
      text.replace(/20261111T\d{6}Z-[^<"&]*|data:application\/json[^"]*/g, '');
    for (const page of [...pages, 'index.html'])
      assert.equal(
        stable(readFileSync(reports('20261111', page), 'utf8')),
        stable(readFileSync(`${dry}/20261111/${page}`, 'utf8')),
      );
  });
});
