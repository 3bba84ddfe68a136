import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { formatDuration, formatPercent } from '../../../../lib/model/text/format.ts';

describe('figures', () => {
  const durations: [number, string][] = [
    [0, '0:00:00'],
    [59.25, '0:00:59.250000'],
    [3_661, '1:01:01'],
    [86_399.999_999, '23:59:59.999999'],
    [86_399.999_999_9, '1 day, 0:00:00'],
    [86_400, '1 day, 0:00:00'],
    [200_000, '2 days, 7:33:20'],
    [-1.5, '-0:00:01.500000'],
  ];
  for (const [seconds, text] of durations) {
    it(`${seconds} s are ${text}`, () => assert.equal(formatDuration(seconds), text));
  }

  it('percentages have two decimals and six characters', () => {
    assert.deepEqual(
      [formatPercent(0), formatPercent(9.999), formatPercent(100)],
      ['  0.00', ' 10.00', '100.00'],
    );
  });
});
