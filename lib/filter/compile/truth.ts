// The three truth values and how they combine.

export const FALSE = 0;
export const TRUE = 1;
/** Produced by missing data; a filter that ends unknown does not match. */
export const UNKNOWN = 2;

export type Truth = typeof FALSE | typeof TRUE | typeof UNKNOWN;

export function toTruth(flag: boolean): Truth {
  return flag ? TRUE : FALSE;
}

export function not(truth: Truth): Truth {
  return truth === UNKNOWN ? UNKNOWN : truth === TRUE ? FALSE : TRUE;
}

/** Exactly one true is true, two are false; with none, unknown if either is. */
export function xor(a: Truth, b: Truth): Truth {
  if (a === TRUE || b === TRUE) return toTruth(a !== b);
  return a === UNKNOWN || b === UNKNOWN ? UNKNOWN : FALSE;
}
