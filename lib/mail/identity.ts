import { UserError } from '../model/user-error.ts';
import { domainOf, readMailbox, type Mailbox } from './address.ts';
import type { MailOptions } from './options.ts';

/** What can be a label: it names files, headers and SMTP parameters. */
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;

/** True when a label is safe as part of a file name, of a header and of a command. */
export function isLabel(text: string): boolean {
  return LABEL.test(text);
}

/** The `From` mailbox. Throws a UserError when `mail_from` is none. */
export function fromMailbox(options: MailOptions): Mailbox {
  return required(options.from, 'mail_from');
}

/** Envelope sender: `mail_return_path`, else the address of `mail_from`. Throws a UserError when it is no address. */
export function envelopeSender(options: MailOptions): string {
  if (options.returnPath === undefined) return fromMailbox(options).address;
  return required(options.returnPath, 'mail_return_path').address;
}

/**
 * Message-ID and ENVID of a report, without angle brackets: `label@domain of mail_from`. It is the same on every attempt, so that
 * receivers recognise a copy and a bounce finds its row.
 */
export function messageId(label: string, options: MailOptions): string {
  return `${label}@${domainOf(fromMailbox(options).address)}`;
}

function required(text: string, key: string): Mailbox {
  const mailbox = readMailbox(text);
  if (mailbox) return mailbox;
  throw new UserError({
    what: 'no mail address',
    where: key,
    got: text,
    expected: 'name@example.org',
    hint: `set ${key}`,
  });
}
