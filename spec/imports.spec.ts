import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { describe, it } from 'mocha';
import { shipped } from '../lib/config/locations.ts';

/** What each room may import besides itself. Imports point one way: from the command line down to the model. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'lib/model': [],
  'lib/system': ['lib/model'],
  'lib/filter/value': ['lib/model'],
  'lib/filter/pattern': [],
  'lib/filter/syntax': ['lib/model', 'lib/filter/value'],
  'lib/filter/compile': ['lib/model', 'lib/filter/value', 'lib/filter/pattern', 'lib/filter/syntax'],
  'lib/filter/lint': ['lib/model', 'lib/filter/syntax', 'lib/filter/compile'],
  'lib/filter/set': ['lib/model', 'lib/filter/value', 'lib/filter/pattern', 'lib/filter/compile'],
  'lib/filter': ['lib/filter', 'lib/model'],
  'lib/store': ['lib/model', 'lib/system'],
  'lib/thresholds': ['lib/model', 'lib/store'],
  'lib/scratch': ['lib/model', 'lib/system', 'lib/store', 'lib/thresholds'],
  'lib/report': ['lib/model', 'lib/system', 'lib/scratch'],
  'lib/mail': ['lib/model', 'lib/system', 'lib/store'],
  stages: ['lib/model', 'lib/store', 'lib/thresholds', 'lib/scratch'],
  'lib/pipeline.ts': ['stages', 'lib/model', 'lib/store', 'lib/thresholds', 'lib/scratch'],
  'lib/run': [
    'lib/pipeline.ts',
    'stages',
    'lib/model',
    'lib/system',
    'lib/filter',
    'lib/store',
    'lib/thresholds',
    'lib/scratch',
    'lib/report',
    'lib/mail',
  ],
  'lib/explain': ['lib/run', 'stages', 'lib/model', 'lib/filter', 'lib/store', 'lib/report'],
  'lib/config': ['lib/run', 'lib/model', 'lib/system', 'lib/filter', 'lib/store', 'lib/report', 'lib/mail'],
  'lib/observe': ['lib/run', 'lib/model', 'lib/system', 'lib/store'],
  'lib/cli': ['lib'],
};
/** Files side by side in one folder of lib, at the most. */
const ROOM_SIZE = 22;
// Not from where the compiled spec lies: the sources are what people read.
const ROOT = shipped('.');

const roomOf = (path: string) =>
  Object.keys(ROOMS).find((room) => path === room || path.startsWith(`${room}/`));

const sources = (folder: string) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));

/** Files that a file imports, relative to the project. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)].map((match) => match[1]!);
  return found.map((path) => relative('.', normalize(join(file, '..', path))));
}

/** The first circle of imports that is reached from a file. */
function circleFrom(
  file: string,
  imports: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
  path: readonly string[] = [],
): readonly string[] | undefined {
  const begin = path.indexOf(file);
  if (begin >= 0) return [...path.slice(begin), file];
  if (done.has(file)) return undefined;
  for (const next of imports.get(file) ?? []) {
    const circle = circleFrom(next, imports, done, [...path, file]);
    if (circle !== undefined) return circle;
  }
  done.add(file);
  return undefined;
}

describe('imports', () => {
  const files = [...sources('lib'), ...sources('stages')];
  const imports = new Map(files.map((file) => [file, importsOf(file)]));
  const all = [...imports].flatMap(([from, list]) => list.map((to): [string, string] => [from, to]));

  it('point one way', () => {
    const wrong = all.filter(([from, to]) => {
      const room = roomOf(from);
      if (room === undefined || roomOf(to) === room) return false;
      return !ROOMS[room]!.some((allowed) => to === allowed || to.startsWith(`${allowed}/`));
    });
    assert.deepEqual(wrong, []);
  });

  it('form no circle between files', () => {
    const done = new Set<string>();
    const circles = files.flatMap((file) => circleFrom(file, imports, done)?.join(' > ') ?? []);
    assert.deepEqual(circles, []);
  });

  it('are seen by this spec', () => {
    assert.ok(all.length > 100);
    assert.ok(all.some(([from, to]) => from === 'lib/pipeline.ts' && to === 'stages/thresholder.ts'));
    assert.deepEqual(
      circleFrom('a', new Map([['a', ['b']], ['b', ['c']], ['c', ['b']]]), new Set()), // prettier-ignore
      ['b', 'c', 'b'],
    );
  });

  it('leave engines and transports to those who open them', () => {
    const insiders = all.filter(
      ([from, to]) => to.startsWith('lib/store/embedded/') && !from.startsWith('lib/store/embedded/'),
    );
    const openers = new Set(insiders.map(([from]) => from.split('/').slice(0, 2).join('/')));
    assert.deepEqual([...openers].sort(), ['lib/config', 'lib/scratch']);
  });

  it('come from rooms that a reader can take in: every file has one, and none is crowded', () => {
    assert.deepEqual(
      files.filter((file) => roomOf(file) === undefined),
      [],
    );
    const sizes = new Map<string, number>();
    for (const folder of files.map((file) => join(file, '..')))
      sizes.set(folder, (sizes.get(folder) ?? 0) + 1);
    assert.deepEqual(
      [...sizes].filter(([, size]) => size > ROOM_SIZE),
      [],
    );
  });
});
