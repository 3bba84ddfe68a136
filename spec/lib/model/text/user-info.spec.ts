import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { requireEscapedUserInfo } from '../../../../lib/model/text/user-info.ts';
import { UserError } from '../../../../lib/model/user-error.ts';

const check = (uri: string): string | undefined => {
  try {
    requireEscapedUserInfo(uri, 'mail');
    return undefined;
  } catch (error) {
    assert.ok(error instanceof UserError);
    return error.message;
  }
};

describe('lib/model/text/user-info', () => {
  const refused: [password: string, hint: RegExp][] = [
    ['4711#geheim', /write # as %23/],
    ['4711/geheim', /write \/ as %2F/],
    ['geh?eim', /write \? as %3F/],
    ['geh@eim', /write @ as %40/],
    ['geh%eim', /write % as %25/],
    ['geh%2', /write % as %25/],
    ['geh eim', /write it as %20/],
    ['geh"eim', /write " as %22/],
    ['gehéeim', /write it as %C3%A9/],
    ['geh\\eim', /write \\ as %5C/],
    ['geh[eim', /write \[ as %5B/],
    ['ge@heim/x', /write @ as %40/],
    ['ge@heim#x', /write @ as %40/],
    ['ge@heim?x', /write @ as %40/],
    ['ge@heim?x=1', /write @ as %40/],
  ];
  for (const [password, hint] of refused) {
    it(`${JSON.stringify(password)} is refused with what to write, and nothing of it is printed`, () => {
      const message = check(`smtp://reporter:${password}@mail.example.org:25`);
      assert.match(message!, hint);
      assert.doesNotMatch(message!, /geh|4711|reporter/);
      assert.match(check(`mongodb://reporter:${password}@db1,db2/mentat?replicaSet=rs0`)!, hint);
    });
  }

  it('every password passes once it is escaped', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (password) => {
        const text = encodeURIComponent(password.toWellFormed());
        assert.equal(check(`smtps://a%40b:${text}@mail.example.org?name=x.example.org`), undefined);
      }),
    );
  });

  it('a URI without user has nothing to escape', () => {
    for (const uri of [
      'smtp://mail.example.org:25',
      'smtp://mail.example.org/?name=a',
      'mongodb://db1,db2/mentat?replicaSet=rs0',
      'smtp://u:p@mail.example.org?x=a%40b',
      'spool:/var/a@b#c',
      'sqlite:a@b',
    ])
      assert.equal(check(uri), undefined, uri);
  });
});
