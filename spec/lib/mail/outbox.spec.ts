import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'mocha';
import { judge } from '../../../lib/mail/answers.ts';
import { createOutbox, type Outbox, type OutboxDependencies } from '../../../lib/mail/outbox.ts';
import { NEVER } from '../../../lib/mail/retry.ts';
import type { Delivery, OutgoingMail, Transport } from '../../../lib/mail/transport.ts';
import { chunksOf, gather, LABEL, mailOptions } from '../../support/mail/builders.ts';
import { MemoryOutbox } from '../../support/mail/memory-outbox.ts';

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 1, 12);

/** Plays deliveries one after the other, then the last one again. */
class PlayedTransport implements Transport {
  readonly name = 'smtp://played';
  readonly way = 'wire';
  readonly mails: (OutgoingMail & { text: string })[] = [];
  play: (Delivery | Error)[] = [{ outcome: 'sent', reply: '250 ok' }];

  async send(mail: OutgoingMail): Promise<Delivery> {
    const text = (await gather(mail.content())).toString();
    const turn = this.play[Math.min(this.mails.length, this.play.length - 1)]!;
    this.mails.push({ ...mail, text });
    if (turn instanceof Error) throw turn;
    return turn;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

describe('mail: outbox', () => {
  let store: MemoryOutbox;
  let transport: PlayedTransport;
  let now: number;
  let warnings: string[];

  const open = (own: Partial<OutboxDependencies> = {}): Outbox =>
    createOutbox({
      outbox: store,
      transport,
      options: mailOptions(),
      clock: () => now,
      random: () => 0,
      log: { warning: (line) => warnings.push(line) },
      rebuild: ({ label, stripped }, room) =>
        chunksOf(
          `Subject: ${label}\r\n\r\nstripped ${stripped}${room === undefined ? '' : ` to ${room}`}\r\n`,
        ),
      holder: 'me',
      hasEnded: (holder) => holder === 'ended',
      ...own,
    });

  beforeEach(() => {
    store = new MemoryOutbox();
    transport = new PlayedTransport();
    now = START;
    warnings = [];
  });

  it('sends each row once, with the label as its ENVID', async () => {
    store.add();
    store.add({ number: 2, recipient: 'other@victim.example' });
    const totals = await open().deliverDue();
    assert.deepEqual(
      { ...totals },
      { sent: 2, deferred: 0, failed: 0, ambiguous: 0, failures: [], withdrawn: [], needsOperator: false },
    );
    assert.deepEqual(
      transport.mails.map((mail) => [mail.recipient, mail.sender, mail.envelopeId, mail.text]),
      ['abuse', 'other'].map((name) => [
        `${name}@victim.example`,
        'reports@mentat.example',
        `${LABEL}@mentat.example`,
        `Subject: ${LABEL}\r\n\r\nwhole\r\n`,
      ]),
    );
    const row = store.get();
    assert.deepEqual(
      [row.state, row.attempt, row.reply, row.lease, row.since],
      ['sent', 1, '250 ok', undefined, START],
    );
    await open().deliverDue();
    assert.equal(transport.mails.length, 2);
  });

  it('leases a row for 15 minutes before anything is sent', async () => {
    store.add();
    const leases: unknown[] = [];
    store.beforeChange = (_row, change) => leases.push([change.state, change.lease, transport.mails.length]);
    await open().deliverDue();
    assert.deepEqual(leases, [
      ['sending', START + 15 * MINUTE, 0],
      ['sent', undefined, 1],
    ]);
  });

  it('works more rows than a batch holds, and of one run when asked', async () => {
    for (let i = 0; i < 250; i++) store.add({ label: `L${i}`, run: i % 2 === 0 ? 'even' : 'odd' });
    const outbox = open();
    assert.equal((await outbox.deliverDue('even')).sent, 125);
    assert.ok(transport.mails.every((mail) => Number(mail.label.slice(1)) % 2 === 0));
    assert.equal((await outbox.deliverDue()).sent, 125);
  });

  it('leaves a row alone that another process took in between', async () => {
    const row = store.add();
    store.add({ label: 'L2' });
    store.beforeChange = () => {
      store.beforeChange = () => undefined;
      store.rows.set(row.id, { ...row, state: 'sending', attempt: 1, lease: now + 15 * MINUTE });
    };
    assert.equal((await open().deliverDue()).sent, 1);
    assert.deepEqual(
      transport.mails.map((mail) => mail.label),
      ['L2'],
    );
  });

  it('does not touch a row that is leased', async () => {
    store.add({ state: 'sending', attempt: 1, lease: START + 1 });
    await open().deliverDue();
    assert.equal(transport.mails.length, 0);
  });

  it('says so when it took longer than its lease, and counts nothing', async () => {
    const row = store.add();
    store.beforeChange = (_row, change) => {
      if (change.state === 'sent') store.rows.set(row.id, { ...row, state: 'sending', attempt: 2 });
    };
    assert.equal((await open().deliverDue()).sent, 0);
    assert.match(warnings.join(), /longer than its lease/);
  });

  it('tries a deferred mail after 5, 15, 60 minutes, then hourly, for five days, then gives up', async () => {
    store.add();
    transport.play = [{ outcome: 'deferred', reply: '451 later' }];
    const waits: number[] = [];
    let failures: readonly string[] = [];
    while (store.get().state !== 'failed') {
      ({ failures } = await open().deliverDue());
      if (store.get().state === 'deferred') {
        waits.push((store.get().next - now) / MINUTE);
        assert.equal((await open().deliverDue()).deferred, 0, 'tried again too early');
        now = store.get().next;
      }
    }
    assert.deepEqual(waits.slice(0, 5), [5, 15, 60, 60, 60]);
    assert.equal(now - START, (20 + 120 * 60) * MINUTE);
    assert.equal(store.get().reason, 'retry-expired');
    assert.match(
      failures.join(),
      new RegExp(`^${LABEL} to abuse@victim.example: 451 later, retry-expired \\(.+\\)$`),
    );
  });

  it('spreads the next attempts', async () => {
    store.add();
    transport.play = [{ outcome: 'deferred', reply: '451 later' }];
    await open({ random: () => 0.5 }).deliverDue();
    assert.equal(store.get().next, START + 5.25 * MINUTE);
  });

  it('resends with the same Message-ID what a dead process left', async () => {
    store.add({ state: 'sending', attempt: 1, lease: START, since: START - 15 * MINUTE });
    assert.equal((await open().deliverDue()).sent, 1);
    assert.deepEqual(
      store.history.map((line) => line.split(': ')[1]),
      ['ambiguous', 'sending', 'sent'],
    );
    assert.equal(transport.mails[0]!.envelopeId, `${LABEL}@mentat.example`);
    assert.equal(store.get().since, START - 15 * MINUTE);
  });

  it('or keeps it for a person, once', async () => {
    store.add({ state: 'sending', attempt: 1, lease: START });
    const outbox = open({ options: mailOptions({ ambiguous: 'hold' }) });
    const totals = await outbox.deliverDue();
    assert.deepEqual([totals.ambiguous, totals.failures.length, transport.mails.length], [1, 1, 0]);
    assert.deepEqual([store.get().state, store.get().next], ['ambiguous', NEVER]);
    assert.equal((await outbox.deliverDue()).ambiguous, 0);
  });

  it('a line lost after the final dot: resent later, or kept for a person', async () => {
    transport.play = [{ outcome: 'ambiguous', reply: 'connection closed' }];
    store.add();
    await open().deliverDue();
    assert.deepEqual([store.get().state, store.get().next], ['ambiguous', START + 5 * MINUTE]);
    now += 5 * MINUTE;
    transport.play = [{ outcome: 'sent', reply: '250 ok' }];
    assert.equal((await open().deliverDue()).sent, 1);

    store.add({ label: 'L2' });
    transport.play = [{ outcome: 'ambiguous', reply: 'connection closed' }];
    const totals = await open({ options: mailOptions({ ambiguous: 'hold' }) }).deliverDue();
    assert.deepEqual([store.get('L2').next, totals.ambiguous], [NEVER, 1]);
    assert.match(totals.failures.join(), /L2 to .*delivery-unknown/);
  });

  it('sends what is too big again with shorter files, without them, as text alone, then gives up', async () => {
    store.add();
    transport.play = [
      { outcome: 'too-big', reply: '552 5.3.4 too big', limit: 5000 },
      { outcome: 'sent', reply: '250 ok' },
    ];
    const totals = await open().deliverDue();
    assert.deepEqual([totals.sent, totals.deferred, totals.failed], [1, 0, 0]);
    assert.deepEqual(
      transport.mails.map((mail) => mail.text.split('\r\n')[2]),
      ['whole', 'stripped 3 to 5000'],
    );
    assert.equal(store.get().stripped, 3);

    store.add({ label: 'L2' });
    transport.play = [{ outcome: 'too-big', reply: '552 5.3.4 too big' }];
    const again = await open().deliverDue();
    assert.deepEqual([again.failed, store.get('L2').reason], [1, 'too-big']);
    assert.deepEqual(
      transport.mails
        .filter((mail) => mail.label === 'L2')
        .map((mail) => [mail.text.split('\r\n')[2], mail.ignoreSize]),
      [['whole', false], ['stripped 3', false], ['stripped 1', false], ['stripped 2', true]], // prettier-ignore
    );
  });

  it('takes over the rows of a process of this host that has ended at once, and leaves those of others their lease', async () => {
    for (const [label, holder] of [
      ['L1', 'ended'],
      ['L2', 'running'],
      ['L3', undefined],
    ] as const)
      // prettier-ignore
      store.add({ label, state: 'sending', attempt: 1, lease: START + 15 * MINUTE, since: START, holder });
    const totals = await open().deliverDue();
    assert.deepEqual([totals.sent, transport.mails.map(({ label }) => label)], [1, ['L1']]);
    assert.equal(store.get('L1').holder, 'me');
    assert.deepEqual([store.get('L2').state, store.get('L3').state], ['sending', 'sending']);
  });

  it('ends after the mail at hand when that is wished for; the others wait', async () => {
    for (let i = 0; i < 3; i++) store.add({ label: `L${i}` });
    const wish = new AbortController();
    transport.play = [{ outcome: 'sent', reply: '250 ok' }];
    const send = transport.send.bind(transport);
    transport.send = (mail) => {
      wish.abort();
      return send(mail);
    };
    const totals = await open({ stop: wish.signal }).deliverDue();
    assert.deepEqual([totals.sent, transport.mails.length], [1, 1]);
    assert.deepEqual([...store.rows.values()].map((row) => row.state).sort(), ['queued', 'queued', 'sent']); // prettier-ignore
  });

  it('the same 5.7.1 to recipients of two domains is about us: both wait, the rest too, and the run says so once', async () => {
    for (const [i, domain] of ['one', 'one', 'two', 'three'].entries())
      store.add({ label: `L${i}`, recipient: `abuse@${domain}.example`, next: i });
    const answer = (to: string) => judge('rcpt', `550 5.7.1 <${to}>: not from here`);
    transport.play = ['abuse@one.example', 'abuse@one.example', 'abuse@two.example'].map(answer);
    const totals = await open().deliverDue();
    assert.deepEqual([totals.failed, totals.deferred, totals.needsOperator, transport.mails.length], [0, 4, true, 3]); // prettier-ignore
    assert.equal(totals.failures.length, 1);
    assert.ok([...store.rows.values()].every(({ state, since }) => state === 'deferred' && since === undefined)); // prettier-ignore
  });

  it('a message refused by policy is final, unless three domains in a row refuse theirs', async () => {
    transport.play = [judge('data', '554 5.7.1 spam'), { outcome: 'sent', reply: '250 ok' }];
    for (let i = 0; i < 2; i++) store.add({ label: `L${i}`, recipient: `abuse@d${i}.example`, next: i });
    const outbox = open();
    assert.equal((await outbox.deliverDue()).failed, 1);
    transport.play = [judge('data', '554 5.7.1 spam')];
    for (let i = 2; i < 5; i++) store.add({ label: `L${i}`, recipient: `abuse@d${i}.example`, next: i });
    const totals = await outbox.deliverDue();
    assert.deepEqual([totals.failed, totals.deferred, totals.needsOperator], [0, 3, true]);
    assert.equal(store.get('L0').state, 'failed');
  });

  it('a limit defers the mail, and the second in a row all others, without an error', async () => {
    for (let i = 0; i < 5; i++) store.add({ label: `L${i}`, next: i });
    transport.play = [judge('mail', '451 4.7.0 rate limit')];
    const totals = await open().deliverDue();
    assert.deepEqual([totals.deferred, totals.failed, totals.needsOperator, transport.mails.length], [5, 0, false, 2]); // prettier-ignore
    assert.match(warnings.join(), /limits how many mails/);
  });

  it('what concerns us never runs out of time, and the time of the recipient begins afterwards', async () => {
    store.add();
    const outbox = open();
    transport.play = [judge('mail', '550 5.1.8 bad sender')];
    await outbox.deliverDue();
    now += 30 * 86_400_000;
    transport.play = [judge('rcpt', '450 4.2.0 later')];
    assert.equal((await open().deliverDue()).deferred, 1);
    now += 86_400_000;
    transport.play = [judge('rcpt', '450 4.2.0 later')];
    assert.equal((await open().deliverDue()).failed, 0);
  });

  it('refused credentials: one error, nothing more is sent in this run, and everything waits until they are mended', async () => {
    for (let i = 0; i < 250; i++) store.add({ label: `L${i}`, since: i === 1 ? 1 : undefined });
    store.add({ label: 'old', state: 'ambiguous', attempt: 1, since: START });
    transport.play = [{ outcome: 'ours', problem: 'login', reply: '535 5.7.8 bad' }];
    const outbox = open();
    const totals = await outbox.deliverDue();
    assert.deepEqual(
      [totals.deferred, totals.ambiguous, totals.failed, totals.needsOperator],
      [250, 1, 0, true],
    );
    assert.equal(transport.mails.length, 1);
    assert.match(
      totals.failures.join('\n'),
      /^smtp:\/\/played: 535 5\.7\.8 bad \(correct user and password in "mail"; all mails wait\)$/,
    );
    assert.ok(
      [...store.rows.values()].every(
        (row) => row.next === START + 5 * MINUTE && row.reply === '535 5.7.8 bad',
      ),
    );
    store.add({ label: 'later' });
    const later = await outbox.deliverDue();
    assert.deepEqual([later.deferred, later.failures.length, transport.mails.length], [1, 0, 1]);
    now += 30 * 86_400_000;
    transport.play = [{ outcome: 'sent', reply: '250 ok' }];
    assert.equal((await open().deliverDue()).sent, 252);
  });

  it('one mailbox that does not exist, said in a line, holds nobody up', async () => {
    store.add();
    store.add({ number: 2, recipient: 'fine@victim.example' });
    transport.play = [
      { outcome: 'failed', reply: '550 5.1.1 unknown', reason: 'no-such-mailbox' },
      { outcome: 'sent', reply: '250 ok' },
    ];
    const totals = await open().deliverDue();
    assert.deepEqual([totals.failed, totals.sent], [1, 1]);
    assert.deepEqual(totals.failures, [
      `${LABEL} to abuse@victim.example: 550 5.1.1 unknown, no-such-mailbox (correct the address in the group)`,
    ]);
    assert.deepEqual(
      [store.get().state, store.get().reason, store.get().reply],
      ['failed', 'no-such-mailbox', '550 5.1.1 unknown'],
    );
  });

  it('a policy that refuses us is one warning a run, not one a mail', async () => {
    for (let i = 0; i < 20; i++) store.add({ label: `L${i}` });
    transport.play = [{ outcome: 'failed', reply: '554 5.7.1 spam', reason: 'refused-by-policy' }];
    const totals = await open().deliverDue();
    assert.deepEqual([totals.failed, warnings.length], [20, 1]);
  });

  it('a message that is gone, an address that is none: failed by name, and nothing is sent', async () => {
    store.add({ label: 'gone' });
    store.messages.set('gone', '');
    store.add({ label: 'bad', recipient: 'a@b.example>\r\nRCPT TO:<evil@y.example' });
    store.add({ label: 'fine' });
    const totals = await open().deliverDue();
    assert.deepEqual([totals.failed, totals.sent], [2, 1]);
    assert.deepEqual([store.get('gone').reason, store.get('bad').reason], ['message-gone', 'bad-address']);
    assert.ok(totals.failures.every((line) => !/[\r\n]/.test(line)));
    assert.deepEqual(
      transport.mails.map((mail) => mail.label),
      ['fine'],
    );
  });

  it('a way out that breaks off leaves the mail ambiguous and goes on with the next', async () => {
    store.add({ label: 'one' });
    store.add({ label: 'two' });
    transport.play = [new Error('broken'), { outcome: 'sent', reply: '250 ok' }];
    const totals = await open().deliverDue();
    assert.deepEqual([store.get('one').state, totals.sent], ['ambiguous', 1]);
  });

  it('a store that fails while a message is read stops the work and leaves the mail deferred', async () => {
    store.add();
    store.message = () => {
      throw new Error('disk gone');
    };
    await assert.rejects(open().deliverDue(), /disk gone/);
    assert.equal(store.get().state, 'deferred');
    store.due = () => Promise.reject(new Error('store gone'));
    await assert.rejects(open().deliverDue(), /store gone/);
  });

  it('sweeps messages that were final for the days they are kept', async () => {
    await open().sweep();
    assert.deepEqual(store.sweeps, [START - 7 * 86_400_000]);
  });
});
