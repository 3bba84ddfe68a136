import { messageOf, UserError } from '../../model/user-error.ts';

/** Explanations by the engine's error code or its beginning. */
const EXPLANATIONS: readonly (readonly [code: string, what: string, hint: string])[] = [
  ['SQLITE_NOTADB', 'is not an SQLite database', 'name another file'],
  [
    'SQLITE_CORRUPT',
    'the database is damaged',
    'restore it from a backup, or recover it with the sqlite3 tool',
  ],
  ['SQLITE_FULL', 'no space left for the database', 'free space on its disk and run again: nothing is lost'],
  [
    'SQLITE_READONLY',
    'the database cannot be written',
    'run as its owner, or check the permissions of the file and of its folder, which readers have to write to, too',
  ],
  [
    'SQLITE_CANTOPEN',
    'the database cannot be opened',
    'name a file, not a folder; check that its folder exists, and the permissions of both',
  ],
  ['SQLITE_PERM', 'the database may not be used', 'check the permissions of the file and of its folder'],
  ['SQLITE_AUTH', 'the database may not be used', 'check the permissions of the file and of its folder'],
  [
    'SQLITE_BUSY',
    'the database is locked by another process',
    'wait until that process has finished, or stop it',
  ],
  ['SQLITE_LOCKED', 'the database is locked', 'wait until the other process has finished, or stop it'],
  [
    'SQLITE_PROTOCOL',
    'the database is locked by another process',
    'wait until that process has finished, or stop it',
  ],
  ['SQLITE_IOERR', 'the disk of the database fails', 'check disk and file system'],
  ['SQLITE_NOMEM', 'not enough memory for the database', 'give the process more memory'],
  [
    'SQLITE_TOOBIG',
    'a value is too big for the database',
    'leave the value out: a row holds up to 1,000,000,000 bytes',
  ],
];

const OPEN_FAILED = /^ConnectionFailed\(.*: (\d+)"\)$/s;
/** A code that the driver has no name for. */
const UNNAMED = /^UNKNOWN_SQLITE_ERROR_(\d+)$/;
/** Codes by the engine's numbers. */
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
 * Turns an error of the engine into a UserError. Errors of the program, such as a wrong statement, are returned unchanged.
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
  // When a connection fails to open, only the end of the message has the number of the code.
  const number = OPEN_FAILED.exec(messageOf(error))?.[1];
  return number === undefined ? '' : (codeName(number) ?? 'SQLITE_CANTOPEN');
}

/** The code of the lowest byte; the higher bytes only add details. */
function codeName(number: string): string | undefined {
  return NUMBERS[Number(number) & 0xff];
}
