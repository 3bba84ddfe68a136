import { requireEscapedUserInfo } from '../model/text/user-info.ts';
import { UserError } from '../model/user-error.ts';
import { SendmailTransport } from './transports/sendmail.ts';
import { readSmtpUri, SmtpTransport } from './transports/smtp.ts';
import { SpoolTransport } from './transports/spool.ts';
import type { Transport, TransportOptions } from './transport.ts';

/**
 * The way out that a URI names: `spool:DIR`, `sendmail:[PATH]`, `smtp://[user:password@]host[:port]` or `smtps://…` with nodemailer's options as
 * query. Opens nothing yet. Throws a usage UserError, without the credentials, when it names none.
 */
export function openTransport(uri: string, options: TransportOptions = {}): Transport {
  const [scheme, rest] = split(uri);
  switch (scheme) {
    case 'spool':
      if (rest === '') throw wrong('folder missing', 'spool:DIR');
      return new SpoolTransport(rest);
    case 'sendmail':
      return new SendmailTransport(rest === '' ? undefined : rest, options);
    case 'smtp':
    case 'smtps': {
      requireEscapedUserInfo(uri, 'mail');
      const settings = readSmtpUri(uri);
      if (!settings) throw wrong('no mail server in the address', `${scheme}://host:port`);
      return new SmtpTransport(settings, options);
    }
    default:
      throw wrong('unknown way to send mail', 'spool:DIR, smtp://…, smtps://… or sendmail:[PATH]', scheme);
  }
}

function split(uri: string): [scheme: string, rest: string] {
  const colon = uri.indexOf(':');
  return colon < 0 ? [uri, ''] : [uri.slice(0, colon).toLowerCase(), uri.slice(colon + 1)];
}

function wrong(what: string, expected: string, got?: string): UserError {
  return new UserError(
    { what, where: 'mail', got, expected, hint: 'set mail or give --mail' },
    { usage: true },
  );
}
