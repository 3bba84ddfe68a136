/**
 * Invisible characters that no script needs, for the inside of a class of a regular expression: soft hyphen, grapheme joiner, direction
 * controls, fillers of Hangul and Khmer, zero-width spaces, invisible operators, byte order mark, annotation marks.
 */
export const INVISIBLE =
  '\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ufeff\\uffa0\\ufff9-\\ufffb';

/**
 * The same beyond the basic plane: tag characters and variation selectors, which can carry a whole text. For an expression with the flag
 * `u`.
 */
export const TAGS = '\\u{e0000}-\\u{e007f}\\u{e0100}-\\u{e01ef}';

/** Variation selectors: one decides whether the character before it is shown as a letter or as a picture. */
export const SELECTORS = '\\ufe00-\\ufe0f';

/** Invisible characters that some scripts and emoji need: the two joiners and the selectors. */
export const JOINING = `\\u200c\\u200d${SELECTORS}`;
