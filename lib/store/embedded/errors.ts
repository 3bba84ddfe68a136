import { messageOf, UserError } from '../../model/user-error.ts';

/** What a person reads of a problem of the engine, by the engine's code or the beginning of it. */
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
  [
    'SQLITE_READONLY',
    'the database cannot be written',
    'run as the user it belongs to, or check the rights of the file and of its folder, where who reads writes, too',
  ],
  [
    'SQLITE_CANTOPEN',
    'the database cannot be opened',
    'name a file, not a folder; check that its folder exists, and the rights of both',
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
/** A code that the driver has no name for, such as that of a folder without the right to write. */
const UNNAMED = /^UNKNOWN_SQLITE_ERROR_(\d+)$/;
/** The engine's numbers of what is explained above. */
const NUMBERS: Readonly<Record<number, string>> = {
  3: 'SQLITE_PERM',
  5: 'SQLITE_BUSY',
  6: 'SQLITE_LOCKED',
  7: 'SQLITE_NOMEM',
  8: 'SQLITE_READONLY',
  10: 'SQLITE_IOERR',
  11: 'SQLITE_CORRUPT',
  13: 'SQLITE_FULL',
  14: 'SQLITE_CANTOPEN',
  15: 'SQLITE_PROTOCOL',
  18: 'SQLITE_TOOBIG',
  23: 'SQLITE_AUTH',
  26: 'SQLITE_NOTADB',
};

/**
 * A problem of the engine as a UserError: what, where, and what to do. Whatever is a problem of the program (a wrong statement, a
 * constraint) comes back as it is.
 */
export function toUserError(error: unknown, where: string): unknown {
  const code = readCode(error);
  const known = EXPLANATIONS.find(([prefix]) => code.startsWith(prefix));
  if (known === undefined) return error;
  const [, what, hint] = known;
  return new UserError({ what, where, hint }, { cause: error });
}

function readCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string' && error.code !== '') {
    const unnamed = UNNAMED.exec(error.code)?.[1];
    return unnamed === undefined ? error.code : (codeName(unnamed) ?? '');
  }
  // A connection that fails to open comes without a code, the number of which ends the message.
  const number = OPEN_FAILED.exec(messageOf(error))?.[1];
  return number === undefined ? '' : (codeName(number) ?? 'SQLITE_CANTOPEN');
}

/** Of the lower byte, which says what happened; the higher ones say more of how. */
function codeName(number: string): string | undefined {
  return NUMBERS[Number(number) & 0xff];
}
