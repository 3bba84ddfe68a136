import { printable } from '../model/user-error.ts';
import type { OurProblem } from './remedies.ts';
import type { Delivery } from './transport.ts';

/*
 * What the answer of a mail server means: the one table of delivery.md, "Answers: whose fault is it?". An answer speaks of us, of the
 * recipient's side for now, of this recipient for good, or of this message. What speaks of us is never final for a recipient.
 */

/** Where in an SMTP session an answer came: at which command, or for the message itself (`data`, also after the final dot). */
export type Stage = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

const REPLY_LIMIT = 500;
const AUTH_CODES = new Set([530, 534, 535, 538]); // RFC 4954 6
const TOO_BIG = new Set(['5.3.4', '5.2.3']); // RFC 3463: message too big for system, longer than the mailbox allows
const NO_SUCH_MAILBOX = new Set(['5.1.1', '5.1.2', '5.1.6', '5.1.10']); // RFC 3463, RFC 7505
const BAD_SENDER = new Set(['5.1.7', '5.1.8', '4.1.7', '4.1.8']); // RFC 3463

const MAILBOX_FULL =
  /mailbox.{0,20}\b(full|quota)|over.?quota|quota exceeded|out of (disk )?(space|storage)/i;
const GREYLISTED = /gr[ea]y-?list/i;
const TLS_WANTED = /starttls|\btls\b|encrypt/i;
const OUR_NAME =
  /\b(helo|ehlo)\b|fully.?qualified|reverse (dns|host|name|lookup)|\br?dns ptr\b|\bptr\b|\brdns\b/i;
const RELAY =
  /\brelay(ing)?\b.{0,30}(denied|prohibited|refused|not (permitted|allowed))|(unable|not permitted|not allowed) to relay/i;
const LOGIN_WANTED = /authentication (is )?required|must (first )?authenticate|log ?in first/i;
const SENDER = /\bsender\b.{0,40}(reject|refus|den|not (allowed|owned|permitted)|verif)|not owned by user/i;
const LIMIT =
  /\brate\b|too (many|much)|throttl|\bquotas?\b|limit(s|ed)?\b.{0,20}(exceed|reach)|(exceed|reach)\w*.{0,40}\blimits?\b|sending limit/i;

/**
 * What an SMTP answer means for a mail. Codes as in RFC 5321 4.2 and RFC 3463.
 * @param answer all lines of it
 */
export function judge(stage: Stage, answer: string): Delivery {
  const reply = cleanReply(answer);
  const code = Number(/^\d{3}/.exec(answer)?.[0] ?? 0);
  const status = /^\d{3}[ -](\d\.\d{1,3}\.\d{1,3})(?!\S)/m.exec(answer)?.[1] ?? '';
  const text = withoutAddresses(answer);
  const ours = (problem: OurProblem): Delivery => ({ outcome: 'ours', reply, problem });
  if (code >= 200 && code < 300) return { outcome: 'sent', reply };
  if (code < 400 || code > 599) return { outcome: 'deferred', reply };

  // Never about us, whatever else the text says.
  if (/^[45]\.2\.2$/.test(status) || ((code === 452 || code === 552) && MAILBOX_FULL.test(text)))
    return { outcome: 'deferred', reply };
  if (TOO_BIG.has(status) || (code === 552 && status === '')) return { outcome: 'too-big', reply };
  if (status === '5.3.1') return { outcome: 'deferred', reply };

  const wantsTls = TLS_WANTED.test(text);
  if (code === 530 && wantsTls) return ours('tls');
  if (code === 538) return ours('tls');
  if (AUTH_CODES.has(code)) return ours('login');
  if (stage === 'auth') return code < 500 ? { outcome: 'deferred', reply } : ours('login');
  if (RELAY.test(text)) return ours('relay');
  if (LOGIN_WANTED.test(text)) return ours('relay');
  if (OUR_NAME.test(text)) return ours('name');
  if (stage !== 'data' && (code === 504 || (code >= 500 && status.startsWith('5.5.')))) return ours('name');
  if (BAD_SENDER.has(status) || (stage !== 'data' && SENDER.test(text))) return ours('sender');
  if (code < 500) return isLimit(code, status, text) ? ours('quota') : { outcome: 'deferred', reply };
  if (status === '5.4.5' || (stage !== 'rcpt' && LIMIT.test(text))) return ours('quota');
  if (stage === 'connect') return ours('refused');
  // There is one recipient only, so the server may speak of it after the message as well.
  if (NO_SUCH_MAILBOX.has(status) && stage !== 'mail')
    return { outcome: 'failed', reply, reason: 'no-such-mailbox' };
  if (stage === 'rcpt')
    return {
      outcome: 'failed',
      reply,
      reason: 'recipient-refused',
      ...(status.startsWith('5.7.') && { suspicion: 'relay' }),
    };
  if (stage === 'mail' && !status.startsWith('5.7.')) return ours('sender');
  return { outcome: 'failed', reply, reason: 'refused-by-policy', suspicion: 'refused' };
}

/** Whether a 4xx answer limits us: greylisting (often 4.7.1), TLS that is not there for now (454) and a mailbox (4.2.x) do not. */
function isLimit(code: number, status: string, text: string): boolean {
  if (code === 454 || GREYLISTED.test(text) || status.startsWith('4.2.')) return false;
  return code === 421 || LIMIT.test(text) || status.startsWith('4.7.') || status === '4.4.5';
}

/** The text of an answer without addresses: a recipient named `relay-denied@…` must not decide what the answer means. */
export function withoutAddresses(answer: string): string {
  return answer.slice(0, REPLY_LIMIT * 2).replace(/<[^>\r\n]*>|[^\s<>:,]+@[^\s<>:,]+/g, ' ');
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
