import { messageOf, UserError } from '../../model/user-error.ts';

/** What a person reads of a fault of the engine, by the engine's code or the beginning of it. */
const EXPLANATIONS: readonly (readonly [code: string, what: string, hint: string])[] = [
  ['SQLITE_NOTADB', 'is not an SQLite database', 'name another file'],
  [
    'SQLITE_CORRUPT',
    'the database is damaged',
    'restore it from a backup, or recover it with the sqlite3 tool',
  ],
  [
    'SQLITE_FULL',
    'no space left for the database',
    'free space on its medium and run again: nothing is lost',
  ],
  ['SQLITE_READONLY', 'the database cannot be written', 'check the rights of the file and of its folder'],
  [
    'SQLITE_CANTOPEN',
    'the database cannot be opened',
    'check that the folder exists, and the rights of file and folder',
  ],
  ['SQLITE_PERM', 'the database may not be used', 'check the rights of the file and of its folder'],
  ['SQLITE_AUTH', 'the database may not be used', 'check the rights of the file and of its folder'],
  ['SQLITE_BUSY', 'the database is locked by another process', 'wait until that process is done, or end it'],
  ['SQLITE_LOCKED', 'the database is locked', 'wait until the other user of the file is done, or end it'],
  [
    'SQLITE_PROTOCOL',
    'the database is locked by another process',
    'wait until that process is done, or end it',
  ],
  ['SQLITE_IOERR', 'the medium of the database fails', 'check disk and file system'],
  ['SQLITE_NOMEM', 'not enough memory for the database', 'give the process more memory'],
  [
    'SQLITE_TOOBIG',
    'a value is too big for the database',
    'leave the value out: a row holds up to 1,000,000,000 bytes',
  ],
];

const OPEN_FAILED = /^ConnectionFailed\(.*: (\d+)"\)$/s;
const OPEN_CODES: Readonly<Record<string, string>> = {
  14: 'SQLITE_CANTOPEN',
  26: 'SQLITE_NOTADB',
  5: 'SQLITE_BUSY',
};

/**
 * A fault of the engine as a UserError: what, where, and what to do. Whatever is a fault of the program (a wrong statement, a
 * constraint) comes back as it is.
 */
export function engineFault(error: unknown, where: string): unknown {
  const code = codeOf(error);
  const known = EXPLANATIONS.find(([prefix]) => code.startsWith(prefix));
  if (known === undefined) return error;
  const [, what, hint] = known;
  return new UserError({ what, where, hint }, { cause: error });
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code;
  // A connection that fails to open comes without a code, the number of which ends the message.
  const number = OPEN_FAILED.exec(messageOf(error))?.[1];
  return number === undefined ? '' : (OPEN_CODES[number] ?? 'SQLITE_CANTOPEN');
}
