import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { JournalThresholds } from '../../../lib/thresholds/journal-thresholds.ts';
import { KeyHash } from '../../../lib/thresholds/key-hash.ts';
import { parseSource } from '../../../lib/model/event/event.ts';
import type { Lane } from '../../../lib/model/lane.ts';
import { HeldEntries, unpackHeld } from '../../../lib/store/held-entries.ts';
import type { Journal } from '../../../lib/store/port.ts';
import type { HeldPart, ThresholdsPart } from '../../../lib/store/pending-rows.ts';
import { END, event, group, lane } from '../../support/builders.ts';

const HOUR = 3_600_000;
const CLASS = 'recon-scanning';

/** Thresholds of one source, set `age` hours before the end of the window, for `length` hours, of which `relapse` at the end. */
const thresholds = (source: string, age: number, length: number, relapse: number): ThresholdsPart => {
  const thresholdtime = END - age * HOUR;
  const ttl = thresholdtime + length * HOUR;
  return {
    part: 0,
    thresholdtime,
    ttl,
    relapsetime: ttl - relapse * HOUR,
    keys: [{ class: CLASS, sources: [source] }],
  };
};

/** Events suppressed by a run that ended `age` hours before the window does: `id source`, one event's next to each other. */
const held = (age: number, ...entries: string[]): HeldPart => {
  const packed = new HeldEntries();
  for (const entry of entries) {
    const [id, source] = entry.split(' ');
    packed.add(packed.addKey(CLASS, source!), id!);
  }
  return { part: 0, created: END - age * HOUR, keys: packed.keys, entries: packed.bytes() };
};

interface World {
  lane?: Lane;
  thresholds?: ThresholdsPart[];
  held?: HeldPart[];
}

function remember(world: World) {
  const owner = world.lane ?? lane();
  const written: HeldPart[] = [];
  const journal: Pick<Journal, 'thresholds' | 'held'> = {
    // eslint-disable-next-line @typescript-eslint/require-await
    thresholds: async function* (query) {
      for (const part of [...(world.thresholds ?? [])].sort((a, b) => a.thresholdtime - b.thresholdtime)) {
        if (part.ttl <= (query.expiredBy ?? Infinity)) yield { lane: owner.key, run: 'earlier', ...part };
      }
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    held: async function* (query) {
      for (const part of [...(world.held ?? []), ...written]) if (part.created > query.after) yield part;
    },
  };
  const memory = new JournalThresholds({
    lanes: [owner],
    run: 'run',
    journal,
    store: {
      writeAhead: (_stamp, rows) => {
        for (const row of rows) if (row.kind === 'held') written.push(row);
        return Promise.resolve();
      },
    },
    hash: new KeyHash(Buffer.alloc(32, 7)),
    openOverflow: () => {
      throw new Error('no overflow expected');
    },
  });
  return { memory, owner, written };
}

async function relapses(world: World): Promise<string[]> {
  const { memory } = remember(world);
  const found: string[] = [];
  for await (const { id, keys } of memory.relapses())
    found.push([id, ...keys.map((key) => key.source)].join(' '));
  return found;
}

describe('journal thresholds', () => {
  const A = '192.0.2.1';
  const B = '2001:db8::1';

  it('suppress until the end of the latest threshold that names the key', async () => {
    const { memory, owner } = remember({
      thresholds: [thresholds(A, 10, 30, 0), thresholds(A, 50, 100, 0), thresholds(B, 1, 5, 0)],
    });
    await memory.load();
    assert.equal(memory.suppressedUntil(owner, CLASS, parseSource(A)), END + 20 * HOUR);
    assert.equal(memory.suppressedUntil(owner, CLASS, parseSource(B)), END + 4 * HOUR);
    assert.equal(memory.suppressedUntil(owner, 'other', parseSource(A)), undefined);
    assert.equal(memory.load(), undefined);
  });

  it('ignore parts that expired before the last commit, swept or not', async () => {
    const before = lane();
    const owner = { ...before, state: { ...before.state, to: END - 24 * HOUR } };
    const world = { lane: owner, thresholds: [thresholds(A, 100, 76, 20)], held: [held(80, `e ${A}`)] };
    const { memory } = remember(world);
    await memory.load();
    assert.equal(memory.suppressedUntil(owner, CLASS, parseSource(A)), undefined);
    assert.deepEqual(await relapses(world), []);
    await memory.relapses().next();
    assert.equal(memory.expired.has(owner), true);
  });

  it('with a threshold of 0 seconds suppress nothing, whatever was set before', async () => {
    const owner = lane({ group: group({ settings: { timing: 'custom', timing_thr_lo: 0 } }) });
    const { memory } = remember({ lane: owner, thresholds: [thresholds(A, 10, 30, 0)] });
    await memory.load();
    assert.equal(memory.suppressedUntil(owner, CLASS, parseSource(A)), undefined);
  });

  const rules: [string, World, string[]][] = [
    ['an event held in the relapse time brings back all held since the threshold', { thresholds: [thresholds(A, 100, 100, 20)], held: [held(90, `old ${A}`), held(10, `late ${A}`)] }, [`old ${A}`, `late ${A}`]],
    ['held at the very beginning of the relapse time counts', { thresholds: [thresholds(A, 100, 100, 20)], held: [held(20, `e ${A}`)] }, [`e ${A}`]],
    ['held before the relapse time only: nothing comes back', { thresholds: [thresholds(A, 100, 100, 20)], held: [held(21, `e ${A}`)] }, []],
    ['a threshold still running brings nothing back', { thresholds: [thresholds(A, 100, 101, 20)], held: [held(1, `e ${A}`)] }, []],
    ['a relapse time of 0 brings nothing back', { thresholds: [thresholds(A, 100, 100, 0)], held: [held(0, `e ${A}`)] }, []],
    ['what was held when the threshold was set belongs to the one before', { thresholds: [thresholds(A, 100, 100, 20)], held: [held(100, `before ${A}`), held(1, `e ${A}`)] }, [`e ${A}`]],
    ['a key that was renewed since does not relapse', { thresholds: [thresholds(A, 100, 100, 20), thresholds(A, 50, 100, 20)], held: [held(1, `e ${A}`)] }, []],
    ['an event of several keys comes back once, under those that ended', { thresholds: [thresholds(A, 100, 100, 20), thresholds(B, 100, 200, 20)], held: [held(5, `e ${A}`, `e ${B}`, `f ${B}`)] }, [`e ${A}`]],
    ['keys relapse each by themselves', { thresholds: [thresholds(A, 100, 100, 20), thresholds(B, 100, 100, 20)], held: [held(50, `e ${A}`, `f ${B}`), held(5, `g ${B}`)] }, [`f ${B}`, `g ${B}`]],
  ]; // prettier-ignore
  for (const [rule, world, expected] of rules) {
    it(rule, async () => assert.deepEqual(await relapses(world), expected));
  }

  it('what this very run holds counts and comes back, once', async () => {
    const { memory, owner } = remember({ thresholds: [thresholds(A, 100, 100, 20)] });
    await memory.load();
    await memory.hold(owner, event({ id: 'now' }), [parseSource(A)]);
    const found: string[] = [];
    for await (const relapse of memory.relapses()) found.push(relapse.id);
    assert.deepEqual(found, ['now']);
    assert.equal(memory.hasRows(owner), true);
  });

  it('names each key once in a part, and every entry by its key', async () => {
    const { memory, owner, written } = remember({
      thresholds: [thresholds(A, 10, 30, 0), thresholds(B, 10, 30, 0)],
    });
    await memory.load();
    const sources = [A, B, B].map(parseSource);
    const kept = Array.from({ length: 12_000 }, (_, i) => [`e${i}`, sources[i % 3]!] as const);
    for (const [id, source] of kept) await memory.hold(owner, event({ id }), [source]);
    for await (const relapse of memory.relapses()) assert.fail(relapse.id);
    assert.deepEqual(written.map((part) => part.keys.length), [2, 2, 2]); // prettier-ignore
    assert.deepEqual(
      written.flatMap((part) =>
        [...unpackHeld(part.entries)].map(({ id, key }) => `${id} ${part.keys[key]!.source}`),
      ),
      kept.map(([id, { text }]) => `${id} ${text}`),
    );
  });

  it('writes held entries in parts of 5,000 and leaves none behind', async () => {
    const { memory, owner, written } = remember({});
    for (let i = 0; i < 12_000; i++) await memory.hold(owner, event({ id: `e${i}` }), [parseSource(A)]);
    assert.equal(written.length, 2);
    for await (const relapse of memory.relapses()) assert.fail(relapse.id);
    assert.deepEqual(written.map((part) => part.part), [0, 1, 2]); // prettier-ignore
  });
});
