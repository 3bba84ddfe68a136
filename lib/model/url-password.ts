/**
 * The password of an address's authority (RFC 3986, 3.2): what stands between the first `:` and the last `@` before a `/`, `?` or `#`. What
 * comes later in an address may hold both characters, and is none. Whitespace, quotes and brackets end an address in running text. Every part
 * ends before the `/` that each address needs, so the search takes time linear in the text.
 */
const PASSWORD = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/?#\\<>"]*:)[^\s/?#\\<>"]*@/gi;

/** The password among the parameters of an address, also of one without a scheme: `?password=…`, `&user_pwd=…`. */
const PARAMETER = /([?&;](?:[a-z0-9]{1,30}[_.-])?(?:pass|passwd|password|passphrase|pwd)=)[^\s&;#\\<>"]+/gi;

/**
 * A text of an event with the passwords of the addresses in it masked: `ftp://user:***@host/`, `https://host/?password=***`. They are nothing
 * that a report may pass on.
 */
export function maskUrlPasswords(text: string): string {
  const masked = text.includes('@') && text.includes('://') ? text.replace(PASSWORD, '$1***@') : text;
  return masked.includes('=') ? masked.replace(PARAMETER, '$1***') : masked;
}
