import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { Database, type Statement } from '../../../../lib/store/embedded/database.ts';
import { STREAM_PAGE, STREAMS_IN } from '../../../../lib/store/embedded/events.ts';
import { prepareSchema } from '../../../../lib/store/embedded/schema.ts';
import { mergeStreams } from '../../../../lib/store/embedded/merge-streams.ts';
import type { HeadRow } from '../../../../lib/store/embedded/stored-event.ts';
import { END, rawEvent } from '../../../support/builders.ts';
import { openEmbeddedForSpec } from '../../../support/store/embedded.ts';
import { makeFolder } from '../../../support/folder.ts';

/** Counts how often pages are read, and how many heads in all. */
function counted(heads: readonly HeadRow[]) {
  const count = { pages: 0, heads: 0 };
  const all = (stream: number, time: number, id: string, to: number, limit: number): HeadRow[] => {
    const rows = heads.filter((head) => head[0] % 1000 === stream && head[1] < to);
    const page = rows.filter((head) => head[1] > time || (head[1] === time && head[2] > id)).slice(0, limit);
    count.pages++;
    count.heads += page.length;
    return page;
  };
  return { count, statement: { all } as unknown as Statement<HeadRow> };
}

function head(stream: number, time: number): HeadRow {
  return [time * 1000 + stream, time, `id-${String(time).padStart(6, '0')}`, 'class', '', null, null];
}

describe('lib/store/embedded/slice', () => {
  it('is read off an index, without a scan and without sorting', () => {
    const folder = makeFolder();
    const db = new Database(folder.at('store.db'));
    prepareSchema(db, false);
    const plan = db
      .prepare<[number, number, number, string]>(`EXPLAIN QUERY PLAN ${STREAM_PAGE}`)
      .all(1, 0, '', 1, 1)
      .map((row) => row[3]);
    assert.deepEqual(plan, [
      'SEARCH g USING PRIMARY KEY (stream=? AND (storagetime,id)>(?,?) AND storagetime<?)',
      'SEARCH h USING INTEGER PRIMARY KEY (rowid=?)',
    ]);
    db.close();
    folder.remove();
  });

  it('finds out by the same indexes which groups have anything in a window', async () => {
    const { store, path, destroy } = await openEmbeddedForSpec();
    const HIGH = { groups: ['a', 'b'], severity: 'high', stored: END };
    await store.events.insert([
      rawEvent({ groups: ['a', 'b'], stored: END - 1 }),
      rawEvent({ groups: ['c'], stored: END }),
      rawEvent({ groups: ['d'], stored: END - 1, categories: ['Test'] }),
      rawEvent({ ...HIGH }),
    ]);
    const query = { severity: 'low', groups: ['a', 'b', 'c', 'd', 'e'], from: END - 1, to: END, test: false };
    assert.deepEqual(await store.events.groupsIn(query), new Set(['a', 'b']));
    assert.deepEqual(await store.events.groupsIn({ ...query, to: END + 1 }), new Set(['a', 'b', 'c']));
    assert.deepEqual(await store.events.groupsIn({ ...query, test: true }), new Set(['d']));
    const db = new Database(path);
    const plan = db
      .prepare<[number, number, number, string]>(`EXPLAIN QUERY PLAN ${STREAMS_IN}`)
      .all('[]', 'low', 0, 0, 1)
      .map((row) => row[3]);
    assert.deepEqual(plan, [
      'SCAN i VIRTUAL TABLE INDEX 1:',
      'SEARCH s USING COVERING INDEX sqlite_autoindex_streams_1 (severity=? AND test=? AND grp=?)',
      'CORRELATED SCALAR SUBQUERY 1',
      'SEARCH g USING PRIMARY KEY (stream=? AND storagetime>? AND storagetime<?)',
    ]);
    db.close();
    await destroy();
  });

  it('costs one look-up for an empty stream', () => {
    const { count, statement } = counted([]);
    const streams = Array.from({ length: 200 }, (_, i) => i);
    assert.deepEqual([...mergeStreams(streams, statement, 0, 1000)], []);
    assert.deepEqual(count, { pages: 200, heads: 0 });
  });

  it('reads every head once, however the streams overlap', () => {
    const heads = Array.from({ length: 5000 }, (_, i) => head(i % 7 === 0 ? 0 : i % 200, i));
    const { count, statement } = counted(heads);
    const streams = Array.from({ length: 200 }, (_, i) => i);
    assert.deepEqual([...mergeStreams(streams, statement, -1, 5000)], heads);
    assert.equal(count.heads, heads.length);
    assert.ok(count.pages < 200 + heads.length / 16, `${count.pages} pages`);
  });

  it('holds no more heads than its bound, whatever comes first', () => {
    const heads = Array.from({ length: 20_000 }, (_, i) => head(i < 10_000 ? 1 : 2, i));
    const { count, statement } = counted(heads);
    const merged = mergeStreams([1, 2], statement, -1, 20_000);
    for (let i = 0; i < 100; i++) merged.next();
    assert.ok(count.heads <= 1000, `${count.heads} heads`);
  });
});
