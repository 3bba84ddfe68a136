import type { Group } from '../model/group/group.ts';
import { UserError } from '../model/user-error.ts';
import { domainOf, readMailbox, readMailboxAt } from './address.ts';
import { fromMailbox } from './identity.ts';
import type { MailOptions } from './options.ts';

/** Mail that does not go where it would: a trial, or what an operator holds back from a group. */
export type Mark = 'test' | 'redirected';

/** Who gets a lane's mails: distinct valid addresses, none of them twice over all three lists, at least one in all. */
export interface Recipients {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
  readonly mark: Mark | undefined;
  /** Who would get them without test mode and redirect; for the record. */
  readonly intended: readonly string[];
  /** What was written as an address and is none, or one that cannot be served; for a warning. */
  readonly refused: readonly string[];
}

interface Lists {
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly bcc: readonly string[];
}

/**
 * The recipients of a group. Test mode: `to` when given, else `admin`; the group's redirect: `admin`; neither ever has a Cc or Bcc.
 * Otherwise `to`, `cc` and `bcc` each replace the group's list: its `emails`, failing those its name when that is an address.
 * Throws a UserError that names the group when no valid recipient remains.
 */
export function recipientsOf(group: Group, options: MailOptions): Recipients {
  const refused: string[] = [];
  const domain = domainOf(fromMailbox(options).address);
  const given = (list: readonly string[] | undefined): readonly string[] | undefined =>
    list === undefined || list.length === 0
      ? undefined
      : valid(list, refused, (text) => readMailboxAt(text, domain));
  const alone = (to: readonly string[]): Lists => ({ to, cc: [], bcc: [] });

  const { emails, redirect } = group.settings;
  const own = emails.length > 0 ? valid(emails, refused, readMailbox) : valid([group.name], [], readMailbox);
  const mark: Mark | undefined = options.testMode ? 'test' : redirect ? 'redirected' : undefined;
  const usual = distinct(
    options.testMode
      ? alone(own)
      : { to: given(options.to) ?? own, cc: given(options.cc) ?? [], bcc: given(options.bcc) ?? [] },
  );
  const lists =
    mark === undefined
      ? usual
      : distinct(alone((mark === 'test' ? given(options.to) : undefined) ?? given(options.admin) ?? []));
  if (addressesOf(lists).length === 0) throw nobody(group, mark, refused);
  return { ...lists, mark, intended: addressesOf(usual), refused };
}

/** To, Cc and Bcc in one list. */
export function addressesOf(lists: Lists): readonly string[] {
  return [...lists.to, ...lists.cc, ...lists.bcc];
}

function valid(
  list: readonly string[],
  refused: string[],
  read: (text: string) => { address: string } | undefined,
): readonly string[] {
  return list.flatMap((text) => {
    const mailbox = read(text);
    if (!mailbox) refused.push(text);
    return mailbox ? [mailbox.address] : [];
  });
}

/** Each address once, at its first place. In practice case does not distinguish mailboxes, and a report goes to each once. */
function distinct(lists: Lists): Lists {
  const seen = new Set<string>();
  const fresh = (list: readonly string[]) =>
    list.filter((address) => seen.size < seen.add(address.toLowerCase()).size);
  return { to: fresh(lists.to), cc: fresh(lists.cc), bcc: fresh(lists.bcc) };
}

function nobody(group: Group, mark: Mark | undefined, refused: readonly string[]): UserError {
  const hint = {
    test: 'set mail_to or mail_admin to an address',
    redirected: 'set mail_admin to an address, or switch the group\'s "redirect" off',
    none: 'add "emails" to the group\'s settings, or give --mail-to',
  }[mark ?? 'none'];
  return new UserError({
    what: 'no valid mail recipient',
    where: `group ${group.name}`,
    got: refused.length > 0 ? refused : undefined,
    expected: 'abuse@example.org',
    hint,
  });
}
