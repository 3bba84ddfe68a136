// One event as it goes into an attachment: the stored JSON as it is, numbers digit by digit, without our own keys and without passwords.
import { INVISIBLE, JOINING, TAGS } from '../../model/text/invisible.ts';
import { maskUrlPasswords } from '../../model/text/url-password.ts';

/**
 * Texts without any of this can go out as they are. Escaped ASCII could spell a key in another way, half a surrogate pair is no text, and what
 * is invisible, escaped or not, could stand in the middle of an address with a password.
 */
const NEEDS_CARE = new RegExp(
  '"_idx?"|credentials|"(?:passw|passphrase|pwd)[a-z]*"\\s*:|:\\\\?\\/\\\\?\\/[^\\s"]*@|pass(?:wo?r?d|phrase)?=|pwd=' +
    `|\\\\u(?:00[2-7a]|034f|061c|11[56]|17b|180e|20[0-6]|3164|d[89a-f]|fe|ff)|[${JOINING}${INVISIBLE}]|\\udb40`,
  'i',
);
// C1 controls, DEL, separators, what is invisible. C0 controls cannot stand raw in JSON.
const UNSAFE = new RegExp(`[\\u007f-\\u009f\\u2028\\u2029${INVISIBLE}${TAGS}]`, 'gu');
/** Keys whose value is a password wherever they stand. */
const PASSWORD_KEY = /^(?:passw(?:or)?ds?|passphrases?|pwds?)$/i;
/** Keys of a login that give no password away. */
const LOGIN_KEY = /^(?:user(?:name)?|login|type|note|description)$/i;
const OWN_KEYS: readonly string[] = ['_id', '_idx'];
const MASKED = '"***"';

/** @param body the event as valid JSON; the same event always gives the same bytes */
export function exportText(body: string): string {
  const text = NEEDS_CARE.test(body) ? rewrite(body) : body;
  return text.toWellFormed().replace(UNSAFE, (c) => c.split('').map(escaped).join(''));
}

function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const TOKEN = /[\s,:]*(?:([{}[\]])|("[^"\\]*(?:\\.[^"\\]*)*")|([^\s{}[\],:"]+))/y;

/** An object or array that is being copied, or left out. */
interface Frame {
  readonly object: boolean;
  readonly left: boolean;
  /** Within `Credentials`, where every value is a secret but those of {@link LOGIN_KEY}. */
  readonly secret: boolean;
  /** Something was copied before, so a comma is due. */
  filled: boolean;
  /** In an object: the key whose value comes next, as written. */
  key: string | undefined;
}

/** Copies the JSON token by token, without recursion, so that nesting costs nothing but memory. */
function rewrite(text: string): string {
  const out: string[] = [];
  const stack: Frame[] = [];
  TOKEN.lastIndex = 0;
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const [, bracket, quoted, literal] = token;
    const frame = stack.at(-1);
    if (bracket === '}' || bracket === ']') {
      if (stack.pop()?.left === false) out.push(bracket);
    } else if (frame?.object === true && frame.key === undefined) {
      frame.key = quoted;
    } else {
      const value = bracket ?? (quoted === undefined ? literal! : withoutPasswords(quoted));
      place(out, stack, value, bracket);
    }
  }
  return out.join('');
}

function place(out: string[], stack: Frame[], value: string, bracket: string | undefined): void {
  const frame = stack.at(-1);
  const key = frame?.key;
  if (frame !== undefined) frame.key = undefined;
  const name = key === undefined ? '' : (JSON.parse(key) as string);
  const logins = name.toLowerCase() === 'credentials';
  const secret = logins || (frame?.secret === true && !LOGIN_KEY.test(name));
  const masked = PASSWORD_KEY.test(name) || (secret && bracket === undefined);
  const left = frame?.left === true || (stack.length === 1 && OWN_KEYS.includes(name));
  if (!left) {
    if (frame?.filled === true) out.push(',');
    if (frame !== undefined) frame.filled = true;
    if (key !== undefined) out.push(wellFormed(key), ':');
    out.push(masked ? MASKED : value);
  }
  if (bracket === undefined) return;
  stack.push({
    object: bracket === '{',
    left: left || masked,
    secret,
    filled: false,
    key: undefined,
  });
}

/** A text as written, with the passwords of addresses in it masked. */
function withoutPasswords(quoted: string): string {
  if (!/[@=\\]/.test(quoted)) return quoted;
  const text = JSON.parse(quoted) as string;
  const masked = maskUrlPasswords(text);
  return wellFormed(masked === text ? quoted : JSON.stringify(masked));
}

const ESCAPES =
  /\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|[^])/g;

/** An escape of half a character becomes one of U+FFFD. */
function wellFormed(quoted: string): string {
  return quoted.replace(ESCAPES, (escape, lone: string | undefined) =>
    lone === undefined ? escape : '\\ufffd',
  );
}
