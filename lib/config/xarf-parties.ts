import { domainOf, readMailbox } from '../mail/address.ts';
import { fromMailbox } from '../mail/identity.ts';
import type { MailOptions } from '../mail/options.ts';
import { UserError } from '../model/user-error.ts';
import type { XarfContact, XarfParties } from '../report/xarf/documents.ts';
import type { Config } from './keys/index.ts';

/** Characters of an organisation's name in X-ARF. */
const ORG_LIMIT = 200;

/**
 * Who X-ARF documents come from: the team and its contact as reporter, `mail_from` as sender. Throws a UserError when one of them has no mail
 * address that X-ARF allows: at a domain with a dot.
 */
export function xarfParties(config: Config, mail: MailOptions): XarfParties {
  const { xarf_org: org, xarf_contact: contact, template_vars: vars } = config;
  const from = fromMailbox(mail).address;
  const name = org ?? textOf(vars['team']) ?? domainOf(from);
  const party = (address: string): XarfContact => ({
    org: name.slice(0, ORG_LIMIT),
    contact: address,
    domain: domainOf(address),
  });
  const sender = party(addressOf(from, 'mail_from'));
  const own = contact ?? textOf(vars['contact_email']);
  const reporter =
    own === undefined ? sender : party(addressOf(own, 'xarf_contact, else contact_email of template_vars'));
  return { reporter, sender };
}

function addressOf(text: string, where: string): string {
  const address = readMailbox(text)?.address;
  if (address !== undefined && domainOf(address).includes('.')) return address;
  throw new UserError({
    what: 'X-ARF needs a mail address',
    where,
    got: text,
    expected: 'name@example.org',
    hint: 'set it, or take xarf off: a group has it on',
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
