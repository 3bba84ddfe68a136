import assert from 'node:assert/strict';
import { watch } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { openTransport } from '../../../lib/mail/open-transport.ts';
import { chunksOf, outgoing } from '../../support/mail/builders.ts';

describe('mail: sendmail', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mentat sendmail $(x)-'));
  });

  afterEach(() => rm(folder, { recursive: true }));

  /** A mail program that writes down its arguments and input and then does this. */
  const program = async (then: string, answerTimeout = 5_000) => {
    const path = join(folder, 'sendmail');
    const script = `#!/bin/sh\nd="$(dirname "$0")"\nprintf '%s\\n' "$@" > "$d/args"\n${then}\n`;
    await writeFile(path, script, { mode: 0o755 });
    return openTransport(`sendmail:${path}`, { answerTimeout });
  };
  const KEEP = 'cat > "$d/mail.tmp"; mv "$d/mail.tmp" "$d/mail"';

  it('exit code 0 is sent; the message comes with the line ends of the machine', async () => {
    const sendmail = await program(KEEP);
    const recipient = "o'$(touch${IFS}x)|x`@victim.example";
    assert.equal((await sendmail.send(outgoing({ recipient }))).outcome, 'sent');
    assert.equal(
      await readFile(join(folder, 'args'), 'utf8'),
      `-i\n-f\nreports@mentat.example\n${recipient}\n`,
    );
    assert.equal(await readFile(join(folder, 'mail'), 'utf8'), 'Subject: hello\n\nfirst\n.second\n');
    await sendmail.close();
  });

  it('exit code 75 is deferred, 65, 67 and 77 speak of the mail, all others of the machine, with what was said', async () => {
    const deferred = await (await program('cat > /dev/null; echo later >&2; exit 75')).send(outgoing());
    assert.deepEqual(deferred, { outcome: 'deferred', reply: 'exit code 75: later' });
    const unknown = await (await program('cat > /dev/null; exit 67')).send(outgoing());
    assert.deepEqual(unknown, { outcome: 'failed', reply: 'exit code 67', reason: 'no-such-mailbox' });
    const ours = await (
      await program("cat > /dev/null; printf 'bad \\033[31m\\nthing'; exit 1")
    ).send(outgoing());
    assert.deepEqual(ours, {
      outcome: 'ours',
      reply: 'exit code 1: bad \\u{1b}[31m | thing',
      problem: 'program',
    });
    for (const code of [65, 67, 77, 64, 66, 68, 69, 70, 71, 72, 73, 74, 76, 78, 126, 127]) {
      const { outcome } = await (await program(`cat > /dev/null; exit ${code}`)).send(outgoing());
      assert.equal(outcome, [65, 67, 77].includes(code) ? 'failed' : 'ours', `${code}`);
    }
  });

  it('a program that stops reading is known by its exit code', async () => {
    const sendmail = await program('exec 0<&-; exit 75');
    const content = () => chunksOf(`Subject: big\r\n\r\n${'x'.repeat(3_000_000)}`);
    assert.equal((await sendmail.send(outgoing({ content }))).outcome, 'deferred');
  });

  it('one that is not there is a reason to wait', async () => {
    const delivery = await openTransport(`sendmail:${join(folder, 'none')}`).send(outgoing());
    assert.equal(delivery.outcome, 'ours');
    assert.match(delivery.reply, /ENOENT/);
  });

  it('one that never ends is stopped, and nobody knows what it did', async () => {
    const delivery = await (await program('cat > /dev/null; exec sleep 60', 300)).send(outgoing());
    assert.equal(delivery.outcome, 'ambiguous');
  });

  it('one that is not waited for any longer is stopped, and nobody knows what it did', async () => {
    const hangUp = new AbortController();
    const path = join(folder, 'sendmail');
    await writeFile(path, '#!/bin/sh\ncat > /dev/null\n: > "$0.read"\nexec sleep 60\n', { mode: 0o755 });
    const watching = watch(folder, () => hangUp.abort());
    const delivery = await openTransport(`sendmail:${path}`, { hangUp: hangUp.signal }).send(outgoing());
    watching.close();
    assert.deepEqual(delivery, { outcome: 'ambiguous', reply: 'exit code SIGKILL' });
  });

  it('none is started once nobody waits any longer', async () => {
    const hangUp = AbortSignal.abort(new Error('the run was ended'));
    const path = join(folder, 'sendmail');
    await writeFile(path, '#!/bin/sh\n: > "$0.begun"\nexec sleep 60\n', { mode: 0o755 });
    const delivery = await openTransport(`sendmail:${path}`, { hangUp, answerTimeout: 2_000 }).send(
      outgoing(),
    );
    assert.deepEqual(delivery, { outcome: 'deferred', reply: 'the run was ended' });
    assert.deepEqual(await readdir(folder), ['sendmail']);
  });

  it('one that leaves a process behind is done when it is', async () => {
    const sendmail = await program('cat > /dev/null; sleep 3 & exit 0');
    assert.equal((await sendmail.send(outgoing())).outcome, 'sent');
  });

  it('an address that could be an option never reaches it', async () => {
    const sendmail = await program(KEEP);
    for (const own of [{ recipient: '-oQ/tmp@x.example' }, { sender: '-bs' }]) {
      assert.equal((await sendmail.send(outgoing(own))).reason, 'bad-address');
    }
    await assert.rejects(readFile(join(folder, 'args')));
  });

  it('a content that breaks off is not delivered in part', async () => {
    const sendmail = await program(KEEP);
    // eslint-disable-next-line @typescript-eslint/require-await -- a stream that fails
    const content = async function* () {
      yield Buffer.from('Subject: half\r\n\r\n');
      throw new Error('store gone');
    };
    await assert.rejects(sendmail.send(outgoing({ content })), /store gone/);
    await assert.rejects(readFile(join(folder, 'mail')));
  });
});
