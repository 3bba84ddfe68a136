import { INVISIBLE, JOINING, TAGS } from './invisible.ts';

/**
 * The password of an address's authority (RFC 3986, 3.2): what stands between the first `:` and the last `@` before a `/`, `?` or `#`. What
 * comes later in an address may hold both characters, and is none. Whitespace, quotes and brackets end an address in running text. Every part
 * ends before the `/` that each address needs, so the search takes time linear in the text.
 */
const PASSWORD = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/?#\\<>"]*:)[^\s/?#\\<>"]*@/gi;

/** The password among the parameters of an address, also of one without a scheme: `?password=…`, `&user_pwd=…`. */
const PARAMETER = /([?&;](?:[a-z0-9]{1,30}[_.-])?(?:pass|passwd|password|passphrase|pwd)=)[^\s&;#\\<>"]+/gi;

/** What a mail leaves out, so that an address that it hides from sight becomes one there. */
const UNSEEN = `[${JOINING}${INVISIBLE}${TAGS}]`;
const HAS_UNSEEN = new RegExp(UNSEEN, 'u');
const EACH_UNSEEN = new RegExp(UNSEEN, 'gu');

/**
 * A text of an event with the passwords of the addresses in it masked: `ftp://user:***@host/`, `https://host/?password=***`. They are nothing
 * that a report may pass on. Invisible characters hide none, and are gone where they tried to.
 */
export function maskUrlPasswords(text: string): string {
  if (!text.includes('@') && !text.includes('=')) return text;
  if (HAS_UNSEEN.test(text)) {
    const seen = text.replace(EACH_UNSEEN, '');
    const masked = maskSeen(seen);
    if (masked !== seen) return masked;
  }
  return maskSeen(text);
}

function maskSeen(text: string): string {
  const masked = text.includes('@') && text.includes('://') ? text.replace(PASSWORD, '$1***@') : text;
  return masked.includes('=') ? masked.replace(PARAMETER, '$1***') : masked;
}
