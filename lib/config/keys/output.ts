import type { Key } from './key.ts';

const section = 'Further options';

/** Keys that say what the program's own output looks like. */
export const OUTPUT_KEYS = {
  output: {
    section,
    kind: 'choice',
    takes: 'FORM',
    choices: ['text', 'json', 'html'],
    default: 'text',
    example: 'json',
    about: 'json: one JSON object a line on stdout, nothing else there; html: report-view only, one page',
  },
  color: {
    section,
    kind: 'choice',
    takes: 'WHEN',
    choices: ['auto', 'always', 'never'],
    default: 'auto',
    example: 'never',
    about: 'colour on the terminal; NO_COLOR is honoured',
  },
} as const satisfies Record<string, Key>;
