import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { DEPTH_LIMIT, tooDeep } from '../model/event/event-line.ts';
import { byCodePoint, toObject } from '../model/event/object-view.ts';
import { messageOf, UserError } from '../model/user-error.ts';
import { jsonProblemOffset, lineAndColumn } from '../model/text/json-error.ts';

/** One file of configuration, unchecked. */
export interface ConfigFile {
  readonly path: string;
  /** As it was read, comments left blank, so that lines and columns are those of the file. */
  readonly text: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** Largest configuration file, in bytes: a device or a wrong file is refused before memory is full. */
const SIZE_LIMIT = 16 * 1024 * 1024;
const COMMENT = /^[^\S\n]*(?:#|\/\/).*$/gm;

/**
 * Reads one configuration file: a JSON object in which lines that begin with `#` or `//` are comments. An empty file, or one of comments
 * alone, is an empty object; a byte order mark is passed over.
 * @returns undefined when it is missing
 * @throws UserError, with line and column where known, when it cannot be read or is no such object
 */
export function readConfigFile(path: string): ConfigFile | undefined {
  const text = readText(path);
  if (text === undefined) return undefined;
  const json = text.replace(/^\uFEFF/, '').replace(COMMENT, '');
  if (json.trim() === '') return { path, text: json, values: {} };
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (error) {
    throw new UserError(
      {
        what: 'no valid JSON',
        where: `${path}${lineAndColumn(json, jsonProblemOffset(json))}`,
        hint: cleaned(messageOf(error)),
      },
      { cause: error },
    );
  }
  const values = toObject(value);
  if (values === undefined)
    throw new UserError({ what: 'wrong content', where: path, got: value, expected: 'a JSON object' });
  if (tooDeep(json)) throw new UserError({ what: `nested deeper than ${DEPTH_LIMIT} levels`, where: path });
  return { path, text: json, values };
}

/**
 * Reads the `*.json.conf` files of a folder, by name in code point order.
 * @returns undefined when the folder is missing
 */
export function readConfigDir(path: string): readonly ConfigFile[] | undefined {
  let names: string[];
  try {
    names = readdirSync(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
  return names
    .filter((name) => name.endsWith('.json.conf'))
    .sort(byCodePoint)
    .map((name) => join(path, name))
    .filter(isFile)
    .map(readConfigFile)
    .filter((file) => file !== undefined);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function readText(path: string): string | undefined {
  try {
    return readBounded(path, SIZE_LIMIT, 'a configuration');
  } catch (error) {
    if (error instanceof UserError) throw error;
    if (isMissing(error)) return undefined;
    throw unreadable(path, error);
  }
}

/**
 * The text of a file of up to so many bytes. A pipe is a file, too, so the size is what comes out of it.
 * @param expected what a larger one is not
 * @throws UserError when there is more of it, else what the system says
 */
export function readBounded(path: string, limit: number, expected: string): string {
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const part = Buffer.allocUnsafe(65_536);
    let text = '';
    for (let size = 0; size <= limit;) {
      const read = readSync(file, part);
      if (read === 0) return text + decoder.end();
      text += decoder.write(part.subarray(0, read));
      size += read;
    }
  } finally {
    closeSync(file);
  }
  throw new UserError({ what: `larger than ${limit} bytes`, where: path, expected });
}

/** True when a file system call failed because there is no such file. */
export function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** A file system error as a problem for people. */
export function unreadable(path: string, cause: unknown): UserError {
  const reasons: Partial<Record<string, string>> = {
    EACCES: 'no permission to read it',
    EISDIR: 'it is a directory',
    ENOTDIR: 'it, or a part of its path, is no directory',
    ENOENT: 'there is no such file',
  };
  return new UserError(
    { what: reasons[(cause as NodeJS.ErrnoException).code ?? ''] ?? messageOf(cause), where: path },
    { cause },
  );
}

/** The engine's message without the excerpt of the text, which can hold secrets, and without its own position. */
function cleaned(message: string): string {
  return message.replace(/, (?:\.\.\.)?".*$/s, '').replace(/ in JSON at position.*$/s, '');
}
