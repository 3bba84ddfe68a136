import { parseConnectionUrl } from 'nodemailer/lib/shared';
import { measure } from '../measure.ts';
import type { Delivery, OutgoingMail, Transport, TransportOptions } from '../transport.ts';
import { SmtpSession, type SmtpSettings } from './smtp-session.ts';

/** After so many vain connections in a row the server is left alone for this run: each may take minutes. */
const MAX_FAILED_CONNECTIONS = 3;

/** Reads `smtp://…` and `smtps://…` as nodemailer does; undefined when no server is named or the address cannot be read. */
export function readSmtpUri(uri: string): SmtpSettings | undefined {
  if (!URL.canParse(uri)) return undefined;
  try {
    const settings = parseConnectionUrl(uri) as SmtpSettings;
    return settings.host === undefined || settings.host === '' ? undefined : settings;
  } catch {
    return undefined; // user or password with a broken escape
  }
}

/**
 * SMTP (RFC 5321), one transaction a mail with one recipient, over one connection that is reused as long as it lasts. STARTTLS is used where it
 * is offered, certificates are checked. What an answer means is said in answers.ts.
 */
export class SmtpTransport implements Transport {
  readonly name: string;
  readonly way = 'wire';
  readonly #settings: SmtpSettings;
  readonly #options: TransportOptions;
  #session: SmtpSession | undefined;
  #failedConnections = 0;
  #lastRefusal: Delivery = { outcome: 'deferred', reply: 'no connection' };

  constructor(settings: SmtpSettings, options: TransportOptions = {}) {
    this.#settings = settings;
    this.#options = options;
    const port = settings.port === undefined ? '' : `:${settings.port}`;
    this.name = `${settings.secure === true ? 'smtps' : 'smtp'}://${settings.host}${port}`;
  }

  async send(mail: OutgoingMail): Promise<Delivery> {
    const message = await measure(mail);
    for (;;) {
      const reused = this.#session?.alive === true;
      const session = reused ? this.#session! : await this.#connect();
      if ('outcome' in session) return session;
      const { delivery, untouched } = await session.transact(message);
      // A server may end a session between two mails whenever it likes; that says nothing about this one.
      if (reused && untouched) continue;
      this.#learn(session, delivery);
      return delivery;
    }
  }

  async close(): Promise<void> {
    await this.#session?.quit();
    this.#session = undefined;
  }

  async #connect(): Promise<SmtpSession | Delivery> {
    if (this.#failedConnections >= MAX_FAILED_CONNECTIONS) return this.#lastRefusal;
    const opened = await SmtpSession.open(this.#settings, this.#options);
    if ('outcome' in opened) {
      this.#failedConnections++;
      this.#lastRefusal = opened;
    } else this.#session = opened;
    return opened;
  }

  /** A server that takes connections and then falls silent counts like one that takes none: it must not hold up every mail in turn. */
  #learn(session: SmtpSession, delivery: Delivery): void {
    if (delivery.problem === 'quota') {
      // The limit may be one of this session: the next mail gets a connection of its own.
      void session.quit();
      this.#session = undefined;
      return;
    }
    if (session.alive || (delivery.outcome !== 'deferred' && delivery.outcome !== 'ambiguous')) {
      this.#failedConnections = 0;
      return;
    }
    this.#failedConnections++;
    this.#lastRefusal = { outcome: 'deferred', reply: delivery.reply };
  }
}
