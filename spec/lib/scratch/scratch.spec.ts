import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { after, before, describe, it } from 'mocha';
import { PARTS } from '../../../lib/model/report.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import type { PackedReader } from '../../../lib/scratch/packed-values.ts';
import type { MergeEntries, Place, Scratch, ScratchEvent, ValueCount } from '../../../lib/scratch/port.ts';
import { openScratch } from '../../../lib/scratch/scratch.ts';
import { ArrayScratch } from '../../support/scratch.ts';

/** Texts that engines stumble over: NUL and its neighbours, both ends of the surrogates, beyond U+FFFF, quotes, nothing but blanks. */
const ODD_TEXTS = [
  '\u0000',
  '\u0001',
  '\u0001\u0001',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '\u{10000}',
  '\u{1f600}',
  "'",
  ' ',
];
const LANES = [0, 1, 2];
/** A record or two, and some have to go to the file at once; runs are put together all the time. */
const TINY = { bytes: 200, runs: 3 };

const text = fc.oneof(
  fc.constantFrom('a', 'b', 'B', 'é', ...ODD_TEXTS),
  fc.string({ minLength: 1, maxLength: 3, unit: fc.constantFrom('a', 'z', ...ODD_TEXTS) }),
);
const lane = fc.constantFrom(...LANES);
const part = fc.constantFrom(...PARTS);

const placedEntry = fc
  .record({
    part,
    class: text,
    source: text,
    events: fc.integer({ min: 1, max: 5 }),
    first: fc.constantFrom('t1', 't2', 't0 é'.repeat(30)),
  })
  .map(({ part, class: eventClass, source, events, first }) =>
    placed(part, eventClass, source, events, first),
  );
const valueCount = fc.record({
  dimension: fc.constantFrom('ips', 'ports', '\u0000'),
  value: text,
  count: fc.integer({ min: 1, max: 9 }),
});
const scratchEvent = fc.record({
  part,
  id: fc.uuid(),
  storageTime: fc.integer({ min: -2, max: 5 }),
  eventClass: text,
  sources: fc.uniqueArray(text, { minLength: 1, maxLength: 3 }),
  body: fc.json(),
});

function addEntries(scratch: Scratch, lane: number, entries: Iterable<PlacedEntry>): void {
  for (const { place, entry } of entries)
    scratch.addEntry(lane, place, {
      pack: (out) => {
        out.write(entry.events);
        out.write(entry.first);
      },
    });
}

type Step = (scratch: Scratch) => void;
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(lane, scratchEvent).map(
    ([lane, event]): Step =>
      (s) =>
        s.addEvent(lane, event),
  ),
  fc.tuple(lane, fc.array(placedEntry, { maxLength: 5 })).map(
    ([lane, entries]): Step =>
      (s) =>
        addEntries(s, lane, entries),
  ),
  fc.tuple(lane, fc.array(valueCount, { maxLength: 5 })).map(
    ([lane, counts]): Step =>
      (s) =>
        s.addCounts(lane, counts),
  ),
  // What was read before must not be in the way of what is added later.
  fc.constant<Step>((s) => void everything(s)),
);

/** The entries of this spec: the least that can be merged. */
interface SpecEntry {
  readonly events: number;
  readonly first: string;
}

interface PlacedEntry {
  readonly place: Place;
  readonly entry: SpecEntry;
}

function placed(
  part: Place['part'],
  eventClass: string,
  source: string,
  events: number,
  first = 't1',
): PlacedEntry {
  return { place: { part, class: eventClass, source }, entry: { events, first } };
}

function merge(partials: Iterable<PackedReader>): ReturnType<MergeEntries> {
  const entries = Array.from(partials, (packed): SpecEntry => ({
    events: packed.readNumber(),
    first: packed.readText(),
  }));
  const events = entries.reduce((sum, entry) => sum + entry.events, 0);
  const merged: SpecEntry = { events, first: entries.map((entry) => entry.first).sort()[0]! };
  return { events, json: JSON.stringify(merged) };
}

/** All that a scratch tells. */
function everything(scratch: Scratch): unknown {
  return LANES.map((lane) => ({
    events: [...scratch.events(lane)],
    entries: [...scratch.entries(lane)],
    some: [...scratch.entries(lane, undefined, new Set([0, 2, 3]))],
    places: [...scratch.places(lane)],
    keys: [...scratch.keys(lane)],
    largest: [0, 1, 3, 1000].map((limit) => [...scratch.largestEntries(lane, limit)]),
    count: scratch.countEntries(lane),
    sources: [1, 1000].map((limit) => scratch.largestSources(lane, limit)),
    sourceCount: scratch.countSources(lane),
    bySource: scratch.largestSources(lane, 3).map(({ source }) => ({
      events: [...scratch.events(lane, source)],
      entries: [...scratch.entries(lane, source)],
      some: [...scratch.entries(lane, source, new Set([1]))],
      places: [...scratch.places(lane, source)],
    })),
    counts: ['ips', 'ports', '\u0000', 'none'].map((dimension) =>
      [0, 2, 1000].map((limit) => scratch.largestCounts(lane, dimension, limit)),
    ),
  }));
}

function event(id: string, more: Partial<ScratchEvent> = {}): ScratchEvent {
  return { part: 'regular', id, storageTime: 1, eventClass: 'c', sources: ['s'], body: '{}', ...more };
}

describe('lib/scratch', () => {
  let directory: string;
  before(() => void (directory = mkdtempSync(join(tmpdir(), 'scratch-spec-'))));
  after(() => rmSync(directory, { recursive: true, force: true }));

  const kinds: readonly [string, () => Scratch][] = [
    ['in a file', () => openScratch(directory, merge)],
    ['in a file, with hardly any memory', () => openScratch(directory, merge, TINY)],
    ['in arrays', () => new ArrayScratch(merge)],
  ];
  for (const [name, open] of kinds) {
    describe(name, () => {
      let scratch: Scratch;
      before(() => void (scratch = open()));
      after(() => scratch.close());

      it('is empty at first and after clear', () => {
        const empty = everything(scratch);
        scratch.addEvent(0, event('a'));
        addEntries(scratch, 0, [placed('regular', 'c', 's', 1)]);
        scratch.addCounts(0, [{ dimension: 'ips', value: 'v', count: 1 }]);
        assert.notDeepEqual(everything(scratch), empty);
        scratch.clear();
        assert.deepEqual(everything(scratch), empty);
        scratch.addEvent(0, event('b'));
        assert.deepEqual([...scratch.events(0)], [event('b')]);
        scratch.clear();
      });

      it('hands events on by part, storage time and ID, more of them than a page', () => {
        const events = Array.from({ length: 150 }, (_, i) =>
          event(`id-${String(i).padStart(3, '0')}`, {
            part: i % 2 === 0 ? 'regular' : 'relapsed',
            storageTime: i < 100 ? 7 : 6,
            sources: i % 3 === 0 ? ['s', 't'] : ['t'],
          }),
        );
        for (const one of events.toReversed()) scratch.addEvent(1, one);
        const inOrder = PARTS.flatMap((part) =>
          [6, 7].flatMap((time) => events.filter((e) => e.part === part && e.storageTime === time)),
        );
        assert.deepEqual([...scratch.events(1)], inOrder);
        assert.deepEqual(
          [...scratch.events(1, 's')],
          inOrder.filter((e) => e.sources.includes('s')),
        );
        scratch.addEvent(1, event('later', { sources: ['s'], storageTime: 8 }));
        assert.equal([...scratch.events(1, 's')].filter((e) => e.part === 'regular').at(-1)?.id, 'later');
        scratch.clear();
      });

      it('merges the partial entries of a place, more of them than a page', () => {
        for (let i = 0; i < 3; i++) {
          const entries = Array.from({ length: 200 }, (_, n) =>
            placed('relapsed', 'c', `s${String(n).padStart(3, '0')}`, n + 1),
          );
          addEntries(scratch, 2, entries);
        }
        const merged = [...scratch.entries(2)];
        assert.equal(merged.length, 200);
        assert.deepEqual(
          merged.map((e) => e.events),
          Array.from({ length: 200 }, (_, n) => 3 * (n + 1)),
        );
        assert.deepEqual(
          [...scratch.largestEntries(2, 2)].map((e) => e.source),
          ['s198', 's199'],
        );
        assert.deepEqual(scratch.largestSources(2, 1), [{ source: 's199', events: 600 }]);
        scratch.clear();
      });

      it('adds regular and relapsed events of a source up', () => {
        addEntries(scratch, 0, [
          placed('regular', 'c', 'a', 2),
          placed('relapsed', 'd', 'a', 2),
          placed('regular', 'c', 'b', 3),
        ]);
        assert.deepEqual(scratch.largestSources(0, 9), [
          { source: 'a', events: 4 },
          { source: 'b', events: 3 },
        ]);
        assert.deepEqual(
          [...scratch.keys(0)],
          [
            { class: 'c', source: 'a' },
            { class: 'c', source: 'b' },
            { class: 'd', source: 'a' },
          ],
        );
        scratch.clear();
      });

      it('keeps different lone surrogates apart', () => {
        const names = ['\ud800', '\udfff', '\udc00x', 'x\ud800'];
        addEntries(
          scratch,
          0,
          names.map((source) => placed('regular', source, source, 1)),
        );
        scratch.addEvent(0, event('a', { sources: names }));
        assert.deepEqual(new Set([...scratch.entries(0)].map((e) => e.source)), new Set(names));
        assert.deepEqual(
          [...scratch.events(0, '\ud800')].flatMap((e) => e.sources),
          names,
        );
        scratch.clear();
      });

      it('tells of any of many lanes at any time', () => {
        const lanes = Array.from({ length: 30 }, (_, n) => n);
        for (let i = 0; i < 5; i++) {
          for (const n of lanes) {
            addEntries(scratch, n, [
              placed('regular', 'c', `s${n % 7}`, n + 1),
              placed('relapsed', 'c', 't', 1),
            ]);
            scratch.addEvent(n, event(`e${i}`, { sources: [`s${n % 7}`, 't'] }));
          }
        }
        for (const n of [...lanes, ...lanes.toReversed()]) {
          const source = `s${n % 7}`;
          assert.deepEqual(
            scratch.largestSources(n, 2).map((one) => one.events),
            n === 0 ? [5, 5] : [5 * (n + 1), 5],
          );
          assert.deepEqual(
            [...scratch.entries(n)].map((one) => [one.source, one.events]),
            [
              [source, 5 * (n + 1)],
              ['t', 5],
            ],
          );
          assert.deepEqual(
            [...scratch.places(n, source)].map((one) => one.events),
            [5 * (n + 1)],
          );
          assert.equal([...scratch.events(n, source)].length, 5);
          assert.equal(scratch.countSources(n), 2);
        }
        scratch.clear();
      });

      it('is read by several at a time', () => {
        addEntries(
          scratch,
          0,
          Array.from({ length: 200 }, (_, n) => placed('regular', 'c', `s${n}`, 1)),
        );
        for (let i = 0; i < 200; i++) scratch.addEvent(0, event(`e${i}`, { sources: [`s${i}`] }));
        let seen = 0;
        for (const entry of scratch.entries(0)) {
          for (const one of scratch.events(0, entry.source)) seen += one.sources.length;
          scratch.addCounts(0, [{ dimension: 'd', value: entry.source, count: 1 }]);
        }
        assert.equal(seen, 200);
        assert.equal(scratch.largestCounts(0, 'd', 0).rest, 200);
        scratch.clear();
      });
    });
  }

  for (const bounds of [undefined, TINY]) {
    it(`tells in a file what it tells in arrays, with ${bounds?.bytes ?? 'all'} bytes of memory`, () => {
      const scratch = openScratch(directory, merge, bounds);
      fc.assert(
        fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
          scratch.clear();
          const model = new ArrayScratch(merge);
          for (const act of steps) {
            act(scratch);
            act(model);
          }
          assert.deepEqual(everything(scratch), everything(model));
        }),
        { seed: 20_261_110, numRuns: 100 },
      );
      scratch.close();
    });
  }

  it('leaves no file behind, not even while it works', () => {
    const scratch = openScratch(directory, merge);
    scratch.addEvent(0, event('a'));
    assert.deepEqual(readdirSync(directory), []);
    scratch.close();
    assert.deepEqual(readdirSync(directory), []);
  });

  it('says in one line when nothing can be written', () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const scratch = openScratch(join(file, 'below'), merge);
    assert.throws(
      () => scratch.addCounts(0, [{ dimension: 'd', value: 'v', count: 1 } satisfies ValueCount]),
      UserError,
    );
    rmSync(file);
  });
});
