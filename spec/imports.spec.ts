import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, normalize, relative } from 'node:path';
import { describe, it } from 'mocha';
import { shipped } from '../lib/app/locations.ts';

/** What each room may import besides itself. Everything points one way: from the application down to the model. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  'lib/model': [],
  'lib/filter': ['lib/model'],
  'lib/store': ['lib/model'],
  'lib/memory': ['lib/model', 'lib/store'],
  'lib/scratch': ['lib/model', 'lib/store', 'lib/memory'],
  'lib/report': ['lib/model', 'lib/scratch'],
  'lib/mail': ['lib/model', 'lib/store'],
  stages: ['lib/model', 'lib/store', 'lib/memory', 'lib/scratch'],
  'lib/pipeline.ts': ['stages', 'lib/model', 'lib/memory', 'lib/scratch'],
  'lib/app': ['lib', 'stages'],
};
// Not from where the compiled spec lies: the sources are what people read.
const ROOT = shipped('.');

const roomOf = (path: string) =>
  Object.keys(ROOMS).find((room) => path === room || path.startsWith(`${room}/`));

/** [importing file, imported file] of everything under a folder, relative to the project. */
function imports(folder: string): [string, string][] {
  const files = readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    file.endsWith('.ts'),
  );
  return files.flatMap((name) => {
    const file = join(folder, name);
    const text = readFileSync(join(ROOT, file), 'utf8');
    const found = [...text.matchAll(/(?:from|import)\s*\(?'(\.[^']+)'/g)].map((match) => match[1]!);
    return found.map((path): [string, string] => [file, relative('.', normalize(join(file, '..', path)))]);
  });
}

describe('imports', () => {
  const all = [...imports('lib'), ...imports('stages')];

  it('point one way', () => {
    const wrong = all.filter(([from, to]) => {
      const room = roomOf(from)!;
      return (
        roomOf(to) !== room && !ROOMS[room]!.some((allowed) => to === allowed || to.startsWith(`${allowed}/`))
      );
    });
    assert.deepEqual(wrong, []);
  });

  it('are seen by this spec', () => {
    assert.ok(all.length > 100);
    assert.ok(all.some(([from, to]) => from === 'lib/pipeline.ts' && to === 'stages/thresholder.ts'));
  });

  it('leave engines and transports to those who open them', () => {
    const insiders = all.filter(
      ([from, to]) => to.startsWith('lib/store/embedded/') && !from.startsWith('lib/store/embedded/'),
    );
    const openers = new Set(insiders.map(([from]) => from.split('/').slice(0, 2).join('/')));
    assert.deepEqual([...openers].sort(), ['lib/app', 'lib/scratch']);
  });
});
