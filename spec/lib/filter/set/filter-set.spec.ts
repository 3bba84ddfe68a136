import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compileFilter, FilterSet, FilterSubject } from '../../../../lib/filter/index.ts';

const set = (...expressions: string[]) => new FilterSet(expressions.map(compileFilter));
const first = (event: Record<string, unknown>, ...expressions: string[]) =>
  set(...expressions).firstMatch(new FilterSubject(event, 0));

describe('filters of a group', () => {
  it('finds the first in order that matches, however it is looked up', () => {
    const event = { Category: ['Test'], ConnCount: 5, Note: 'abc', Source: [{ IP4: ['192.0.2.1'] }] };
    const matching = [
      'Category == "Test"',
      'Source.IP4 in [192.0.2.0/24]',
      'ConnCount in [4, 5]',
      'Note like "b"',
      'not ConnCount == 4',
      'Category is "Test"',
      'Category == "x" or Note == "abc"',
    ];
    for (const a of matching)
      for (const b of matching) {
        assert.equal(first(event, 'Category == "x"', a, b), 1, `${a} before ${b}`);
        assert.equal(first(event, 'Note like "x"', 'Source.IP4 == 192.0.2.2', b), 2);
      }
  });

  it('is undefined where none matches, also in an empty group', () => {
    assert.equal(first({ A: 1 }, 'A == 2', 'B == 1'), undefined);
    assert.equal(first({ A: 1 }), undefined);
  });

  it('finds ranges that overlap, nest and repeat', () => {
    const s = set(
      'Source.IP4 in [10.0.0.0/8, 192.0.2.0/24] and A == 1',
      'Source.IP4 in [10.1.0.0/16, 10.1.0.0/16] and A == 2',
      'Source.IP4 == 10.1.2.3 and A == 3',
      'Source.IP6 in [::/0] and A == 4',
      'Source.IP4 in [10.1.2.3-10.1.2.9] and A == 5',
    );
    const at = (A: number, IP4: string, IP6?: string) =>
      s.firstMatch(new FilterSubject({ A, Source: [{ IP4: [IP4], IP6: [IP6 ?? null] }] }, 0));
    for (const A of [1, 2, 3, 5]) assert.equal(at(A, '10.1.2.3'), A - 1);
    assert.equal(at(4, '10.1.2.3', '2001:db8::1'), 3);
    assert.equal(at(2, '10.2.2.3'), undefined);
    assert.equal(at(5, '10.1.2.9'), 4);
    assert.equal(at(5, '10.1.2.8-10.1.2.10'), undefined);
    assert.equal(at(1, '0.0.0.0/0'), undefined);
  });

  it('finds a constant within a value of the field', () => {
    const wide = { Source: [{ IP4: ['10.0.0.0/8'] }] };
    assert.equal(first(wide, '10.1.2.3 in Source.IP4'), 0);
    assert.equal(first(wide, '10.1.2.3 == Source.IP4', '10.0.0.0/8 == Source.IP4'), 1);
  });

  it('a native date in a field without a type may equal a number', () => {
    assert.equal(first({ A: new Date(5000) }, 'A == 5'), 0);
  });
});
