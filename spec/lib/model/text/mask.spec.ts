import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { maskValue, maskText } from '../../../../lib/model/text/mask.ts';

describe('credentials', () => {
  const texts: [string, string][] = [
    ['mongodb://user:secret@host/db', 'mongodb://user:***@host/db'],
    ['smtps://user:secret@host:465', 'smtps://user:***@host:465'],
    ['mongodb+srv://user:se@cr/et@host/db', 'mongodb+srv://user:***@host/db'],
    ['smtp://:secret@host', 'smtp://:***@host'],
    ['--store=mongodb://user:secret@host', '--store=mongodb://user:***@host'],
    ['two: a://b:secret@c and d://e:secret@f', 'two: a://b:***@c and d://e:***@f'],
    [
      'mongodb://h/?tlsCertificateKeyFilePassword=secret&w=1',
      'mongodb://h/?tlsCertificateKeyFilePassword=***&w=1',
    ],
    [
      'mongodb://h/?authMechanismProperties=AWS_SESSION_TOKEN:secret',
      'mongodb://h/?authMechanismProperties=***',
    ],
    ['mongodb://h/x?password=secret&w=1', 'mongodb://h/x?password=***&w=1'],
    ['mongodb://h/x?w=1;Password=secret', 'mongodb://h/x?w=1;Password=***'],
    ['mongodb://h/x?password%3Dsecret', 'mongodb://h/x?password%3D***'],
    ['URI option "Password=secret" cannot', 'URI option "Password=*** cannot'],
    ['user:secret@host', 'user:***@host'],
    ['got "me:se/cr!et@db1:27017/x?w=1"', 'got "me:***@db1:27017/x?w=1"'],
    ['user:sec@re:t@host/db', 'user:***@host/db'],
    ['mongodb//user:se:cret@h/db, me:a:b@c', 'mongodb//user:***@h/db, me:***@c'],
    ['mongodb:user:secret@h', 'mongodb:user:***@h'],
    ['mongodb+srv:/user:sec@ret@h', 'mongodb+srv:/user:***@h'],
    ['mongodb:/user:secret@h', 'mongodb:/user:***@h'],
    ['mongodb//user:secret@h', 'mongodb//user:***@h'],
    ['//user:secret@[::1]:25', '//user:***@[::1]:25'],
    ['--store=user:secret@h', '--store=user:***@h'],
    ['mailto:abuse@example.org', 'mailto:abuse@example.org'],
    ['sqlite:/data/a@b/run.db', 'sqlite:/data/a@b/run.db'],
    ['{"emails":["abuse@example.org"]}', '{"emails":["abuse@example.org"]}'],
    ['"name":"abuse@example.org"', '"name":"abuse@example.org"'],
    ['12:30, RCPT TO:<abuse@example.org>', '12:30, RCPT TO:<abuse@example.org>'],
    ['mongodb://host:27017/db?replicaSet=rs0', 'mongodb://host:27017/db?replicaSet=rs0'],
    ['abuse@example.org: 12:30', 'abuse@example.org: 12:30'],
    ['sqlite:/var/mentat/run/a.db', 'sqlite:/var/mentat/run/a.db'],
  ];
  for (const [text, shown] of texts) it(`in ${text}`, () => assert.equal(maskText(text), shown));

  it('under keys named for a secret, however deep, and in texts of lists', () => {
    const value = {
      password: 'x',
      smtpPassword: 'x',
      db_passwd: 'x',
      api_key: ['x'],
      privateKey: { pem: 'x' },
      accessTokens: 5,
      list: [{ auth: { user: 'u', pass: 'x' } }, 'a://u:x@h'],
    };
    assert.deepEqual(maskValue(value), {
      password: '***',
      smtpPassword: '***',
      db_passwd: '***',
      api_key: '***',
      privateKey: '***',
      accessTokens: '***',
      list: [{ auth: { user: 'u', pass: '***' } }, 'a://u:***@h'],
    });
  });

  it('but nothing under other keys, and not that there is none', () => {
    const value = {
      mail_return_path: 'a@b',
      passive: 'yes',
      keyboard: 1,
      token: null,
      secret: '',
      tokenize: 'x',
      n: [1, true, null],
    };
    assert.deepEqual(maskValue(value), value);
  });

  it('are looked for in a time that a hostile text cannot stretch', function () {
    this.timeout(5_000);
    for (const part of [
      'a',
      'a://',
      'a://b:',
      'a://b:c@',
      '?password=',
      'a.b+c-',
      'a:',
      'a:b',
      '?pass',
      'pass%3',
      ';',
    ])
      assert.ok(maskText(part.repeat(100_000)).length > 0);
  });
});
