import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { describeAlike, describeUnknown } from '../../../lib/store/describe-unfetched.ts';

describe('lib/store/describe-unfetched', () => {
  const known = ['low', 'high', 'abuse@example.org', 'josé@example.org'.normalize('NFC')];

  it('shows how a value differs from the known one that it looks like', () => {
    assert.equal(describeUnknown('High', known), '"High", which is not "high"');
    assert.equal(
      describeUnknown('abuse@example.org ', known),
      '"abuse@example.org ", which is not "abuse@example.org"',
    );
    assert.equal(
      describeUnknown('josé@example.org'.normalize('NFD'), known),
      '"jose\\u{301}@example.org", which is not "jos\\u{e9}@example.org"',
    );
    assert.equal(
      describeUnknown('abuse\u200b@example.org', known),
      '"abuse\\u{200b}@example.org", which is not "abuse@example.org"',
    );
  });

  it('quotes a value that looks like none', () => {
    assert.equal(describeUnknown('urgent', known), '"urgent"');
    assert.equal(describeUnknown(undefined, known), 'null');
    assert.equal(describeUnknown('a\u0007', known), '"a\\u0007"');
  });

  it('names groups that look alike and are two', () => {
    assert.deepEqual(describeAlike(['a', 'b', 'A ', 'b\u00a0']), [
      'groups "a" and "A " look alike and are two',
      'groups "b" and "b\\u{a0}" look alike and are two',
    ]);
    assert.deepEqual(describeAlike(['a', 'b']), []);
  });
});
