import type { OurProblem } from './remedies.ts';

/** A mail to one recipient, ready to send. */
export interface OutgoingMail {
  readonly label: string;
  /** From 1; the number of the recipient within the message. */
  readonly number: number;
  /** Envelope sender. */
  readonly sender: string;
  readonly recipient: string;
  /** ENVID (RFC 3461 4.4): the Message-ID without angle brackets. */
  readonly envelopeId: string;
  /** Sends it whatever size the server announces: there is no smaller form left. */
  readonly ignoreSize?: boolean;
  /** The message from its beginning; may be asked for more than once. */
  content(): AsyncIterable<Uint8Array>;
}

/**
 * `sent`: the server has taken it. `deferred`: tried again later. `failed`: final for this recipient or message. `ambiguous`: handed over in
 * full, but not confirmed. `too-big`: refused for its size. `ours`: the server objects to us, so the mail waits for the operator.
 */
export type Outcome = 'sent' | 'deferred' | 'failed' | 'ambiguous' | 'too-big' | 'ours';

export interface Delivery {
  readonly outcome: Outcome;
  /** What the other side said, or what went wrong, as one bounded line that is safe to print. */
  readonly reply: string;
  /** Why it failed: `no-such-mailbox`, `refused-by-policy`, … */
  readonly reason?: string;
  /** Bytes that the server takes at most, where it says so; only with `too-big`. */
  readonly limit?: number;
  /** What is wrong on our side; only with `ours`. */
  readonly problem?: OurProblem;
  /** What it is if recipients of other domains get the same answer; only with `failed`. */
  readonly suspicion?: OurProblem;
}

/** One way out for mails, good for one run. */
export interface Transport {
  /** For people, without credentials. */
  readonly name: string;
  /**
   * Which mails may go out here: those whose row names the same way. All servers and programs that send are one way, `wire`, so that one can be
   * put in place of another; every folder is a way of its own, so that a trial never swallows what was meant to be sent, and nothing
   * that was meant for a folder is ever sent.
   */
  readonly way: string;
  /** One mail to one recipient. Never rejects for what the other side does; rejects when `content` does, and then nothing was delivered. */
  send(mail: OutgoingMail): Promise<Delivery>;
  close(): Promise<void>;
}

export interface TransportOptions {
  /** Milliseconds to wait for any answer; above the 10 minutes of RFC 5321 4.5.3.2.6 when not given. */
  readonly answerTimeout?: number;
  /** Once aborted no answer is waited for: the line is broken off, which the mail at hand is judged by, and its reason is the reply. */
  readonly hangUp?: AbortSignal;
}
