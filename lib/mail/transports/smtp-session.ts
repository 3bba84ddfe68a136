import type { Socket } from 'node:net';
import SMTPConnection, { type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import { cleanReply, judge, type Stage } from '../answers.ts';
import type { OurProblem } from '../remedies.ts';
import type { MeasuredMail } from '../measure.ts';
import { Source } from '../source.ts';
import { messageOf } from '../../model/user-error.ts';
import type { Delivery, TransportOptions } from '../transport.ts';
import { connectTo, isLoopback } from './connect.ts';
import { HeldDot } from './held-dot.ts';

/** What the URI of a mail server says; query parameters are nodemailer's options. */
export interface SmtpSettings extends SMTPConnectionOptions {
  readonly host?: string;
  readonly auth?: { readonly user: string; readonly pass: string };
  /** SASL mechanism; the first that both sides know when not given. */
  readonly authMethod?: string;
  /** Sends user and password over a line without TLS, too. */
  readonly insecure_auth?: boolean;
}

/** A failed step as nodemailer reports it. */
interface SmtpProblem extends Error {
  readonly code?: string;
  readonly command?: string;
  /** The server's answer. */
  readonly response?: string;
}

type Done<T> = (error?: Error | null, value?: T) => void;

/** Above the 10 minutes that RFC 5321 4.5.3.2.6 gives a server to answer the final dot. */
const ANSWER_TIMEOUT = 630_000;
const CONNECTION_TIMEOUT = 120_000;
const GREETING_TIMEOUT = 60_000;
const QUIT_TIMEOUT = 2_000;
/** How long a server that was hung up on may keep the line, and this process with it. */
const CLOSE_TIMEOUT = 1_000;
const ANSWER_SIZE = 65_536;
/** RFC 3461 4.4 */
const ENVID_LIMIT = 100;

/** One connection to a mail server, ready for transactions. */
export class SmtpSession {
  readonly #connection: SMTPConnection;
  readonly #hangUp: AbortSignal | undefined;

  private constructor(connection: SMTPConnection, hangUp: AbortSignal | undefined) {
    this.#connection = connection;
    this.#hangUp = hangUp;
  }

  /** Connects, secures the line where offered, and logs in where asked for; or says why that did not work. */
  static async open(
    settings: SmtpSettings,
    { answerTimeout, hangUp }: TransportOptions,
  ): Promise<SmtpSession | Delivery> {
    const { auth, authMethod, insecure_auth: insecure, ...rest } = settings;
    const { host = 'localhost' } = settings;
    const port = Number(settings.port ?? (settings.secure === true ? 465 : 25));
    const timeout = answerTimeout ?? settings.socketTimeout ?? ANSWER_TIMEOUT;
    let socket: Socket;
    try {
      socket = await connectTo(host, port, Math.min(CONNECTION_TIMEOUT, timeout), hangUp);
    } catch (error) {
      return { outcome: 'deferred', reply: cleanReply(messageOf(error)) };
    }
    const connection = new SMTPConnection({
      connection: socket,
      greetingTimeout: Math.min(GREETING_TIMEOUT, timeout),
      maxResponseSize: ANSWER_SIZE,
      socketCloseTimeout: CLOSE_TIMEOUT,
      ...rest,
      socketTimeout: timeout,
      // The dialogue holds credentials and mails, and is not logged.
      logger: false,
      debug: false,
      transactionLog: false,
    });
    // A line that breaks between two steps is noticed by the next one.
    connection.on('error', () => undefined);
    try {
      await step(connection, hangUp, (done: Done<void>) => {
        connection.connect(done);
      });
      if (auth) {
        const refusal = loginRefusal(connection, socket, insecure === true);
        if (refusal !== undefined) {
          connection.close();
          return refusal;
        }
        await step(connection, hangUp, (done: Done<boolean>) => {
          connection.login({ ...(authMethod !== undefined && { method: authMethod }), ...auth }, done);
        });
      }
    } catch (error) {
      connection.close();
      return interpretOpening(error as SmtpProblem, settings);
    }
    return new SmtpSession(connection, hangUp);
  }

  get alive(): boolean {
    const socket = this.#socket();
    return !this.#connection.destroyed && socket !== undefined && socket.writable && !socket.readableEnded;
  }

  /**
   * One mail to one recipient. `untouched`: the server ended the session before it answered for the mail. Rejects only when
   * the content does; then the server has not got the message.
   */
  async transact(mail: MeasuredMail): Promise<{ delivery: Delivery; untouched: boolean }> {
    const source = new Source(() => mail.content());
    const message = new HeldDot(source, () => this.#socket());
    const dsn = mail.envelopeId.length <= ENVID_LIMIT ? { envid: mail.envelopeId, ret: 'HDRS' } : undefined;
    const size = mail.ignoreSize === true ? undefined : mail.size;
    const envelope = { from: mail.sender, to: [mail.recipient], size, dsn };
    try {
      const { response } = await step(this.#connection, this.#hangUp, (done: Done<{ response: string }>) => {
        this.#connection.send(envelope, message, done);
      });
      if (message.dotSent) return { delivery: judge('data', response), untouched: false };
      this.#connection.close();
      const reply = cleanReply(`answered before the message was complete: ${response}`);
      return { delivery: { outcome: 'deferred', reply }, untouched: false };
    } catch (error) {
      const problem = error as SmtpProblem;
      await this.#recover(message);
      if (source.problem) throw source.problem;
      const untouched =
        !message.started &&
        (problem.response === undefined || problem.response.startsWith('421')) &&
        !this.alive;
      return { delivery: interpret(problem, message.dotSent), untouched };
    } finally {
      message.destroy();
    }
  }

  /** Takes leave, and hangs up when the server takes its time over that. */
  async quit(): Promise<void> {
    if (!this.alive) {
      this.#connection.close();
      return;
    }
    await new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.#connection.close();
      }, QUIT_TIMEOUT);
      this.#connection.once('end', () => {
        clearTimeout(timer);
        resolve();
      });
      this.#connection.quit();
    });
  }

  /** Makes the line fit for the next mail, or closes it: a message that broke off can only be ended by hanging up. */
  async #recover(message: HeldDot): Promise<void> {
    if (!this.alive) return;
    if (message.started && !message.dotSent) {
      this.#connection.close();
      return;
    }
    try {
      await step(this.#connection, this.#hangUp, (done: Done<boolean>) => {
        this.#connection.reset(done);
      });
    } catch {
      this.#connection.close();
    }
  }

  #socket(): Socket | undefined {
    const socket = this.#connection._socket;
    return socket === false || socket === null ? undefined : socket;
  }
}

/** One step of the session: its own answer, the end of the connection, or that of our patience, whichever comes first. */
function step<T>(
  connection: SMTPConnection,
  hangUp: AbortSignal | undefined,
  start: (done: Done<T>) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const finish: Done<T> = (error, value) => {
      connection.off('error', finish);
      connection.off('end', onEnd);
      hangUp?.removeEventListener('abort', onHangUp);
      if (error) reject(error);
      else resolve(value as T);
    };
    // The connection emits its end just before the step fails with the reason.
    const onEnd = () => {
      setImmediate(finish, new Error('connection closed'));
    };
    const onHangUp = () => {
      finish(hangUp?.reason as Error);
      connection.close();
    };
    if (hangUp?.aborted === true) {
      onHangUp();
      return;
    }
    hangUp?.addEventListener('abort', onHangUp);
    connection.once('error', finish);
    connection.once('end', onEnd);
    start(finish);
  });
}

function interpret(problem: SmtpProblem, dotSent: boolean): Delivery {
  const { code, command = '', response, message } = problem;
  if (response !== undefined) {
    const delivery = judge(dotSent ? 'data' : stageOf(command), response);
    // Something between yes and no to a message that is over there.
    return dotSent && !/^[245]/.test(response) ? { ...delivery, outcome: 'ambiguous' } : delivery;
  }
  const reply = cleanReply(message);
  if (dotSent) return { outcome: 'ambiguous', reply };
  if (code === 'EAUTH') return { outcome: 'ours', reply, problem: 'login' };
  if (code === 'EMESSAGE') {
    const limit = Number(/larger than allowed (\d+)/.exec(message)?.[1]);
    return { outcome: 'too-big', reply, ...(limit > 0 && { limit }) };
  }
  if (code === 'EENVELOPE') return { outcome: 'failed', reply, reason: 'bad-address' };
  return { outcome: 'deferred', reply };
}

/** Why user and password cannot, or must not, be sent over this line; undefined when they may. */
function loginRefusal(connection: SMTPConnection, socket: Socket, insecure: boolean): Delivery | undefined {
  const refuse = (reply: string, problem: OurProblem): Delivery => ({ outcome: 'ours', reply, problem });
  if (!connection.allowsAuth) return refuse('the server offers no login', 'no-login');
  if (connection.secure || insecure || isLoopback(socket.remoteAddress)) return undefined;
  return refuse('the server offers no TLS', 'clear-text');
}

/** Errors of OpenSSL and of Node that speak of the server's certificate. */
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY|DECODE)|HOSTNAME_MISMATCH/;

/** An error before the first mail: what is wrong with TLS is ours to change. */
function interpretOpening(problem: SmtpProblem, { secure, port }: SmtpSettings): Delivery {
  const { code = '', message, response, command = '' } = problem;
  const details = [code, message, codeOf(problem.cause)].join(' ');
  // OpenSSL says it by the place in its source.
  const reply = /wrong version number/i.test(message)
    ? 'the server does not begin with TLS on this port'
    : cleanReply(message);
  if (response === undefined && CERTIFICATE.test(details.toUpperCase().replaceAll(/[ -]/g, '_')))
    return { outcome: 'ours', reply, problem: 'certificate' };
  if (/wrong.version.number|packet.length|EPROTO|\bssl\b|\btls\b|ETLS/i.test(details)) {
    if (response === undefined || (command === 'STARTTLS' && response.startsWith('5')))
      return { outcome: 'ours', reply, problem: 'tls' };
  }
  if (/greeting/i.test(message) && secure !== true && Number(port) === 465)
    return { outcome: 'ours', reply, problem: 'tls' };
  return interpret(problem, false);
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException | undefined)?.code ?? '';
}

function stageOf(command: string): Stage {
  if (command.startsWith('AUTH')) return 'auth';
  if (command === 'MAIL FROM') return 'mail';
  if (command === 'RCPT TO') return 'rcpt';
  return command === 'DATA' ? 'data' : 'connect';
}
