import { UserError } from '../user-error.ts';

/** What user and password of a URI may hold as it is: unreserved characters, sub-delimiters, `:` and escapes (RFC 3986 3.2.1). */
const PLAIN = /^(?:[A-Za-z0-9._~!$&'()*+,;=:-]|%[0-9A-Fa-f]{2})$/;

/**
 * Refuses a URI whose user or password holds a character that has to be escaped: `#`, `/` and `?` end the part in which they stand, so that
 * another host than the one that is meant would get a part of the password. Nothing of the URI is printed.
 * @param where the key that holds it
 * @throws UserError
 */
export function requireEscapedUserInfo(uri: string, where: string): void {
  const rest = /^[a-z][a-z0-9+.-]*:\/\/(.*)$/is.exec(uri)?.[1];
  if (rest === undefined) return;
  // Up to the last `@`, so one in an option has to be escaped, too: it cannot be told from one in a password with a `/`, `?` or `#`.
  const end = rest.lastIndexOf('@');
  if (end < 0) return;
  const wrong = (rest.slice(0, end).match(/%[0-9A-Fa-f]{2}|./gsu) ?? []).find((part) => !PLAIN.test(part));
  if (wrong === undefined) return;
  throw new UserError({
    what: 'user or password with a character that has to be escaped',
    where,
    expected: 'percent-encoded characters (RFC 3986)',
    hint: `write ${/^[\x21-\x7e]$/.test(wrong) ? wrong : 'it'} as ${escaped(wrong)}`,
  });
}

function escaped(character: string): string {
  return [...Buffer.from(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)
    .join('');
}
