import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import { isLoopback } from '../../../lib/mail/transports/connect.ts';
import { openTransport } from '../../../lib/mail/open-transport.ts';
import type { Delivery, OutgoingMail, Transport } from '../../../lib/mail/transport.ts';
import { chunksOf, LABEL, outgoing } from '../../support/mail/builders.ts';
import { ScriptedSmtp, type Script } from '../../support/mail/scripted-smtp.ts';

const PIPELINING = '250-scripted.example\r\n250-PIPELINING\r\n250-DSN\r\n250 SIZE 100000';
const AUTH = '250-scripted.example\r\n250 AUTH PLAIN';
const BIG = `Subject: big\r\n\r\n${'0123456789\r\n'.repeat(1_000_000)}`;

describe('mail: smtp', () => {
  let server: ScriptedSmtp;
  let smtp: Transport;

  const start = async (script: Script = {}, credentials = '') => {
    server = await ScriptedSmtp.start(script);
    const silent = Object.values(script).includes('');
    smtp = openTransport(server.uri(credentials), { answerTimeout: silent ? 500 : 5_000 });
  };
  const deliver = async (script: Script, mail: OutgoingMail = outgoing(), credentials = '') => {
    await start(script, credentials);
    return smtp.send(mail);
  };
  const short = ({ outcome, reason, problem }: Delivery) =>
    [outcome, reason ?? problem].filter((part) => part !== undefined).join(', ');

  afterEach(async () => {
    await smtp.close();
    await server.stop();
  });

  it('sends a row a transaction over one connection, dots doubled, and takes leave', async () => {
    await start();
    for (const number of [1, 2, 3]) assert.equal((await smtp.send(outgoing({ number }))).outcome, 'sent');
    await smtp.close();
    assert.equal(server.connections, 1);
    assert.deepEqual(server.commands.slice(1), [
      ...Array.from({ length: 3 }, () => [
        'MAIL FROM:<reports@mentat.example>',
        'RCPT TO:<abuse@victim.example>',
        'DATA',
      ]).flat(),
      'QUIT',
    ]);
    assert.equal(server.messages[0], 'Subject: hello\r\n\r\nfirst\r\n..second\r\n');
  });

  it('tells ENVID and size where the server knows them', async () => {
    assert.equal((await deliver({ EHLO: PIPELINING })).outcome, 'sent');
    assert.deepEqual(server.heard('MAIL'), [
      `MAIL FROM:<reports@mentat.example> SIZE=34 RET=HDRS ENVID=${LABEL}@mentat.example`,
    ]);
  });

  it('a server that falls silent is deferred, and after three silences in a row it is left alone', async () => {
    await start({ MAIL: '' });
    for (let i = 0; i < 5; i++) assert.equal((await smtp.send(outgoing())).outcome, 'deferred');
    assert.equal(server.connections, 3);
  });

  it('no connection is deferred, and after three in a row the server is left alone', async () => {
    await start();
    await server.stop();
    for (let i = 0; i < 5; i++) {
      const delivery = await smtp.send(outgoing());
      assert.equal(delivery.outcome, 'deferred');
      assert.match(delivery.reply, /ECONNREFUSED/);
    }
    await start({ greeting: '554 5.7.1 go away' });
    for (let i = 0; i < 5; i++) assert.equal((await smtp.send(outgoing())).problem, 'refused');
    assert.equal(server.connections, 3);
  });

  describe('an answer', () => {
    const table: [what: string, script: Script, expected: string][] = [
      ['2xx to the final dot', {}, 'sent'],
      ['421 to the connection', { greeting: '421 4.3.2 busy' }, 'ours, quota'],
      ['silence to the connection', { greeting: '' }, 'deferred'],
      ['a line dropped at the greeting', { greeting: 'DROP' }, 'deferred'],
      ['a line dropped at EHLO', { EHLO: 'DROP' }, 'deferred'],
      [
        'a STARTTLS that fails',
        { EHLO: '250-x\r\n250 STARTTLS', STARTTLS: '454 4.7.0 no TLS today' },
        'deferred',
      ],
      ['4xx to MAIL', { MAIL: '451 4.3.0 later' }, 'deferred'],
      ['4xx to RCPT', { RCPT: '450 4.2.0 greylisted' }, 'deferred'],
      ['4xx to DATA', { DATA: '451 4.3.0 later' }, 'deferred'],
      ['4xx to the final dot', { dot: '451 4.3.0 later' }, 'deferred'],
      ['421 to the final dot', { dot: '421 4.3.2 closing' }, 'ours, quota'],
      ['a line dropped at MAIL', { MAIL: 'DROP' }, 'deferred'],
      ['a line dropped at RCPT', { RCPT: 'DROP' }, 'deferred'],
      ['a line dropped at DATA', { DATA: 'DROP' }, 'deferred'],
      ['silence to MAIL', { MAIL: '' }, 'deferred'],
      ['5xx to RCPT', { RCPT: '550 no' }, 'failed, recipient-refused'],
      ['5.1.1 to RCPT', { RCPT: '550 5.1.1 unknown' }, 'failed, no-such-mailbox'],
      ['5.1.10 to RCPT', { RCPT: '556 5.1.10 null MX' }, 'failed, no-such-mailbox'],
      ['5.7.1 to RCPT', { RCPT: '554 5.7.1 relaying denied' }, 'ours, relay'],
      ['5xx to MAIL', { MAIL: '550 5.1.8 no such sender' }, 'ours, sender'],
      ['5xx to DATA', { DATA: '554 no' }, 'failed, refused-by-policy'],
      ['5xx to the final dot', { dot: '550 5.7.1 spam' }, 'failed, refused-by-policy'],
      ['552 to MAIL', { MAIL: '552 5.3.4 too big' }, 'too-big'],
      ['552 to the final dot', { dot: '552 too much' }, 'too-big'],
      ['5.3.4 to the final dot', { dot: '554 5.3.4 too big' }, 'too-big'],
      ['530 to MAIL', { MAIL: '530 5.7.0 authentication required' }, 'ours, login'],
      ['a line dropped after the final dot', { dot: 'DROP' }, 'ambiguous'],
      ['silence after the final dot', { dot: '' }, 'ambiguous'],
      ['nonsense after the final dot', { dot: '354 go on' }, 'ambiguous'],
    ];
    for (const [what, script, expected] of table) {
      it(`${what}: ${expected}`, async () => assert.equal(short(await deliver(script)), expected));
      if (script.EHLO !== undefined || script.greeting !== undefined) continue;
      it(`${what}, commands in one go: ${expected}`, async () =>
        assert.equal(short(await deliver({ ...script, EHLO: PIPELINING })), expected));
    }
  });

  it('a line dropped in the middle of a big message is deferred, after its end ambiguous', async () => {
    const mail = outgoing({ content: () => chunksOf(BIG) });
    assert.equal((await deliver({ body: 'DROP' }, mail)).outcome, 'deferred');
    await smtp.close();
    await server.stop();
    assert.equal((await deliver({ dot: 'DROP' }, mail)).outcome, 'ambiguous');
    assert.equal(server.messages[0]?.length, BIG.length);
  });

  const waits: [where: string, script: Script, mail: OutgoingMail, expected: string][] = [
    ['for the greeting', { greeting: '' }, outgoing(), 'deferred'],
    ['for the envelope', { MAIL: '' }, outgoing(), 'deferred'],
    ['for the final dot', { dot: '' }, outgoing(), 'ambiguous'],
  ];
  for (const [where, script, mail, expected] of waits) {
    it(`that waits ${where} when it is to hang up is ${expected}, and opens no other line`, async () => {
      const hangUp = new AbortController();
      server = await ScriptedSmtp.start(script);
      server.onSilence = () => hangUp.abort(new Error('enough'));
      smtp = openTransport(server.uri(), { hangUp: hangUp.signal });
      const { outcome, reply } = await smtp.send(mail);
      assert.deepEqual([outcome, reply], [expected, 'enough']);
      assert.deepEqual(await smtp.send(mail), { outcome: 'deferred', reply: 'enough' });
      assert.equal(server.connections, 1);
    });
  }

  it('a refusal in the middle of a message counts, and the next mail goes over a new line', async () => {
    const mail = outgoing({ content: () => chunksOf(BIG) });
    assert.equal((await deliver({ body: ['552 5.3.4 too big', ''] }, mail)).outcome, 'too-big');
    assert.equal((await smtp.send(outgoing())).outcome, 'sent');
    assert.equal(server.connections, 2);
  });

  it('knows in advance what is above the limit the server tells', async () => {
    const mail = outgoing({ content: () => chunksOf(BIG) });
    assert.equal((await deliver({ EHLO: PIPELINING }, mail)).outcome, 'too-big');
    assert.deepEqual(server.heard('MAIL'), []);
  });

  it('a refused recipient leaves the line usable for the next one', async () => {
    for (const EHLO of [PIPELINING, '250 scripted.example']) {
      await start({ EHLO, RCPT: ['550 5.1.1 unknown', '250 ok'] });
      assert.equal((await smtp.send(outgoing())).outcome, 'failed');
      assert.equal((await smtp.send(outgoing({ number: 2 }))).outcome, 'sent');
      assert.equal(server.connections, 1);
      if (EHLO !== PIPELINING) continue;
      await smtp.close();
      await server.stop();
    }
  });

  it('a session that the server ends between two mails is opened again', async () => {
    for (const MAIL of ['421 4.7.0 enough for one session', 'DROP']) {
      await start({ MAIL: ['250 ok', MAIL, '250 ok'] });
      assert.equal((await smtp.send(outgoing())).outcome, 'sent');
      assert.equal((await smtp.send(outgoing({ number: 2 }))).outcome, 'sent');
      assert.equal(server.connections, 2);
      if (MAIL === 'DROP') continue;
      await smtp.close();
      await server.stop();
    }
  });

  it('logs in where asked to, and refused credentials are ours to correct, whatever came', async () => {
    assert.equal((await deliver({ EHLO: AUTH }, outgoing(), 'us%40er:p%2Fw@')).outcome, 'sent');
    assert.equal(server.heard('AUTH')[0], `AUTH PLAIN ${Buffer.from('\0us@er\0p/w').toString('base64')}`);
    for (const [answer, outcome] of [
      ['535 5.7.8 bad credentials', 'ours'],
      ['530 no', 'ours'],
      ['454 4.7.0 later', 'deferred'],
      ['DROP', 'deferred'],
    ]) {
      await smtp.close();
      await server.stop();
      const delivery = await deliver({ EHLO: AUTH, AUTH: answer! }, outgoing(), 'user:secret@');
      assert.equal(delivery.outcome, outcome, answer);
      assert.doesNotMatch(delivery.reply, /secret/);
      assert.deepEqual(server.heard('MAIL'), []);
    }
  });

  it('does nothing without the login that it was given, where the server offers none', async () => {
    const delivery = await deliver({}, outgoing(), 'user:secret@');
    assert.deepEqual([delivery.outcome, delivery.problem], ['ours', 'no-login']);
    assert.deepEqual(server.heard('MAIL'), []);
  });

  it('goes to the address that the system has for a name, whichever of several answers', async () => {
    server = await ScriptedSmtp.start({});
    smtp = openTransport(`smtp://localhost:${new URL(server.uri()).port}`);
    assert.equal((await smtp.send(outgoing())).outcome, 'sent');
  });

  it('tells TLS on a plain port, which is ours to correct', async () => {
    server = await ScriptedSmtp.start({});
    smtp = openTransport(server.uri().replace('smtp:', 'smtps:'));
    const delivery = await smtp.send(outgoing());
    assert.deepEqual([delivery.outcome, delivery.problem], ['ours', 'tls']);
    assert.match(delivery.reply, /^the server does not begin with TLS/);
  });

  it('a limit gets the next mail a connection of its own', async () => {
    server = await ScriptedSmtp.start({ MAIL: ['451 4.7.0 too many messages in this session', '250 ok'] });
    smtp = openTransport(server.uri());
    assert.equal((await smtp.send(outgoing())).problem, 'quota');
    assert.equal((await smtp.send(outgoing())).outcome, 'sent');
    assert.equal(server.connections, 2);
  });

  it('knows this machine by its addresses', () => {
    const addresses = [
      '127.0.0.1',
      '127.8.9.1',
      '::1',
      '::ffff:127.0.0.1',
      '192.0.2.1',
      '::',
      '1270::1',
      undefined,
    ];
    assert.deepEqual(addresses.map(isLoopback), [true, true, true, true, false, false, false, false]);
  });

  it('an envelope address that could be a command is refused before anything is sent', async () => {
    const delivery = await deliver({}, outgoing({ recipient: 'a@x.example>\r\nRCPT TO:<b@x.example' }));
    assert.deepEqual([delivery.outcome, delivery.reason], ['failed', 'bad-address']);
    assert.deepEqual(server.heard('RCPT'), []);
  });

  it('a content that breaks off rejects, and the server never sees the end of it', async () => {
    let asked = 0;
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream that fails
    const content = async function* () {
      // Read once to be counted, and too big to be kept from that.
      if (asked++ === 0) yield Buffer.alloc(2_000_000, 'x\r\n');
      else {
        yield Buffer.from('Subject: half\r\n\r\n');
        throw new Error('store gone');
      }
    };
    await assert.rejects(deliver({}, outgoing({ content })), /store gone/);
    assert.deepEqual(server.messages, []);
    assert.equal((await smtp.send(outgoing())).outcome, 'sent');
  });

  it('cleans and bounds what the server says', async () => {
    const delivery = await deliver({ RCPT: `550-5.1.1 \u001b[31m${'x'.repeat(2_000)}\r\n550 5.1.1 end` });
    assert.doesNotMatch(delivery.reply, /[\u0000-\u001f]/);
    assert.ok(delivery.reply.length <= 501);
  });
});
