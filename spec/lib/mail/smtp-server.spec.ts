import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import { afterEach, describe, it } from 'mocha';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { composeMessage } from '../../../lib/mail/message.ts';
import { openTransport } from '../../../lib/mail/open-transport.ts';
import { createOutbox } from '../../../lib/mail/outbox.ts';
import type { Transport } from '../../../lib/mail/transport.ts';
import { withoutAttachments } from '../../../lib/mail/without-attachments.ts';
import { gather, LABEL, mailOptions, messageInput, outgoing } from '../../support/mail/builders.ts';
import { MemoryOutbox } from '../../support/mail/memory-outbox.ts';

interface Received {
  readonly from: string;
  readonly to: readonly string[];
  readonly mail: ParsedMail;
}

describe('mail: a real mail server', () => {
  let server: SMTPServer | undefined;
  let transport: Transport | undefined;
  let received: Received[] = [];

  const start = async (options: SMTPServerOptions): Promise<number> => {
    received = [];
    server = new SMTPServer({
      disableReverseLookup: true,
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, session, done) => {
        void simpleParser(stream).then((mail) => {
          const { mailFrom, rcptTo } = session.envelope;
          if (stream.sizeExceeded) {
            done(Object.assign(new Error('5.3.4 too big'), { responseCode: 552 }));
            return;
          }
          received.push({
            from: mailFrom === false ? '' : mailFrom.address,
            to: rcptTo.map((to) => to.address),
            mail,
          });
          done();
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    const listening = server.listen(0, '127.0.0.1');
    await new Promise((resolve) => listening.once('listening', resolve));
    return (listening.address() as { port: number }).port;
  };

  afterEach(async () => {
    await transport?.close();
    await new Promise<void>((resolve) => {
      if (server) server.close(resolve);
      else resolve();
    });
    transport = undefined;
    server = undefined;
  });

  it('gets a report as it was written, one transaction a recipient', async () => {
    const port = await start({});
    transport = openTransport(`smtp://127.0.0.1:${port}`);
    const content = () => composeMessage(messageInput({ message: 'Vážení!\n.\nkonec\n' }));
    for (const recipient of ['one@victim.example', 'two@victim.example']) {
      assert.equal((await transport.send(outgoing({ recipient, content }))).outcome, 'sent');
    }
    assert.deepEqual(
      received.map(({ from, to }) => [from, to]),
      [
        ['reports@mentat.example', ['one@victim.example']],
        ['reports@mentat.example', ['two@victim.example']],
      ],
    );
    assert.equal(received[0]!.mail.text, 'Vážení!\n.\nkonec\n');
    assert.equal(received[0]!.mail.messageId, `<${LABEL}@mentat.example>`);
  });

  it('that limits sizes gets the report without its attachment, which says so', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mentat-mail-'));
    try {
      const path = import.meta.filename;
      const input = messageInput({}, { attachments: [{ name: 'events.json', path }] });
      const whole = await gather(composeMessage(input));
      for (const hideSize of [false, true]) {
        const port = await start({ size: 4_000, hideSize });
        const opened = (transport = openTransport(`smtp://127.0.0.1:${port}`));
        const outbox = new MemoryOutbox();
        outbox.add();
        outbox.messages.set(LABEL, whole.toString('latin1'));
        const totals = await createOutbox({
          outbox,
          transport: opened,
          options: mailOptions(),
          clock: () => 1_000,
          random: () => 0,
          log: { warning: unexpected },
          holder: undefined,
          hasEnded: () => false,
          rebuild: ({ run, label }) =>
            withoutAttachments(outbox.message(run, label), (names) => `missing: ${names.join()}`),
        }).deliverDue();
        assert.equal(totals.sent, 1);
        assert.equal(received.length, 1);
        assert.equal(received[0]!.mail.attachments.length, 0);
        assert.match(received[0]!.mail.text ?? '', /something happened.\n\nmissing: events.json/);
        await opened.close();
        if (!hideSize) await new Promise<void>((resolve) => server!.close(resolve));
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('that asks for credentials takes the right ones and no others', async () => {
    const port = await start({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) => {
        if (username === 'us@er' && password === 'p/w') done(null, { user: username });
        else done(new Error('Invalid'));
      },
    });
    for (const [credentials, outcome] of [
      ['us%40er:p%2Fw@', 'sent'],
      ['us%40er:wrong@', 'ours'],
      ['', 'ours'],
    ]) {
      transport = openTransport(`smtp://${credentials}127.0.0.1:${port}`);
      assert.equal((await transport.send(outgoing())).outcome, outcome, credentials);
      await transport.close();
    }
  });

  for (const scheme of ['smtp', 'smtps'] as const) {
    it(`with a certificate that is not trusted waits for the operator, and is used when it may be (${scheme})`, async function () {
      const certificate = selfSigned();
      if (!certificate) this.skip();
      const port = await start({ ...certificate, secure: scheme === 'smtps', disabledCommands: [] });
      transport = openTransport(`${scheme}://127.0.0.1:${port}`);
      const refused = await transport.send(outgoing());
      assert.deepEqual([refused.outcome, refused.problem], ['ours', 'certificate']);
      assert.match(refused.reply, /self-signed/);
      assert.equal(received.length, 0);
      transport = openTransport(`${scheme}://127.0.0.1:${port}?tls.rejectUnauthorized=false`);
      assert.equal((await transport.send(outgoing())).outcome, 'sent');
      assert.equal(received.length, 1);
    });
  }
});

function unexpected(line: string): never {
  throw new Error(line);
}

/** A fresh key and certificate; undefined on a machine without openssl. */
function selfSigned(): { key: Buffer; cert: Buffer } | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'mentat-tls-'));
  const [key, cert] = [join(folder, 'key'), join(folder, 'cert')];
  const request = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-days',
    '2',
  ];
  try {
    execFileSync('openssl', [...request, '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', cert], {
      stdio: 'ignore',
    });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } catch {
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
