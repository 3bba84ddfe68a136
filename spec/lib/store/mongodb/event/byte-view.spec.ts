import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { Binary, BSON, BSONRegExp, Decimal128, Double, Long, ObjectId, UUID, type Document } from 'mongodb';
import type { EventView, RawEvent } from '../../../../../lib/model/event/event.ts';
import { ObjectView } from '../../../../../lib/model/event/object-view.ts';
import { formatInstant } from '../../../../../lib/model/time.ts';
import { LastBody, createView } from '../../../../../lib/store/mongodb/event/byte-view.ts';
import { decodeDocument } from '../../../../../lib/store/mongodb/event/decode.ts';
import { toDocument } from '../../../../../lib/store/mongodb/event/event-document.ts';
import { rawEvent } from '../../../../support/builders.ts';

const lastBody = new LastBody();

function bytesOf(document: Document): Buffer {
  return Buffer.from(BSON.serialize(document));
}

function view(document: Document): EventView {
  return createView(bytesOf(document), lastBody);
}

/** What the driver decodes, as JSON knows it. */
function plain(value: unknown): unknown {
  if (value instanceof Date) return Math.abs(value.getTime()) < 1e14 ? formatInstant(value.getTime()) : null;
  if (value instanceof Long) return value.toBigInt();
  if (value instanceof ObjectId) return value.toHexString();
  if (value instanceof Binary) return value.toString('base64');
  if (value instanceof BSONRegExp) return `/${value.pattern}/${value.options}`;
  if (value instanceof Decimal128) return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    Object.defineProperty(copy, key, {
      value: plain(member),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return copy;
}

/** Everything that a view tells, apart from its text. */
function told(event: EventView): unknown {
  const { id, invalid, storageTime, severity, groups, eventClass, test, sources, unreadable, fallback } =
    event;
  const addresses = sources.map(({ text, range }) => [
    text,
    range?.family,
    range?.notation,
    range?.low,
    range?.high,
  ]);
  return { id, invalid, storageTime, severity, groups, eventClass, test, addresses, unreadable, fallback };
}

/** The view agrees with that on the decoded event. */
function agree(document: Document): EventView {
  const event = view(document);
  const { _id } = document as { _id?: unknown };
  const decoded = new ObjectView({ ...event.body(), ...(typeof _id === 'string' ? { _id } : {}) });
  assert.deepEqual(told(event), told(decoded));
  JSON.parse(event.bodyText());
  return event;
}

const text = fc.oneof(
  fc.string(),
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', 'Test', 'IDEA0', 'low'),
);
const key = fc.string({ unit: 'grapheme' }).filter((name) => !name.includes('\0'));
const scalar = fc.oneof(
  text,
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map((n) => Long.fromBigInt(n)),
  fc.uint8Array({ maxLength: 20 }).map((bytes) => new Binary(bytes)),
  fc.constantFrom(
    new ObjectId(),
    new UUID(),
    Decimal128.fromString('1.50'),
    new Double(3),
    /a.b/i,
    new Date(9e14),
  ),
);
const anything = fc.letrec<{ value: unknown; list: unknown[]; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(key, tie('value'), { maxKeys: 5, noNullPrototype: true }),
}));

const address = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.ipV4().map((ip) => `${ip}/24`),
  fc.ipV4().map((ip) => ({ ip })),
  fc.nat().map((n) => ({ min: n, max: n })),
  fc.constantFrom('192.0.2.1', '010.0.0.1', '192.0.2.9-192.0.2.1', '', 7, null),
);
const section = fc.oneof(
  fc.record(
    {
      IP4: fc.oneof(fc.array(address, { maxLength: 12 }), address),
      IP6: fc.array(address),
      Hostname: fc.array(text),
    },
    { requiredKeys: [] },
  ),
  anything.value,
);
const event = fc.record(
  {
    ID: fc.oneof(fc.uuid(), text, anything.value),
    _id: fc.oneof(fc.uuid(), scalar),
    Format: fc.constantFrom('IDEA0', 'IDEA0', 'IDEA1', null, 1),
    DetectTime: fc.oneof(
      fc.date({ noInvalidDate: true, min: new Date(0) }),
      fc.constant('2026-01-06T00:00:00+01:00'),
      scalar,
    ),
    Category: fc.oneof(fc.array(text), anything.value),
    Source: fc.oneof(fc.array(section, { maxLength: 4 }), section),
    _CESNET: fc.oneof(
      fc.record(
        {
          StorageTime: fc.oneof(fc.date({ noInvalidDate: true, min: new Date(0) }), fc.nat(), scalar),
          EventSeverity: fc.oneof(fc.constantFrom('low', 'high'), anything.value),
          ResolvedAbuses: fc.oneof(fc.array(text), anything.value),
          EventClass: fc.oneof(text, anything.value),
        },
        { requiredKeys: [] },
      ),
      anything.value,
    ),
    _Mentat: fc.oneof(fc.record({ EventSeverity: text }), anything.value),
    Note: anything.value,
  },
  { requiredKeys: [] },
);

describe('lib/store/mongodb/event/byte-view', () => {
  it('decodes what the driver decodes', () => {
    fc.assert(
      fc.property(anything.object, (document) => {
        const bytes = bytesOf(document);
        assert.deepEqual(decodeDocument(bytes, 0), plain(BSON.deserialize(bytes, { bsonRegExp: true })));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('agrees with the view on the decoded event', () => {
    fc.assert(
      fc.property(event, (document) => void agree(document)),
      { seed: 2, numRuns: 1500 },
    );
  });

  it('decodes the keys that are asked for and no others', () => {
    const some = view({ ...toDocument(rawEvent({ id: 'a' })), Note: 'x' }).body(
      new Set(['Note', 'Category']),
    );
    assert.deepEqual(some, { Category: ['Recon.Scanning'], Note: 'x' });
  });

  it('gives back what was stored, whatever the forms of its times', () => {
    const times = [
      '2026-01-06T00:00:00+01:00',
      '2026-01-05 23:00:00.123456789Z',
      '2026-01-06t00:00:00z',
      1767654000.5,
    ];
    for (const time of times) {
      const raw = rawEvent({
        more: { DetectTime: time, CeaseTime: time, EventTime: 'never', Note: 2 ** 60 },
      });
      const back = agree(toDocument(raw));
      assert.deepEqual(back.body(), raw);
      assert.equal(back.bodyText(), JSON.stringify(raw));
    }
  });

  it('gives back what a document cannot hold', () => {
    const odd: RawEvent[] = [
      rawEvent({ more: { Note: 'lone \ud800' } }),
      rawEvent({ more: { 'a\0b': 1 } }),
      { ...rawEvent(), _CESNET: { EventSeverity: 'low', ResolvedAbuses: ['a'] } },
      { ...rawEvent(), _id: 'other', _idx: 'theirs' },
    ];
    for (const raw of odd) {
      const back = view(toDocument(raw));
      assert.deepEqual(back.body(), raw);
      assert.deepEqual(told(back), told(new ObjectView(raw)));
    }
  });

  it('reads addresses in the layout of other writers', () => {
    const bytes = (low: string) => new Binary(Buffer.from(low, 'hex'));
    const prefix = '20010db8000b0100';
    const Source = [
      {
        IP4: [
          { ip: '192.0.2.1' },
          { min: 3221225984, max: 3221226111 },
          { min: 3221225994, max: 3221226004 },
          { min: 5, max: 5 },
        ],
        IP6: [{ min: bytes(prefix + '0'.repeat(16)), max: bytes(prefix + 'f'.repeat(16)) }, { max: 1 }],
      },
    ];
    const found = agree({ ...toDocument(rawEvent()), Source });
    assert.deepEqual(
      found.sources.map((source) => source.text),
      ['192.0.2.1', '192.0.2.0/25', '192.0.2.10-192.0.2.20', '0.0.0.5', '2001:db8:b:100::/64'],
    );
    assert.deepEqual((found.body()['Source'] as { IP4: unknown }[])[0]!.IP4, [
      ...['192.0.2.1', '192.0.2.0/25', '192.0.2.10-192.0.2.20', '0.0.0.5'],
    ]);
  });

  it('prints whole numbers with every digit', () => {
    const huge = { ...toDocument(rawEvent()), ByteCount: Long.fromString('9007199254740993'), Note: 'n' };
    assert.match(agree(huge).bodyText(), /"ByteCount":9007199254740993,"Note":"n"/);
    assert.equal(view(huge).body()['ByteCount'], 9007199254740993n);
  });

  it('takes hostile documents', () => {
    const good = toDocument(rawEvent({ id: 'good' }));
    let deep: unknown = 'bottom';
    for (let level = 0; level < 98; level++) deep = level % 2 === 0 ? [deep] : { deep };
    assert.equal(agree({ ...good, deep }).invalid, undefined);
    assert.equal(agree({ ...good, Note: 'x'.repeat(16_000_000) }).invalid, undefined);
    assert.equal(agree({ ...good, Source: 'x', Category: 'Test', _CESNET: 7 }).test, true);
    assert.equal(agree({ ...good, ID: 'a b' }).invalid, 'ID is not 1 to 255 characters of A-Z a-z 0-9 . _ -');
    assert.equal(agree({ ...good, ID: 5, _id: 5 }).invalid, 'ID is missing');
    assert.equal(agree({ _id: 'x' }).invalid, 'DetectTime is missing');
    assert.equal(agree({}).invalid, 'ID is missing');
  });

  it('shows invalid UTF-8 as U+FFFD, and refuses it in an ID', () => {
    const spoil = (document: Document): EventView => {
      const bytes = bytesOf(document);
      for (let at = bytes.indexOf('§'); at >= 0; at = bytes.indexOf('§', at)) bytes.fill(0xff, at, at + 2);
      return createView(bytes, lastBody);
    };
    const bad = spoil({ ...toDocument(rawEvent({ id: 'good', eventClass: 'x§' })), Note: '§' });
    assert.equal(bad.invalid, undefined);
    assert.equal(bad.body()['Note'], '\ufffd\ufffd');
    assert.equal(bad.eventClass, 'x\ufffd\ufffd');
    assert.match(spoil({ ...toDocument(rawEvent()), ID: 'a§' }).invalid ?? '', /^ID is not/);
  });
});
