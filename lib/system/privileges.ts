import { messageOf, UserError } from '../model/user-error.ts';

/** The part of `process` that changes user and group; its members are missing on platforms without users. */
export interface Identity {
  readonly setuid?: (user: string | number) => void;
  readonly setgid?: (group: string | number) => void;
  readonly setgroups?: (groups: readonly number[]) => void;
  readonly initgroups?: (user: string | number, group: number) => void;
  readonly geteuid?: () => number;
  readonly getuid?: () => number;
  readonly getgid?: () => number;
  readonly getgroups?: () => readonly number[];
}

interface Account {
  readonly user: string | number | undefined;
  readonly group: string | number | undefined;
}

/**
 * Changes user and group of the process permanently (real, effective and saved ids) and drops the supplementary groups. The group is
 * changed first, while that is still allowed. Without `group` the group id stays.
 * @returns a description of the new identity; undefined when nothing is to be changed
 * @throws UserError when there is no such user or group, or the change is not allowed
 */
export function changeIdentity({ user, group }: Account, identity: Identity): string | undefined {
  if (user === undefined && group === undefined) return undefined;
  const { setuid, setgid } = identity;
  if (setuid === undefined || setgid === undefined)
    throw new UserError({ what: 'user and group cannot be changed on this system', where: 'user, group' });
  // Only root may set supplementary groups.
  const maySetGroups = identity.geteuid?.() === 0;
  if (group !== undefined) become('group', group, setgid);
  if (maySetGroups) setSupplementaryGroups(user, identity);
  if (user !== undefined) become('user', user, setuid);
  const { getuid, getgid, getgroups } = identity;
  return `user ${getuid?.()}, group ${getgid?.()}, supplementary groups ${getgroups?.().join(' ') ?? ''}`;
}

/** Sets the supplementary groups to those of the user, or to the own group alone without a user or for an unnamed user id. */
function setSupplementaryGroups(
  user: string | number | undefined,
  { initgroups, setgroups, getgid }: Identity,
): void {
  const own = getgid?.() ?? 0;
  const setOwn = (): void => setgroups?.([own]);
  if (user === undefined) {
    become('group', own, setOwn);
    return;
  }
  try {
    become('user', user, (account) => initgroups?.(account, own));
  } catch (error) {
    if (numberOf(user) === undefined) throw error;
    become('user', user, setOwn);
  }
}

/** Tries a name before a number, because `1000` may be a user's name. */
function become(
  what: 'user' | 'group',
  account: string | number,
  change: (account: string | number) => void,
): void {
  try {
    change(account);
  } catch (cause) {
    const number = numberOf(account);
    if (isUnknown(cause) && typeof account === 'string' && number !== undefined) {
      become(what, number, change);
      return;
    }
    throw refusal(what, account, cause);
  }
}

function numberOf(account: string | number): number | undefined {
  if (typeof account === 'number') return account;
  return /^\d{1,10}$/.test(account) ? Number(account) : undefined;
}

function isUnknown(cause: unknown): boolean {
  return (cause as NodeJS.ErrnoException).code === 'ERR_UNKNOWN_CREDENTIAL';
}

function refusal(what: 'user' | 'group', got: string | number, cause: unknown): UserError {
  if (isUnknown(cause))
    return new UserError(
      {
        what: `there is no such ${what}`,
        where: what,
        got,
        expected: `the name or number of a ${what} of this system`,
      },
      { cause },
    );
  const denied = (cause as NodeJS.ErrnoException).code === 'EPERM';
  return new UserError(
    {
      what: `cannot become this ${what}`,
      where: what,
      got,
      hint: denied ? 'only root may: start it as root, or leave the setting out' : messageOf(cause),
    },
    { cause },
  );
}
