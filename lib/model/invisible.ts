/**
 * Characters that nobody sees and no script needs, and that make a text look like another one: soft hyphen, direction controls, zero-width
 * spaces, invisible operators, byte order mark, marks of annotations. For the inside of a class of a regular expression. The two joiners are
 * not among them: some scripts, and pictures of people, are written with them.
 */
export const INVISIBLE =
  '\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb';

/** The same beyond the basic plane: tag characters, which can spell a whole text. For an expression with the flag `u`. */
export const TAGS = '\\u{e0000}-\\u{e007f}';
