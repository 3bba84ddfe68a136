import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  compileFilter,
  FilterSet,
  FilterError,
  FilterSubject,
  formatExplanation,
  parseFilter,
  printFilter,
  type CompiledFilter,
  type Node,
} from '../../../lib/filter/index.ts';
import { pairSatisfies, somePair, type PairOperator } from '../../../lib/filter/value/comparison.ts';
import { Address, Duration, OPAQUE, Time, type Value } from '../../../lib/filter/value/value.ts';
import { parseAddress } from '../../../lib/model/network/address.ts';
import { arbitraryEvent, arbitraryTree } from '../../support/filter/arbitraries.ts';
import { evaluate } from '../../support/filter/reference-evaluator.ts';

const NOW = Date.UTC(2024, 2, 10);

/** The tree without the offsets. */
function bare(node: Node): unknown {
  return JSON.parse(
    JSON.stringify(node, (key, value: unknown) =>
      key === 'at' ? undefined : typeof value === 'bigint' ? `${value}n` : value,
    ),
  );
}

function loaded(tree: Node): CompiledFilter | undefined {
  try {
    return compileFilter(printFilter(tree));
  } catch (error) {
    if (error instanceof FilterError) return undefined;
    throw error;
  }
}

describe('filter language, properties', () => {
  it('parses what it prints to the same tree', () => {
    fc.assert(
      fc.property(arbitraryTree, (tree) =>
        assert.deepEqual(bare(parseFilter(printFilter(tree))), bare(tree)),
      ),
      { seed: 1, numRuns: 1000 },
    );
  });

  it('agrees with the plain evaluator', () => {
    const outcomes = { true: 0, false: 0, unknown: 0, refused: 0 };
    fc.assert(
      fc.property(arbitraryTree, fc.array(arbitraryEvent, { minLength: 3, maxLength: 6 }), (tree, events) => {
        const filter = loaded(tree);
        if (filter === undefined) outcomes.refused++;
        else
          for (const event of events) {
            const expected = evaluate(tree, event, NOW);
            outcomes[expected]++;
            const subject = new FilterSubject(event, NOW);
            assert.equal(filter.explain(subject).truth, expected, filter.expression);
            assert.equal(filter.matches(subject), expected === 'true', filter.expression);
          }
      }),
      { seed: 2, numRuns: 1500 },
    );
    for (const [outcome, times] of Object.entries(outcomes)) assert.ok(times > 200, `${outcome}: ${times}`);
  });

  it('looks up in long lists what trying every pair finds', () => {
    const values = fc.constantFrom<Value>(
      ...[0, 1, 5, NaN, Infinity, -3],
      ...['', 'a', 'b', '\uffee', '\u{1F600}'],
      ...[0, 1000, 5000].flatMap((millis) => [new Time(millis), new Duration(millis)]),
      ...['10.0.0.0/8', '10.0.0.0/9', '10.128.0.0/9', '10.1.2.3', '::/0', '::a01:203'].map(
        (text) => new Address(parseAddress(text)!),
      ),
      OPAQUE,
    );
    const operators = fc.constantFrom<PairOperator>('==', '!=', 'in', '<', '<=', '>', '>=');
    // Few different values in long lists, so that both outcomes come up.
    const long = fc
      .array(values, { minLength: 1, maxLength: 3 })
      .map((few) => Array.from({ length: 9 }, () => few).flat());
    const found = { true: 0, false: 0 };
    fc.assert(
      fc.property(operators, long, long, (operator, left, right) => {
        const expected = left.some((a) => right.some((b) => pairSatisfies(operator, a, b)));
        found[`${expected}`]++;
        assert.equal(somePair(operator, left, right), expected);
      }),
      { seed: 5, numRuns: 5000 },
    );
    assert.ok(found.true > 1000 && found.false > 1000, JSON.stringify(found));
  });

  it('a number may equal a time and a duration, which do not equal each other', () => {
    const left = Array.from({ length: 9 }, () => [5, new Duration(5000)]).flat();
    const right = Array.from({ length: 9 }, () => [5, new Time(5000)]).flat();
    assert.equal(somePair('!=', left, right), true);
  });

  it('finds in a group the filter that asking one after the other finds', () => {
    const outcomes = { some: 0, none: 0 };
    fc.assert(
      fc.property(
        fc.array(arbitraryTree, { maxLength: 12 }),
        fc.array(arbitraryEvent, { maxLength: 8 }),
        (trees, events) => {
          const filters = trees.flatMap((tree) => loaded(tree) ?? []);
          const set = new FilterSet(filters);
          for (const event of events) {
            const first = filters.findIndex((filter) => filter.matches(new FilterSubject(event, NOW)));
            outcomes[first < 0 ? 'none' : 'some']++;
            const found = set.firstMatch(new FilterSubject(event, NOW));
            assert.equal(found, first < 0 ? undefined : first);
          }
        },
      ),
      { seed: 3, numRuns: 500 },
    );
    assert.ok(outcomes.some > 300 && outcomes.none > 50, JSON.stringify(outcomes));
  });

  it('reads the fields it names, and no other', () => {
    fc.assert(
      fc.property(arbitraryTree, arbitraryEvent, (tree, event) => {
        const filter = loaded(tree);
        if (filter === undefined) return;
        const named = Object.fromEntries(Object.entries(event).filter(([key]) => filter.fields.has(key)));
        const explain = (seen: Record<string, unknown>) =>
          formatExplanation(filter.explain(new FilterSubject(seen, NOW)));
        assert.equal(explain(named), explain(event));
      }),
      { seed: 4, numRuns: 500 },
    );
  });
});
