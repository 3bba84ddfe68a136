import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { cleanReply, judge, type Stage } from '../../../lib/mail/answers.ts';

describe('mail: answers', () => {
  const table: [stage: Stage, answer: string, outcome: string, reason?: string][] = [
    ['data', '250 2.0.0 queued as 4711', 'sent'],
    ['connect', '421 busy', 'ours', 'quota'],
    ['connect', '554 go away', 'ours', 'refused'],
    ['connect', '454 4.7.0 TLS not available for now', 'deferred'],
    ['auth', '454 4.7.0 temporary failure', 'deferred'],
    ['mail', '451 4.7.1 greylisted', 'deferred'],
    ['rcpt', '450 4.2.0 greylisted', 'deferred'],
    ['rcpt', '452 4.2.2 full', 'deferred'],
    ['data', '451 later', 'deferred'],
    ['rcpt', '550 5.1.1 unknown', 'failed', 'no-such-mailbox'],
    ['rcpt', '556 5.1.10 null MX', 'failed', 'no-such-mailbox'],
    ['rcpt', '550-5.1.1 unknown\n550 5.1.1 really', 'failed', 'no-such-mailbox'],
    ['rcpt', '550 5.1.100 something new', 'failed', 'recipient-refused'],
    ['rcpt', '550 no', 'failed', 'recipient-refused'],
    ['rcpt', '550 5.7.1 relaying denied', 'ours', 'relay'],
    ['rcpt', '554 5.7.1 <a@victim.example>: Relay access denied', 'ours', 'relay'],
    ['rcpt', '550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain', 'ours', 'relay'],
    ['rcpt', '550 5.1.1 <relay-denied@helo.example>: no such user', 'failed', 'no-such-mailbox'],
    ['rcpt', '550 5.1.2 no such domain', 'failed', 'no-such-mailbox'],
    ['rcpt', '550 5.7.1 not today', 'failed', 'recipient-refused'],
    ['rcpt', '504 5.5.2 <laptop>: Helo command rejected: need fully-qualified hostname', 'ours', 'name'],
    ['rcpt', '550 5.7.1 <laptop>: Helo command rejected: Host not found', 'ours', 'name'],
    ['rcpt', '450 4.7.25 Client host rejected: cannot find your reverse hostname', 'ours', 'name'],
    ['mail', '501 5.5.4 Invalid domain name', 'ours', 'name'],
    ['mail', '550 sender refused', 'ours', 'sender'],
    ['mail', '553 5.1.8 no such domain', 'ours', 'sender'],
    ['rcpt', '553 5.7.1 <a@b.example>: Sender address rejected: not owned by user x', 'ours', 'sender'],
    ['mail', '550 5.7.1 not from you', 'failed', 'refused-by-policy'],
    ['rcpt', '450 4.7.1 rate limit exceeded', 'ours', 'quota'],
    ['data', '451 4.7.0 too many messages', 'ours', 'quota'],
    ['data', '550 5.4.5 Daily user sending limit exceeded', 'ours', 'quota'],
    ['rcpt', '450 4.2.1 receives mail at a rate that prevents more', 'deferred'],
    ['rcpt', '450 4.7.1 Greylisting in action', 'deferred'],
    ['rcpt', '552 5.2.2 mailbox full', 'deferred'],
    ['data', '552 5.2.2 over quota', 'deferred'],
    ['data', '552 mailbox is full', 'deferred'],
    ['data', '550 5.2.2 quota exceeded', 'deferred'],
    ['data', '554 5.3.1 system full', 'deferred'],
    ['mail', '530 5.7.0 Must issue a STARTTLS command first', 'ours', 'tls'],
    ['data', '554 5.7.1 looks like spam', 'failed', 'refused-by-policy'],
    ['data', '554 no', 'failed', 'refused-by-policy'],
    ['data', '550 5.1.1 unknown after all', 'failed', 'no-such-mailbox'],
    ['mail', '552 too much', 'too-big'],
    ['data', '554 5.3.4 message too big', 'too-big'],
    ['data', '550 5.2.3 longer than allowed', 'too-big'],
    ['data', '552 5.7.0 content presents a security issue', 'failed', 'refused-by-policy'],
    ['auth', '535 5.7.8 bad credentials', 'ours', 'login'],
    ['auth', '504 mechanism unknown', 'ours', 'login'],
    ['mail', '530 5.7.0 authentication required', 'ours', 'login'],
    ['rcpt', '535 5.7.8 bad credentials', 'ours', 'login'],
    ['mail', 'HTTP/1.1 400 Bad Request', 'deferred'],
    ['mail', '354 what', 'deferred'],
  ];
  for (const [stage, answer, outcome, reason] of table) {
    it(`${stage}: ${JSON.stringify(answer)} is ${outcome}${reason === undefined ? '' : `, ${reason}`}`, () => {
      const delivery = judge(stage, answer);
      assert.deepEqual([delivery.outcome, delivery.reason ?? delivery.problem], [outcome, reason]);
    });
  }

  it('are kept as one bounded line without control characters', () => {
    assert.equal(
      cleanReply('550-no\r\n550 \u001b[31mred\u0000\u202e'),
      '550-no | 550 \\u{1b}[31mred\\u{0}\\u{202e}',
    );
    assert.ok(cleanReply(`550 ${'x'.repeat(1_000_000)}`).length <= 501);
  });
});
