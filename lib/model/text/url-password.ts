import { INVISIBLE, JOINING, TAGS } from './invisible.ts';

/**
 * The password in the authority of a URL (RFC 3986, 3.2): between the first `:` and the last `@` before a `/`, `?` or `#`. Whitespace, quotes
 * and brackets end a URL in running text. Every part ends before the `/`, so the search takes time linear in the text.
 */
const PASSWORD = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/?#\\<>"]*:)[^\s/?#\\<>"]*@/gi;

/** A password among the parameters of a URL, also of one without a scheme: `?password=…`, `&user_pwd=…`. */
const PARAMETER = /([?&;](?:[a-z0-9]{1,30}[_.-])?(?:pass|passwd|password|passphrase|pwd)=)[^\s&;#\\<>"]+/gi;

/** Characters that mails leave out, so that a URL they hide becomes readable there. */
const UNSEEN = `[${JOINING}${INVISIBLE}${TAGS}]`;
const HAS_UNSEEN = new RegExp(UNSEEN, 'u');
const EACH_UNSEEN = new RegExp(UNSEEN, 'gu');

/**
 * A text of an event with the passwords of URLs masked: `ftp://user:***@host/`, `https://host/?password=***`. Invisible characters are removed
 * where they would hide one.
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
