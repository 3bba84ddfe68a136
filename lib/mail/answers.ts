import { printable } from '../model/user-error.ts';
import type { Delivery } from './transport.ts';

/** Where in an SMTP session an answer came: at what command, or for the message itself (`data`, also after the final dot). */
export type Stage = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

const REPLY_LIMIT = 500;
const AUTH_CODES = new Set([530, 534, 535, 538]); // RFC 4954 6
const TOO_BIG = new Set(['5.3.4', '5.2.3']); // RFC 3463: message too big for system, message length exceeds administrative limit
const NO_SUCH_MAILBOX = new Set(['5.1.1', '5.1.10']); // RFC 3463, RFC 7505

/** What an SMTP answer means for a mail; the table of answers in one place. Codes as in RFC 5321 4.2 and RFC 3463. */
export function judge(stage: Stage, answer: string): Delivery {
  const reply = cleanReply(answer);
  const code = Number(/^\d{3}/.exec(answer)?.[0] ?? 0);
  const status = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})(?!\S)/m.exec(answer)?.[1] ?? '';
  if (code >= 200 && code < 300) return { outcome: 'sent', reply };
  // A server that will not talk to us at all may do so tomorrow; so may one that answers something that is no answer.
  if (code < 500 || code > 599 || (stage === 'connect' && !AUTH_CODES.has(code)))
    return { outcome: 'deferred', reply };
  if (stage === 'auth' || AUTH_CODES.has(code)) return { outcome: 'auth', reply };
  if (code === 552 || TOO_BIG.has(status)) return { outcome: 'too-big', reply };
  // There is one recipient only, so it may be answered for after the message as well.
  if (NO_SUCH_MAILBOX.has(status) && stage !== 'mail')
    return { outcome: 'failed', reply, reason: 'no-such-mailbox' };
  if (stage !== 'rcpt' || status.startsWith('5.7.'))
    return { outcome: 'failed', reply, reason: 'refused-by-policy' };
  return { outcome: 'failed', reply, reason: 'recipient-refused' };
}

/** An answer as one line without control characters, cut at 500 characters. */
export function cleanReply(answer: string): string {
  const line = printable(
    answer
      .slice(0, REPLY_LIMIT * 2)
      .trim()
      .replace(/\s*[\r\n]+\s*/g, ' | '),
  );
  return line.length > REPLY_LIMIT ? `${line.slice(0, REPLY_LIMIT)}…` : line;
}
