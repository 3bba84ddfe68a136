import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'mocha';
import { gzipSync } from 'node:zlib';
import { shipped } from '../../../lib/config/locations.ts';
import { openReplay } from '../../../lib/run/replay.ts';
import { Installation } from '../../support/cli/unattended.ts';
import { END, event, group, rawEvent } from '../../support/builders.ts';
import { SILENT } from '../../support/run.ts';

const HOUR = 3_600_000;
const timed = group({ filters: [{ name: 'late', filter: 'DetectTime > utcnow() - 01:00:00' }] });
const untimed = group({ filters: [{ name: 'scans', filter: 'Category in ["Recon.Scanning"]' }] });

/** Two events, the later one first, as JSON lines with a broken one between them. */
const TEXT = [rawEvent({ stored: END - 1500 }), 'broken', rawEvent({ stored: END - HOUR })]
  .map((line) => (typeof line === 'string' ? line : JSON.stringify(line)))
  .join('\n');

async function replay(request: {
  groups?: ReturnType<typeof group>[];
  timeLow?: number;
  timeHigh?: number;
  path?: string;
}) {
  const directory = await mkdtemp(join(tmpdir(), 'replay-'));
  let opened = 0;
  const found = await openReplay({
    path: '-',
    groups: [untimed],
    timeLow: undefined,
    timeHigh: undefined,
    ...request,
    openInput: async function* (path) {
      opened++;
      yield path === '-' || path === 'file'
        ? Buffer.from(TEXT)
        : Buffer.from(await import('node:fs/promises').then((fs) => fs.readFile(path)));
    },
    scratchDir: directory,
    log: SILENT,
    clock: () => END,
  });
  const done = async () => {
    await found.dispose();
    const left = await readdir(directory);
    await rm(directory, { recursive: true });
    return left;
  };
  return { found, opened: () => opened, done };
}

describe('replay', () => {
  it('leaves a window open that nobody needs to know beforehand, and closes it on what it saw', async () => {
    const { found, done } = await replay({});
    assert.deepEqual(found.window, { from: -Infinity, to: Infinity });
    found.observe(event({ stored: END - 1500 }));
    found.observe(event({ stored: END - HOUR }));
    found.closeWindow();
    assert.deepEqual(found.window, { from: END - HOUR, to: END - 1000 });
    await done();
  });

  it('the window ends just after the latest event, also when that lies on a whole second', async () => {
    const { found, done } = await replay({});
    found.observe(event({ stored: END }));
    found.closeWindow();
    assert.deepEqual(found.window, { from: END, to: END + 1000 });
    await done();
  });

  it('bounds that were given stand', async () => {
    const { found, done } = await replay({ timeLow: END - 2 * HOUR, timeHigh: END });
    found.observe(event({ stored: END - HOUR }));
    found.closeWindow();
    assert.deepEqual(found.window, { from: END - 2 * HOUR, to: END });
    await done();
  });

  it('reads twice where filters depend on the end of the window: stdin from a copy that is deleted afterwards', async () => {
    const { found, opened, done } = await replay({ groups: [timed] });
    assert.deepEqual(found.window, { from: END - HOUR, to: END - 1000 });
    let text = '';
    for await (const bytes of found.bytes) text += Buffer.from(bytes).toString();
    assert.equal(text, TEXT);
    assert.equal(opened(), 3);
    assert.deepEqual(await done(), []);
  });

  it('reads a file twice without copying it, and once when the end is given', async () => {
    const twice = await replay({ groups: [timed], path: 'file' });
    assert.equal(twice.opened(), 1);
    assert.equal((await twice.found.bytes[Symbol.asyncIterator]().next()).done, false);
    assert.equal(twice.opened(), 2);
    await twice.done();
    const once = await replay({ groups: [timed], timeHigh: END });
    assert.equal(once.opened(), 1);
    await once.done();
  });

  it('takes a pipe for what it is, which nobody can read twice, nor open without being taken for its reader', async () => {
    const place = new Installation();
    await place.fill();
    const pipe = place.folder.at('pipe');
    execFileSync('mkfifo', [pipe]);
    // Of the filters one depends on the end of the window.
    const child = place.start(['--events', pipe, '--output', 'json']);
    await writeFile(pipe, await readFile(shipped('conf/sample/events.ndjson')));
    const { code, stdout, stderr } = await place.ended(child);
    place.remove();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"events":\{"read":61,/);
  });

  it('without a usable event ends with 1, and says what to do about its input', async () => {
    const place = new Installation();
    await place.fill();
    const text = await readFile(shipped('conf/sample/events.ndjson'), 'utf8');
    const inputs: [Uint8Array | string, RegExp][] = [
      [gzipSync(text), /events: the input has no usable event, .*looks like gzip: try zcat </],
      [JSON.stringify(JSON.parse(text.split('\n', 1)[0]!), null, 2), /no usable event, .*: try jq -c \. </],
      ['', /events: the input is empty/],
    ];
    for (const [input, expected] of inputs) {
      const path = place.folder.at('events');
      await writeFile(path, input);
      const { code, stderr } = await place.ended(place.start(['--events', path]));
      assert.equal(code, 1, stderr);
      assert.match(stderr, expected);
    }
    place.remove();
  });

  it('refuses a lower bound that nothing is stored after', async () => {
    const refusal =
      /^--time-low: the lower bound is not before the upper one, got "2026-\S+Z", expected before 2026-\S+Z, which is just after the latest event$/;
    const { found, done } = await replay({ timeLow: END - HOUR });
    found.observe(event({ stored: END - HOUR - 500 }));
    assert.throws(() => found.closeWindow(), { message: refusal, usage: true });
    await done();
    // Found before any event is processed where the window has to be known beforehand.
    await assert.rejects(replay({ groups: [timed], timeLow: END - 1000 }), { message: refusal, usage: true });
  });

  it('without any event keeps a lower bound, and else has an empty window that ends now', async () => {
    for (const timeLow of [END - HOUR, undefined]) {
      const { found, done } = await replay(timeLow === undefined ? {} : { timeLow });
      found.closeWindow();
      assert.deepEqual(found.window, { from: timeLow ?? END, to: timeLow ?? END });
      await done();
    }
  });
});
