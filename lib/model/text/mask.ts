/** Written in place of a secret. */
const MASK = '***';

/**
 * The password of `scheme://user:password@…`. It may contain an `@` or a `/` that was not escaped, so it ends at the last `@` of
 * the word. Lengths are bounded to keep the search linear.
 */
const IN_ADDRESS =
  /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/?#]{0,1000}):(?:(?!:\/\/)\S){0,4000}@/gi;
/** A word, as far as its last `@` with a host behind it. */
const UP_TO_HOST = /(?<![^\s"'<>,[\]{}()])[^\s"'<>,[\]{}()]+@(?=[a-z0-9[])/gi;
/**
 * The password of `user:password@…` where the scheme was forgotten or mistyped; it may hold an `@` or a `:`. The words
 * excluded at its beginning are schemes that a path or an address follows.
 */
const WITHOUT_SCHEME =
  /(?<![a-z0-9._~%+-])(?!(?:sqlite|spool|sendmail|mailto|mongodb|mongodb\+srv|smtps?):)([a-z0-9._~%+-]{1,200}):(?!\/\/).+@$/i;
/**
 * A secret among the options of a URI: `?tlsCertificateKeyFilePassword=…`, `&authMechanismProperties=AWS_SESSION_TOKEN:…`. Semicolons
 * between them and an escaped `=` are recognised, too.
 */
const IN_QUERY =
  /([?&;"](?=[^\s=?&;#%"]{0,100}(?:pass|pwd|secret|token|credential|authMechanismProperties))[^\s=?&;#%"]{1,200}(?:=|%3d))[^\s&#]*/gi;
/** Whole words of a key that name a secret. */
const SECRET_WORDS =
  /(?:^|[^a-z])(?:pass|passwd|password|passphrase|pwd|secret|token|credentials?|(?:api|access|private|secret)[^a-z]?key)s?(?:[^a-z]|$)/i;

/** The text with every credential in a URI masked, wherever in it the URI stands. */
export function maskText(text: string): string {
  return text
    .replace(IN_ADDRESS, `$1:${MASK}@`)
    .replace(UP_TO_HOST, (word) => word.replace(WITHOUT_SCHEME, `$1:${MASK}@`))
    .replace(IN_QUERY, `$1${MASK}`);
}

/** A copy of a JSON value with every credential masked: in URIs, and all values of keys that name a secret. */
export function maskValue(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(maskValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [
      key,
      isSecret(key) ? maskSecret(member) : maskValue(member),
    ]),
  );
}

/** True when a key names a secret: `password`, `apiKey`, `smtp_password`, but neither `passive` nor `mail_return_path`. */
export function isSecret(key: string): boolean {
  return SECRET_WORDS.test(key.replace(/([a-z0-9])([A-Z])/g, '$1_$2'));
}

/** Missing values and flags are shown, because they are no secret and help to find a mistake. */
function maskSecret(value: unknown): unknown {
  return value === null || value === undefined || value === '' || typeof value === 'boolean' ? value : MASK;
}
