import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { LABEL, labelOf, messageId, type ReportIdentity } from '../../../../lib/report/content/label.ts';

const SECRET = Buffer.alloc(32, 7);
const IDENTITY: ReportIdentity = {
  track: 'live',
  group: 'abuse@example.org',
  severity: 'low',
  from: Date.UTC(2018, 6, 25),
  to: Date.UTC(2018, 6, 26),
  type: 'summary',
  source: null,
  run: null,
};

describe('label', () => {
  it('tells day, type and severity', () => {
    assert.match(labelOf(SECRET, IDENTITY, 0), /^M20180726SL-[A-Z0-9]{5}$/);
    const extra = labelOf(
      SECRET,
      { ...IDENTITY, type: 'extra', source: '192.0.2.1', severity: 'critical' },
      0,
    );
    assert.match(extra, /^M20180726EC-[A-Z0-9]{5}$/);
    assert.match(extra, LABEL);
  });

  it('is the same for the same report', () => {
    assert.equal(labelOf(SECRET, { ...IDENTITY }, 0), labelOf(SECRET, IDENTITY, 0));
  });

  const others: [string, Partial<ReportIdentity>][] = [
    ['track', { track: 'mail-test' }],
    ['group', { group: 'abuse@example.com' }],
    ['severity', { severity: 'high' }],
    ['from', { from: 1 }],
    ['to', { to: Date.UTC(2018, 6, 26, 1) }],
    ['type', { type: 'extra' }],
    ['source', { source: '192.0.2.1' }],
    ['run', { run: 'adhoc-1' }],
  ];
  for (const [name, change] of others) {
    it(`changes with the ${name}`, () =>
      assert.notEqual(labelOf(SECRET, { ...IDENTITY, ...change }, 0), labelOf(SECRET, IDENTITY, 0)));
  }

  it('changes with the number of the collision and with the secret', () => {
    assert.notEqual(labelOf(SECRET, IDENTITY, 1), labelOf(SECRET, IDENTITY, 0));
    assert.notEqual(labelOf(Buffer.alloc(32, 8), IDENTITY, 0), labelOf(SECRET, IDENTITY, 0));
  });

  it('is spread over all its symbols', () => {
    const labels = Array.from({ length: 2000 }, (_, n) => labelOf(SECRET, IDENTITY, n));
    assert.ok(new Set(labels).size >= 1999);
    assert.equal(new Set(labels.map((label) => label.slice(-5)).join('')).size, 36);
  });

  it('makes the Message-ID', () =>
    assert.equal(messageId('M20180726SL-HT9TC', 'example.org'), '<M20180726SL-HT9TC@example.org>'));
});
