import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { composeMessage } from '../../../lib/mail/message.ts';
import { openTransport } from '../../../lib/mail/open-transport.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import { LABEL, messageInput, outgoing } from '../../support/mail/builders.ts';

describe('mail: spool', () => {
  let base: string;
  let folder: string;

  beforeEach(async () => {
    base = await mkdtemp(join(tmpdir(), 'mentat-spool-'));
    folder = join(base, 'deep', 'spool');
  });

  afterEach(async () => {
    await rm(base, { recursive: true });
  });

  it('writes one file a message and recipient, which reads as a mail', async () => {
    const spool = openTransport(`spool:${folder}`);
    const content = () => composeMessage(messageInput());
    assert.equal((await spool.send(outgoing({ content }))).outcome, 'sent');
    assert.equal((await spool.send(outgoing({ content, number: 2 }))).outcome, 'sent');
    assert.deepEqual(await readdir(folder), [`${LABEL}.1.eml`, `${LABEL}.2.eml`]);
    const mail = await simpleParser(await readFile(join(folder, `${LABEL}.1.eml`)));
    assert.equal(mail.messageId, `<${LABEL}@mentat.example>`);
    assert.deepEqual([spool.name, spool.way], [`spool:${folder}`, `spool:${folder}`]);
    await spool.close();
  });

  it('done twice changes nothing, and what a killed run left is no obstacle', async () => {
    const spool = openTransport(`spool:${folder}`);
    await spool.send(outgoing());
    const first = await readFile(join(folder, `${LABEL}.1.eml`));
    await writeFile(
      join(folder, `.${LABEL}.1.eml.${process.pid}.tmp`),
      'half a mail that is longer than the whole one, so that its end would show',
    );
    await spool.send(outgoing());
    assert.deepEqual(await readdir(folder), [`${LABEL}.1.eml`]);
    assert.ok((await readFile(join(folder, `${LABEL}.1.eml`))).equals(first));
  });

  for (const label of ['../evil', 'a/b', '', '.hidden', 'a\u0000b', 'a\r\nb', 'x'.repeat(200)]) {
    it(`refuses the label ${JSON.stringify(label.slice(0, 20))}`, async () => {
      const delivery = await openTransport(`spool:${folder}`).send(outgoing({ label }));
      assert.deepEqual([delivery.outcome, delivery.reason], ['failed', 'bad-label']);
    });
  }

  it('a folder that cannot be written is a reason to wait', async () => {
    await writeFile(join(base, 'file'), '');
    const delivery = await openTransport(`spool:${join(base, 'file')}`).send(outgoing());
    assert.equal(delivery.outcome, 'deferred');
    if (process.getuid?.() === 0) return;
    await mkdir(folder, { recursive: true });
    await chmod(folder, 0o500);
    assert.equal((await openTransport(`spool:${folder}`).send(outgoing())).outcome, 'deferred');
    await chmod(folder, 0o700);
  });

  it('a content that breaks off leaves no file and rejects', async () => {
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream that fails
    const content = async function* () {
      yield Buffer.from('Subject: half');
      throw new Error('store gone');
    };
    await assert.rejects(openTransport(`spool:${folder}`).send(outgoing({ content })), /store gone/);
    assert.deepEqual(await readdir(folder), []);
  });
});

describe('mail: transports by URI', () => {
  it('are named without credentials', () => {
    assert.equal(openTransport('smtp://user:secret@mail.example:587').name, 'smtp://mail.example:587');
    assert.equal(
      openTransport('smtps://us%40er:se%2Fcret@mail.example?tls.rejectUnauthorized=false').name,
      'smtps://mail.example',
    );
    assert.equal(openTransport('sendmail:').name, 'sendmail:sendmail');
    assert.deepEqual(
      ['smtp://mail.example', 'sendmail:/x', 'spool:/x'].map((uri) => openTransport(uri).way),
      ['wire', 'wire', 'spool:/x'],
    );
  });

  for (const uri of [
    'spool:',
    'smtp:',
    'smtp://',
    'smtp://user:secret@',
    'imap://user:secret@mail.example',
    'secret',
  ]) {
    it(`refuses ${uri.replace('secret', '…')}, without telling a secret`, () => {
      assert.throws(
        () => openTransport(uri),
        (error: unknown) =>
          error instanceof UserError &&
          error.usage &&
          (uri === 'secret' || !error.message.includes('secret')),
      );
    });
  }
});
