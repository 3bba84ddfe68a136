import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe } from 'mocha';
import type { EventView, RawEvent } from '../../../../lib/model/event/event.ts';
import { byCodePoint, ObjectView } from '../../../../lib/model/event/object-view.ts';
import type { SliceQuery, Store } from '../../../../lib/store/port.ts';
import { rawEvent } from '../../../support/builders.ts';
import { collect, HOUR, T0 } from '../../../support/store/rows.ts';
import { withStore, type OpenContractStore } from './open.ts';

const [A, B, C] = ['a@example.org', 'b@example.org', 'c@example.org'] as const;
const WINDOW: SliceQuery = {
  severity: 'low',
  groups: [A],
  from: T0,
  to: T0 + HOUR,
  test: false,
  fields: new Set(),
};

async function slice(store: Store, query: Partial<SliceQuery> = {}): Promise<EventView[]> {
  return (await collect(store.events.slice({ ...WINDOW, ...query }))).flat();
}

async function ids(store: Store, query: Partial<SliceQuery> = {}): Promise<string[]> {
  return (await slice(store, query)).map((event) => event.id);
}

/** Everything that a view tells, in plain values: engines have sources of their own. */
function told(view: EventView): unknown {
  const { id, invalid, storageTime, severity, groups, eventClass, test, unreadable } = view;
  const sources = [...view.sources, view.fallback].map(({ text, range }) => {
    return { text, range: range && [range.family, range.low, range.high] };
  });
  return {
    id,
    invalid,
    storageTime,
    severity,
    groups,
    eventClass,
    test,
    sources,
    unreadable,
    body: view.body(),
  };
}

export function eventContract(open: OpenContractStore): void {
  describe('events', () => {
    const spec = withStore(open);

    spec('come by storage time, then ID in code point order, in batches', async ({ store }) => {
      const events = Array.from({ length: 2500 }, (_, i) =>
        rawEvent({ id: `${i % 2 === 0 ? 'B' : 'a'}-${i % 100}-${i}`, groups: [A], stored: T0 + (i % 3) }),
      );
      await store.events.insert(events);
      const expected = events
        .map((raw) => new ObjectView(raw))
        .sort((a, b) => a.storageTime - b.storageTime || byCodePoint(a.id, b.id))
        .map((view) => view.id);
      const batches = await collect(store.events.slice(WINDOW));
      assert.deepEqual(
        batches.flat().map((view) => view.id),
        expected,
      );
      assert.ok(batches.length > 1 && batches.every((batch) => batch.length > 0 && batch.length <= 1000));
    });

    spec('of more than a batch may share one millisecond', async ({ store }) => {
      const events = Array.from({ length: 2100 }, (_, i) =>
        rawEvent({ id: String(i).padStart(5, '0'), groups: i % 2 === 0 ? [A] : [A, B], stored: T0 }),
      );
      await store.events.insert(events.toReversed());
      assert.deepEqual(
        await ids(store, { groups: [A, B] }),
        events.map((raw) => raw['ID']),
      );
    });

    spec('belong to a half-open window', async ({ store }) => {
      const at = (id: string, stored: number) => rawEvent({ id, groups: [A], stored });
      await store.events.insert([
        at('before', T0 - 1),
        at('first', T0),
        at('last', T0 + HOUR - 1),
        at('after', T0 + HOUR),
      ]);
      assert.deepEqual(await ids(store), ['first', 'last']);
      assert.deepEqual(await ids(store, { from: T0 + 1, to: T0 + 1 }), []);
    });

    spec('are those of the severity, the groups and the kind that was asked for', async ({ store }) => {
      const of = (id: string, more: Parameters<typeof rawEvent>[0]) =>
        rawEvent({ id, groups: [A], stored: T0, ...more });
      await store.events.insert([
        of('plain', {}),
        of('high', { severity: 'high' }),
        of('other', { groups: [B] }),
        of('test', { categories: ['Recon.Scanning', 'Test'] }),
        of('no-group', { groups: undefined }),
        of('no-severity', { severity: undefined }),
      ]);
      assert.deepEqual(await ids(store), ['plain']);
      assert.deepEqual(await ids(store, { severity: 'high' }), ['high']);
      assert.deepEqual(await ids(store, { test: true }), ['test']);
      assert.deepEqual(await ids(store, { groups: [B, A] }), ['other', 'plain']);
      assert.deepEqual(await ids(store, { groups: [C] }), []);
      assert.deepEqual(await ids(store, { groups: [] }), []);
      assert.deepEqual(await ids(store, { severity: 'none' }), []);
    });

    spec('come once, whatever groups name them', async ({ store }) => {
      await store.events.insert([
        rawEvent({ id: 'all', groups: [A, B, C, A], stored: T0 + 1 }),
        rawEvent({ id: 'two', groups: [B, C], stored: T0 }),
      ]);
      assert.deepEqual(await ids(store, { groups: [A, B, C, B] }), ['two', 'all']);
      assert.deepEqual(await ids(store, { groups: [C] }), ['two', 'all']);
    });

    spec('are found like by looking at every one of them', async ({ store }) => {
      const event = fc.record({
        stored: fc.integer({ min: T0, max: T0 + 9 }),
        groups: fc.uniqueArray(fc.constantFrom(A, B, C), { maxLength: 3 }),
        severity: fc.constantFrom('low', 'high'),
        categories: fc.constantFrom(['X'], ['Test']),
      });
      let round = 0;
      await fc.assert(
        fc.asyncProperty(
          fc.array(event, { maxLength: 60 }),
          fc.uniqueArray(fc.constantFrom(A, B, C), { maxLength: 3 }),
          fc.integer({ min: -1, max: 10 }),
          fc.integer({ min: -1, max: 10 }),
          async (events, groups, from, to) => {
            const name = (group: string) => `${round}-${group}`;
            round++;
            const raws = events.map((e, i) =>
              rawEvent({ ...e, id: `${round}-${(i * 7919) % 97}-${i}`, groups: e.groups.map(name) }),
            );
            await store.events.insert(raws);
            const query = { groups: groups.map(name), from: T0 + from, to: T0 + to };
            const expected = raws
              .map((raw) => new ObjectView(raw))
              .filter(
                (e) => e.severity === 'low' && !e.test && e.groups?.some((g) => query.groups.includes(g)),
              )
              .filter((e) => query.from <= e.storageTime && e.storageTime < query.to)
              .sort((a, b) => a.storageTime - b.storageTime || byCodePoint(a.id, b.id));
            assert.deepEqual(
              await ids(store, query),
              expected.map((e) => e.id),
            );
            const named = await store.events.groupsIn({ ...WINDOW, ...query });
            for (const group of query.groups)
              assert.ok(named.has(group) || !expected.some((e) => e.groups?.includes(group)));
            assert.ok([...named].every((group) => query.groups.includes(group)));
          },
        ),
        { seed: 4, numRuns: 40 },
      );
    });

    spec('are told of by the groups they name, whatever those are called', async ({ store }) => {
      const groups = ['a\u0000', '\ud7ff\n', '__proto__', '$a.b', ''];
      await store.events.insert(groups.map((group) => rawEvent({ groups: [group], stored: T0 })));
      const query = { ...WINDOW, groups: [...groups, C] };
      const named = await store.events.groupsIn(query);
      const found = await slice(store, query);
      for (const group of found.flatMap((view) => view.groups ?? [])) assert.ok(named.has(group));
      assert.ok(found.length >= groups.length - 1);
      assert.deepEqual(await store.events.groupsIn({ ...WINDOW, groups: [] }), new Set());
    });

    spec('tell what the event tells, also long after their batch', async ({ store }) => {
      const long = Array.from({ length: 600 }, (_, i) => `192.0.${i >> 8}.${i & 255}`);
      const raws: RawEvent[] = [
        rawEvent({ id: 'plain', stored: T0, groups: [A] }),
        rawEvent({
          id: 'many',
          stored: T0,
          groups: [A, B],
          sources: ['192.0.2.1', '192.0.2.0/25', '2001:db8::1', '192.0.2.1-192.0.2.9'],
        }),
        rawEvent({
          id: 'unreadable',
          stored: T0,
          groups: [A],
          sources: [
            '198.51.100.07',
            '192.0.2.1',
            '192.0.2.1 ',
            '192.0.2.1:80',
            '!x%20',
            'é',
            '198.51.100.07',
            '::1::',
          ],
        }),
        rawEvent({ id: 'unreadable-only', stored: T0, groups: [A], sources: ['unknown'] }),
        rawEvent({ id: 'long', stored: T0, groups: [A, ...long], sources: long }),
        rawEvent({
          id: 'fallback',
          stored: T0,
          groups: [A],
          sources: [],
          more: { Source: [{ Hostname: ['a\u0000b\ud800.example'] }] },
        }),
        rawEvent({
          id: 'nothing',
          stored: T0,
          groups: [A],
          more: { Source: null, Note: 'x\u0000y\ud800 \u{1f600} "\u2028' },
        }),
        rawEvent({
          id: 'odd',
          stored: T0,
          groups: [A, 'g\u0000', '\ud7ff\n'],
          eventClass: 'a\u0000\u0001/b',
        }),
        JSON.parse(
          JSON.stringify(rawEvent({ id: 'proto', stored: T0, groups: [A] })).replace('{', '{"__proto__":1,'),
        ) as RawEvent,
      ];
      await store.events.insert(raws);
      const views = await slice(store, { fields: new Set(['Category']) });
      const byId = await store.events.byId(raws.map((raw) => raw['ID'] as string));
      assert.equal(views.length, raws.length);
      for (const view of [...views, ...byId.values()]) {
        const raw = raws.find((one) => one['ID'] === view.id)!;
        assert.deepEqual(told(view), told(new ObjectView(raw)));
        assert.deepEqual(JSON.parse(view.bodyText()), raw);
        assert.equal(view.bodyText(), view.bodyText());
      }
    });

    spec('are found by ID, up to 1,000 of them; those that are gone are missing', async ({ store }) => {
      const events = Array.from({ length: 999 }, (_, i) =>
        rawEvent({ id: `id-${i}`, groups: undefined, severity: undefined }),
      );
      await store.events.insert(events);
      const found = await store.events.byId(['gone', ...events.map((raw) => raw['ID'] as string)]);
      assert.deepEqual(new Set(found.keys()), new Set(events.map((raw) => raw['ID'])));
      assert.equal(found.get('id-7')?.severity, undefined);
      assert.equal(found.get('id-7')?.groups, undefined);
      assert.equal((await store.events.byId([])).size, 0);
    });

    spec('are stored once: the first with an ID stays', async ({ store, reopen }) => {
      const first = rawEvent({ id: 'one', groups: [A], stored: T0, eventClass: 'first' });
      const second = rawEvent({ id: 'one', groups: [A, B], stored: T0 + 1, eventClass: 'second' });
      assert.deepEqual(await store.events.insert([first, second]), { stored: 1, duplicate: 1 });
      const other = await reopen();
      assert.deepEqual(
        await other.events.insert([second, rawEvent({ id: 'two', groups: [B], stored: T0 })]),
        { stored: 1, duplicate: 1 },
      );
      assert.deepEqual(await ids(store, { groups: [B] }), ['two']);
      const [view] = await slice(other);
      assert.equal(view?.eventClass, 'first');
      assert.deepEqual(await store.events.insert([]), { stored: 0, duplicate: 0 });
    });

    spec('may be added while a slice is read', async ({ store, reopen }) => {
      const events = Array.from({ length: 1500 }, (_, i) =>
        rawEvent({ id: `e${String(i).padStart(4, '0')}`, groups: [A], stored: T0 + i }),
      );
      await store.events.insert(events);
      const other = await reopen();
      const seen: string[] = [];
      for await (const batch of store.events.slice(WINDOW)) {
        seen.push(...batch.map((view) => view.id));
        await other.events.insert([rawEvent({ groups: [B], stored: T0 + seen.length })]);
      }
      assert.deepEqual(
        seen,
        events.map((raw) => raw['ID']),
      );
    });

    spec('of a slice need not be read to the end', async ({ store }) => {
      await store.events.insert(Array.from({ length: 1500 }, () => rawEvent({ groups: [A], stored: T0 })));
      for await (const batch of store.events.slice(WINDOW)) {
        assert.ok(batch.length > 0);
        break;
      }
      assert.equal((await store.events.insert([rawEvent({ groups: [A], stored: T0 })])).stored, 1);
      assert.equal((await slice(store)).length, 1501);
    });
  });
}
