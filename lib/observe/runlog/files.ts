import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { byCodePoint, toObject } from '../../model/event/object-view.ts';
import { messageOf, UserError } from '../../model/user-error.ts';
import { isMissing, unreadable } from '../../system/config-file.ts';
import { sortedJsonFile } from '../../model/text/sorted-json.ts';
import { writeFileAtomically } from '../../system/atomic-write.ts';
import { hostPart } from '../../run/run-id.ts';
import type { Runlog } from './record.ts';

/** Our runlogs: `<YYYYMMDDHHMM>.<host>.<pid>.runlog`, with a number where the name would not be unique. */
const OWN = /^\d{12}\.[A-Za-z0-9-]+\.\d+\.runlog$/;
/** Includes those of the reference, which can be read but are not deleted. */
const ANY = /^\d{12}.*\.runlog$/;
const LEFT_OVER = /^\.\d{12}\.[A-Za-z0-9-]+\.\d+\.runlog\.\d+\.tmp$/;
/** Bytes; a runlog of ten thousand reports has a tenth of that. */
const BIGGEST = 64 * 1024 * 1024;

/**
 * Writes a runlog as a file of its own and deletes the oldest ones beyond the number to be kept.
 * @param keep how many; 0: all
 * @returns its path
 * @throws UserError when it cannot be written
 */
export function saveRunlog(directory: string, runlog: Runlog, keep: number): string {
  const stem = `${runlog.ts_fsf}.${hostPart(runlog.host)}`;
  // In a container every run may be process 1 of the same host.
  let serial = runlog.pid;
  while (existsSync(join(directory, `${stem}.${serial}.runlog`))) serial++;
  const path = join(directory, `${stem}.${serial}.runlog`);
  // In pieces, down to the groups of `report.reports`, of which there may be ten thousands.
  writeFileAtomically(path, sortedJsonFile(runlog, 3), 'the runlog');
  prune(directory, keep, runlog.ts_fsf);
  return path;
}

/** Other processes may do the same at the same time. */
function prune(directory: string, keep: number, now: string): void {
  const names = readdirSync(directory);
  const own = names.filter((name) => OWN.test(name)).sort(byCodePoint);
  const old = keep === 0 ? [] : own.slice(0, -keep);
  // What a process that was killed while it wrote has left.
  const dead = names.filter((name) => LEFT_OVER.test(name) && name.slice(1, 9) < now.slice(0, 8));
  for (const name of [...old, ...dead]) rmSync(join(directory, name), { force: true });
}

/** Paths of all runlogs in a directory, newest first; none when it is missing. */
export function listRunlogs(directory: string): string[] {
  try {
    return readdirSync(directory)
      .filter((name) => ANY.test(name))
      .sort((a, b) => byCodePoint(b, a))
      .map((name) => join(directory, name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw unreadable(directory, error);
  }
}

/**
 * Reads a runlog, of ours or of the reference.
 * @throws UserError when the file is missing or is no runlog
 */
export function readRunlog(path: string): Readonly<Record<string, unknown>> {
  const runlog = toObject(parse(readText(path), path));
  if (runlog === undefined || typeof runlog['ts'] !== 'number')
    throw new UserError({ what: 'no runlog', where: path, expected: 'a JSON object with the number ts' });
  return runlog;
}

function readText(path: string): string {
  let size: number;
  try {
    size = statSync(path).size;
    if (size <= BIGGEST) return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, error);
  }
  throw new UserError({
    what: `no runlog: ${size} bytes`,
    where: path,
    expected: `at most ${BIGGEST} bytes`,
  });
}

function parse(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(
      { what: 'no runlog: no valid JSON', where: path, hint: firstWords(cause) },
      { cause },
    );
  }
}

/** The engine's message without its excerpt of the text. */
function firstWords(cause: unknown): string {
  return messageOf(cause).replace(/, (?:\.\.\.)?".*$/s, '');
}
