import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { ObjectView } from '../../../../lib/model/event/object-view.ts';
import type { RawEvent } from '../../../../lib/model/event/event.ts';

describe('text of an event that was read from JSON', () => {
  const textOf = (json: string): string => new ObjectView(JSON.parse(json) as RawEvent, json).bodyText();

  it('is the JSON as it came, numbers digit by digit', () => {
    for (const json of ['{"ID":"a","n":1.0}', '{ "n": 12345678901234567890, "o": [{"k":1},{"k":2}] }'])
      assert.equal(textOf(json), json);
  });

  it('has only the last value of a key that stands twice, at any depth', () => {
    assert.equal(
      textOf('{"ID":"a","Source":[{"IP4":["192.0.2.7"]}],"Source":[{"IP4":["198.51.100.7"]}]}'),
      '{"ID":"a","Source":[{"IP4":["198.51.100.7"]}]}',
    );
    assert.equal(
      textOf('{"a":[{"password":"x","b":1,"pass\\u0077ord":"y"}]}'),
      '{"a":[{"password":"y","b":1}]}',
    );
    // As long as what was read.
    assert.equal(textOf('{"a":1,"a":1,"n":1e8}'), '{"a":1,"n":100000000}');
  });
});
