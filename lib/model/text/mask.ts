/** What stands in the place of a secret. */
const MASK = '***';

/**
 * The password of `scheme://user:password@…`. It may hold an `@` or a `/` that somebody forgot to escape, so it reaches to the last `@` of
 * the word: rather too much is hidden than too little. Lengths are bounded, so that a hostile text costs no time.
 */
const IN_ADDRESS =
  /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:\/\/[^\s:@/?#]{0,1000}):(?:(?!:\/\/)\S){0,4000}@/gi;
/** A word, as far as its last `@` with a host behind it. */
const UP_TO_HOST = /(?<![^\s"'<>,[\]{}()])[^\s"'<>,[\]{}()]+@(?=[a-z0-9[])/gi;
/**
 * The password of `user:password@…` where the scheme was forgotten or mistyped; it may hold an `@` or a `:`. Words that stand before a colon
 * and no user are schemes of ours: a path or an address follows them.
 */
const WITHOUT_SCHEME =
  /(?<![a-z0-9._~%+-])(?!(?:sqlite|spool|sendmail|mailto|mongodb|mongodb\+srv|smtps?):)([a-z0-9._~%+-]{1,200}):(?!\/\/).+@$/i;
/**
 * A secret among the options of a URI: `?tlsCertificateKeyFilePassword=…`, `&authMechanismProperties=AWS_SESSION_TOKEN:…`. Somebody may have
 * separated them by semicolons, or escaped too much. A name ends where the next one may begin, so that each is looked at once.
 */
const IN_QUERY =
  /([?&;"](?=[^\s=?&;#%"]{0,100}(?:pass|pwd|secret|token|credential|authMechanismProperties))[^\s=?&;#%"]{1,200}(?:=|%3d))[^\s&#]*/gi;
/** Names under which secrets are kept, as whole words of a key. */
const SECRET_WORDS =
  /(?:^|[^a-z])(?:pass|passwd|password|passphrase|pwd|secret|token|credentials?|(?:api|access|private|secret)[^a-z]?key)s?(?:[^a-z]|$)/i;

/** The text with every credential in a URI masked, wherever in it the URI stands. */
export function maskText(text: string): string {
  return text
    .replace(IN_ADDRESS, `$1:${MASK}@`)
    .replace(UP_TO_HOST, (word) => word.replace(WITHOUT_SCHEME, `$1:${MASK}@`))
    .replace(IN_QUERY, `$1${MASK}`);
}

/** A copy of a JSON value in which every credential is masked: in URIs, and whatever stands under a key that is named for a secret. */
export function masked(value: unknown): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]: [string, unknown]) => [
      key,
      isSecret(key) ? hidden(member) : masked(member),
    ]),
  );
}

/** True when a key is named for a secret: `password`, `apiKey`, `smtp_password`, but neither `passive` nor `mail_return_path`. */
export function isSecret(key: string): boolean {
  return SECRET_WORDS.test(key.replace(/([a-z0-9])([A-Z])/g, '$1_$2'));
}

/** What is not there, or is no text, gives nothing away: that it is missing is what a person looks for. */
function hidden(value: unknown): unknown {
  return value === null || value === undefined || value === '' || typeof value === 'boolean' ? value : MASK;
}
