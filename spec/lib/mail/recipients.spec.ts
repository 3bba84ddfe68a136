import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { readMailbox } from '../../../lib/mail/address.ts';
import { recipientsOf } from '../../../lib/mail/recipients.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import { groupOf, mailOptions } from '../../support/mail/builders.ts';

const own = groupOf('abuse@victim.example');
const listed = groupOf('victim', { emails: ['one@victim.example', 'two@victim.example'] });

describe('mail: recipients', () => {
  it("are the group's emails", () => {
    assert.deepEqual(recipientsOf(listed, mailOptions()), {
      to: ['one@victim.example', 'two@victim.example'],
      cc: [],
      bcc: [],
      mark: undefined,
      intended: ['one@victim.example', 'two@victim.example'],
      refused: [],
    });
  });

  it("are the group's name when it has no emails and the name is an address", () => {
    assert.deepEqual(recipientsOf(own, mailOptions()).to, ['abuse@victim.example']);
  });

  it('are replaced list by list by to, cc and bcc', () => {
    const cc = recipientsOf(
      listed,
      mailOptions({ cc: ['boss@cert.example'], bcc: ['archive@cert.example'] }),
    );
    assert.deepEqual(
      [cc.to, cc.cc, cc.bcc],
      [['one@victim.example', 'two@victim.example'], ['boss@cert.example'], ['archive@cert.example']],
    );
    assert.deepEqual(cc.intended, [
      'one@victim.example',
      'two@victim.example',
      'boss@cert.example',
      'archive@cert.example',
    ]);
    assert.deepEqual(recipientsOf(listed, mailOptions({ to: ['desk@cert.example'] })).to, [
      'desk@cert.example',
    ]);
  });

  it('in test mode: to when given, else admin, and never a Cc or Bcc', () => {
    const lists = { cc: ['boss@cert.example'], bcc: ['archive@cert.example'], admin: ['admin@cert.example'] };
    const given = recipientsOf(listed, mailOptions({ ...lists, testMode: true, to: ['me@cert.example'] }));
    assert.deepEqual([given.to, given.cc, given.bcc, given.mark], [['me@cert.example'], [], [], 'test']);
    assert.deepEqual(given.intended, ['one@victim.example', 'two@victim.example']);
    assert.deepEqual(recipientsOf(listed, mailOptions({ ...lists, testMode: true })).to, [
      'admin@cert.example',
    ]);
  });

  it('of a redirected group: admin, without Cc and Bcc, whatever to says; test mode goes first', () => {
    const group = groupOf('victim', { emails: ['one@victim.example'], redirect: true });
    const options = mailOptions({
      to: ['me@cert.example'],
      cc: ['boss@cert.example'],
      admin: ['admin@cert.example'],
    });
    const redirected = recipientsOf(group, options);
    assert.deepEqual(
      [redirected.to, redirected.cc, redirected.mark],
      [['admin@cert.example'], [], 'redirected'],
    );
    assert.deepEqual(redirected.intended, ['me@cert.example', 'boss@cert.example']);
    const tested = recipientsOf(group, { ...options, testMode: true });
    assert.deepEqual([tested.to, tested.mark], [['me@cert.example'], 'test']);
  });

  it('a bare name such as root belongs to the domain of mail_from, for the operator only', () => {
    assert.deepEqual(recipientsOf(listed, mailOptions({ testMode: true })).to, ['root@mentat.example']);
    assert.throws(() => recipientsOf(groupOf('g', { emails: ['root'] }), mailOptions()), UserError);
  });

  it('are each named once, over all lists and whatever the case', () => {
    const { to, cc, bcc } = recipientsOf(
      groupOf('g', { emails: ['a@x.example', 'A@X.example', 'b@x.example'] }),
      mailOptions({ cc: ['b@x.example', 'c@x.example'], bcc: ['C@x.example'] }),
    );
    assert.deepEqual([to, cc, bcc], [['a@x.example', 'b@x.example'], ['c@x.example'], []]);
  });

  it('leave out what is no address and say so', () => {
    const { to, refused } = recipientsOf(
      groupOf('g', { emails: ['good@x.example', 'bad', 'a@b@c'] }),
      mailOptions(),
    );
    assert.deepEqual([to, refused], [['good@x.example'], ['bad', 'a@b@c']]);
  });

  it('fail by the name of the group when nobody is left, saying what to do', () => {
    const nobody = (group = groupOf('Žofie\u202e\r\nBcc: x@y.example'), options = mailOptions()) => {
      try {
        recipientsOf(group, options);
      } catch (error) {
        assert.ok(error instanceof UserError);
        return error.message;
      }
      return assert.fail('nobody was found');
    };
    assert.match(nobody(groupOf('victim')), /group victim: no valid mail recipient.*--mail-to/);
    assert.match(nobody(groupOf('g', { redirect: true }), mailOptions({ admin: ['a b'] })), /mail_admin/);
    assert.doesNotMatch(nobody(), /[\r\n\u202e]/);
    // Emails that are all wrong are a mistake to mend, no reason to write to somebody else.
    assert.match(nobody(groupOf('abuse@victim.example', { emails: ['nope'] })), /nope/);
  });
});

describe('mail: addresses', () => {
  it('take a display name, a case-folded domain and a domain in another script', () => {
    assert.deepEqual(readMailbox(' Abuse Team <abuse@Example.ORG> '), {
      name: 'Abuse Team',
      address: 'abuse@example.org',
    });
    assert.deepEqual(readMailbox('"Team, Abuse" <abuse@example.org>'), {
      name: 'Team, Abuse',
      address: 'abuse@example.org',
    });
    assert.equal(readMailbox('abuse@Bücher.example')?.address, 'abuse@xn--bcher-kva.example');
    assert.equal(readMailbox("o'neil+abuse@localhost")?.address, "o'neil+abuse@localhost");
  });

  const hostile: Record<string, string> = {
    'a line end': 'a@x.example\r\nBcc: b@y.example',
    'a line end in the name': 'A\r\nBcc: b@y.example <a@x.example>',
    'a NUL': 'a\u0000@x.example',
    'a direction mark': 'a\u202e@x.example',
    'a second @': 'a@b@x.example',
    'no local part': '@x.example',
    'a blank': 'a b@x.example',
    'two addresses': 'a@x.example, b@x.example',
    'angle brackets inside': 'a<b@x.example',
    'a quoted local part': '"a b"@x.example',
    'a leading dash': '-oQ/tmp@x.example',
    'dots in a row': 'a..b@x.example',
    'an empty label': 'a@x..example',
    'a label that begins with a dash': 'a@-x.example',
    'a local part that needs SMTPUTF8': 'žofie@x.example',
    'a number that would be read as an address': 'a@0x7f%2e1',
    'a port': 'a@x.example:25',
    'great length': `${'a'.repeat(65)}@x.example`,
    'greater length': `a@${'x.'.repeat(5_000_000)}example`,
  };
  for (const [what, text] of Object.entries(hostile)) {
    it(`refuse ${what}`, () => assert.equal(readMailbox(text), undefined));
  }
});
