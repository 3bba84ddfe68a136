import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { schemaOf } from '../../../lib/config/values.ts';
import { isKey, KEY_NAMES, KEYS } from '../../../lib/config/keys/index.ts';
import { compileSchema } from '../../../lib/model/schema-problems.ts';

describe('every key', () => {
  for (const name of KEY_NAMES) {
    it(`${name} has an example and a default that its own schema takes, and a name a variable can have`, () => {
      const key = KEYS[name];
      const check = compileSchema(schemaOf(key));
      assert.match(name, /^[a-z][a-z0-9_]*$/);
      assert.ok(check(key.example), JSON.stringify(key.example));
      if ('default' in key) {
        assert.ok(check(key.default), JSON.stringify(key.default));
        if (name !== 'command') assert.notDeepEqual(key.example, key.default);
      }
      if (key.conflicts !== undefined) assert.ok(isKey(key.conflicts));
      assert.doesNotMatch(key.about, /\.$|\n/);
    });
  }
});
