import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { KeyHash } from '../../../lib/thresholds/key-hash.ts';
import { KeyTable, type KeyOverflow } from '../../../lib/thresholds/key-table.ts';
import { parseSource } from '../../../lib/model/event/event.ts';

const SECRET = Buffer.from('0123456789abcdef0123456789abcdef');
const none = (): KeyOverflow => {
  throw new Error('no overflow expected');
};

function hashed(hash: KeyHash): string {
  return `${hash.high.toString(16)}.${hash.low.toString(16)}`;
}

function of(lane: number, eventClass: string, source: string, secret = SECRET): string {
  const hash = new KeyHash(secret);
  hash.of(lane, eventClass, parseSource(source));
  return hashed(hash);
}

describe('key hash', () => {
  it('distinguishes lane, class, source and secret, and where one ends and the next begins', () => {
    const variants = [
      of(0, 'a', '192.0.2.1'),
      of(1, 'a', '192.0.2.1'),
      of(0, 'b', '192.0.2.1'),
      of(0, 'a', '192.0.2.2'),
      of(0, 'a', '192.0.2.1-192.0.2.1'),
      of(0, 'a1', '92.0.2.1'),
      of(0, 'a', '192.0.2.1', Buffer.from('fedcba9876543210fedcba9876543210')),
      of(0, 'ab', 'c'),
      of(0, 'a', 'bc'),
    ];
    assert.equal(new Set(variants).size, variants.length);
  });

  it('is the same however the source came about', () => {
    const hash = new KeyHash(SECRET);
    hash.of(0, 'a', { text: '192.0.2.1', range: undefined });
    assert.equal(hashed(hash), of(0, 'a', '192.0.2.1'));
  });

  it('is the same when another key or a text was hashed in between', () => {
    const hash = new KeyHash(SECRET);
    const source = parseSource('192.0.2.1');
    const between = [
      () => undefined,
      () => hash.of(1, 'a', source),
      () => hash.of(0, 'b', source),
      () => hash.of(0, 'a', parseSource('192.0.2.2')),
      () => hash.ofText('a'),
    ];
    for (const other of between) {
      other();
      hash.of(0, 'a', source);
      assert.equal(hashed(hash), of(0, 'a', '192.0.2.1'));
    }
  });

  it('has no collisions among half a million keys', () => {
    const hash = new KeyHash(SECRET);
    const seen = new Set<number>();
    for (let i = 0; i < 500_000; i++) {
      hash.ofText(`event-${i}`);
      seen.add(hash.high * 2 ** 21 + (hash.low & 0x1fffff));
    }
    assert.equal(seen.size, 500_000);
  });
});

describe('key table', () => {
  it('gives back what was set last, also after growing', () => {
    const hash = new KeyHash(SECRET);
    const table = new KeyTable(none);
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 20_000; i++) {
        hash.ofText(`key ${i}`);
        table.set(hash, i + round);
      }
    }
    for (let i = 0; i < 20_000; i++) {
      hash.ofText(`key ${i}`);
      assert.equal(table.get(hash), i + 1);
    }
    hash.ofText('unknown');
    assert.equal(table.get(hash), undefined);
  });

  it('gives each key in memory a slot of its own', () => {
    const hash = new KeyHash(SECRET);
    const table = new KeyTable(none);
    const slotOf = (text: string): number | undefined => {
      hash.ofText(text);
      return table.slotOf(hash);
    };
    for (let i = 0; i < 2000; i++) {
      hash.ofText(`key ${i}`);
      table.set(hash, i);
    }
    const slots = new Set(Array.from({ length: 2000 }, (_, i) => slotOf(`key ${i}`)));
    assert.equal(slots.size, 2000);
    assert.ok([...slots].every((slot) => slot !== undefined && slot >= 0 && slot < table.capacity));
    assert.equal(slotOf('unknown'), undefined);
  });

  it('puts what does not fit into the overflow', () => {
    const overflow = new Map<string, number>();
    const open = (): KeyOverflow => ({
      get: (high, low) => overflow.get(`${high} ${low}`),
      set: (high, low, value) => void overflow.set(`${high} ${low}`, value),
      close: () => overflow.clear(),
    });
    const hash = new KeyHash(SECRET);
    const table = new KeyTable(open, 2000);
    for (let i = 0; i < 2050; i++) {
      hash.ofText(`key ${i}`);
      table.set(hash, i);
    }
    assert.equal(overflow.size, 50);
    for (const i of [0, 1999, 2000, 2049]) {
      hash.ofText(`key ${i}`);
      assert.equal(table.get(hash), i);
    }
    const { capacity } = table;
    table.clear();
    assert.equal(overflow.size, 0);
    assert.ok(table.capacity < capacity);
    for (const i of [0, 2049]) {
      hash.ofText(`key ${i}`);
      assert.equal(table.get(hash), undefined);
      table.set(hash, i + 1);
      assert.equal(table.get(hash), i + 1);
    }
  });
});
