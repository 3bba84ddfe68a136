import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { cleanReply, judge, type Stage } from '../../../lib/mail/answers.ts';

describe('mail: answers', () => {
  const table: [stage: Stage, answer: string, outcome: string, reason?: string][] = [
    ['data', '250 2.0.0 queued as 4711', 'sent'],
    ['connect', '421 busy', 'deferred'],
    ['connect', '554 go away', 'deferred'],
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
    ['rcpt', '550 5.7.1 relaying denied', 'failed', 'refused-by-policy'],
    ['mail', '550 sender refused', 'failed', 'refused-by-policy'],
    ['mail', '553 5.1.8 no such domain', 'failed', 'refused-by-policy'],
    ['data', '554 5.7.1 looks like spam', 'failed', 'refused-by-policy'],
    ['data', '554 no', 'failed', 'refused-by-policy'],
    ['data', '550 5.1.1 unknown after all', 'failed', 'no-such-mailbox'],
    ['mail', '552 too much', 'too-big'],
    ['rcpt', '552 5.2.2 full', 'too-big'],
    ['data', '554 5.3.4 message too big', 'too-big'],
    ['data', '550 5.2.3 longer than allowed', 'too-big'],
    ['data', '552 5.7.0 content presents a security issue', 'too-big'],
    ['auth', '535 5.7.8 bad credentials', 'auth'],
    ['auth', '504 mechanism unknown', 'auth'],
    ['mail', '530 5.7.0 authentication required', 'auth'],
    ['rcpt', '535 5.7.8 bad credentials', 'auth'],
    ['mail', 'HTTP/1.1 400 Bad Request', 'deferred'],
    ['mail', '354 what', 'deferred'],
  ];
  for (const [stage, answer, outcome, reason] of table) {
    it(`${stage}: ${JSON.stringify(answer)} is ${outcome}${reason === undefined ? '' : `, ${reason}`}`, () => {
      const delivery = judge(stage, answer);
      assert.deepEqual([delivery.outcome, delivery.reason], [outcome, reason]);
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
