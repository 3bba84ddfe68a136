/*
 * The engine truncates a text at the first NUL when it reads it, and cannot write a lone surrogate. Both are therefore escaped in a way that
 * keeps different texts different and the order of code points: U+0000 and U+0001 follow an U+0001, U+D7FF and lone surrogates an U+D7FF.
 * JSON texts do not need it, because JSON.stringify escapes both.
 */

const ODD = /[\u0000\u0001\ud7ff\p{Cs}]/u;

const EACH_ODD = /[\u0000\u0001\ud7ff\p{Cs}]/gu;

const ESCAPED = /[\u0001\ud7ff]/;

const EACH_ESCAPED = /\u0001[\u0001\u0002]|\ud7ff[\u0002\ue000-\ue7ff]/g;

const NUL = '\u0000';
const SOH = '\u0001';
const STX = '\u0002';
const LAST_BEFORE_SURROGATES = '\ud7ff';
/** From a surrogate to the character in the private use area that stands for it. */
const SHIFT = 0xe000 - 0xd800;

/** The text as it is stored. */
export function encodeText(text: string): string {
  return ODD.test(text) ? text.replace(EACH_ODD, escape) : text;
}

function escape(c: string): string {
  if (c === NUL) return SOH + SOH;
  if (c === SOH) return SOH + STX;
  if (c === LAST_BEFORE_SURROGATES) return LAST_BEFORE_SURROGATES + STX;
  return LAST_BEFORE_SURROGATES + String.fromCharCode(c.charCodeAt(0) + SHIFT);
}

/** The text that was stored. */
export function decodeText(stored: string): string {
  return ESCAPED.test(stored) ? stored.replace(EACH_ESCAPED, unescape) : stored;
}

function unescape(pair: string): string {
  if (pair.startsWith(SOH)) return pair[1] === SOH ? NUL : SOH;
  return pair[1] === STX ? LAST_BEFORE_SURROGATES : String.fromCharCode(pair.charCodeAt(1) - SHIFT);
}
