/*
 * What nobody sees in a text, for the inside of a class of a regular expression.
 */

/**
 * Characters that nobody sees and no script needs, and that make a text look like another one: soft hyphen, grapheme joiner, direction controls,
 * letters of Hangul and Khmer that only fill a place, zero-width spaces, invisible operators, byte order mark, marks of annotations.
 */
export const INVISIBLE =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb';

/**
 * The same beyond the basic plane: tag characters, which can spell a whole text, and selectors of variants, which can carry one. For an
 * expression with the flag `u`.
 */
export const TAGS = '\\u{e0000}-\\u{e007f}\\u{e0100}-\\u{e01ef}';

/** Selectors of variants: one belongs to the character before it, and says whether that is a letter or a picture. */
export const SELECTORS = '\\ufe00-\\ufe0f';

/** What is not seen either, but some scripts, and pictures of people, are written with: the two joiners, and selectors. */
export const JOINING = `\\u200c\\u200d${SELECTORS}`;
