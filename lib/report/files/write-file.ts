import { randomBytes } from 'node:crypto';
import { open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { joinIntoBlocks } from '../../model/text/text-blocks.ts';
import { makeFolder } from '../../system/make-folder.ts';
import { UserError } from '../../model/user-error.ts';

// Files that are there whole or not at all, written piece by piece.

const FOLDER_MODE = 0o750;
const FILE_MODE = 0o640;

/** How a file lies in its zip file. */
export interface ZipMember {
  readonly name: string;
  /** Shown by zip programs: local time of the day given, noon, so that neither the clock nor the host's zone shows in the bytes. */
  readonly day: { readonly year: number; readonly month: number; readonly day: number };
}

/**
 * Writes a file under a temporary name and renames it; folders are made. Rejects with a UserError that names the path when the medium is
 * full or a right is missing; then nothing is left behind.
 * @returns its size in bytes
 */
export async function writeFileWhole(
  path: string,
  lines: Iterable<string>,
  zip?: ZipMember,
): Promise<number> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    makeFolder(dirname(path), FOLDER_MODE);
    // Opened here, so that it cannot be created after it was deleted.
    const file = await open(temporary, 'wx', FILE_MODE);
    const size = await (zip === undefined ? writePlain(file, lines) : writeZipped(file, lines, zip));
    await rename(temporary, path);
    return size;
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw problem(error, path);
  }
}

/** Without streams, which cost as much as a small file itself: three times the processor. */
async function writePlain(file: FileHandle, lines: Iterable<string>): Promise<number> {
  let size = 0;
  try {
    for (const block of joinIntoBlocks(lines)) {
      const bytes = Buffer.from(block);
      await file.appendFile(bytes);
      size += bytes.length;
    }
  } finally {
    await file.close();
  }
  return size;
}

async function writeZipped(file: FileHandle, lines: Iterable<string>, zip: ZipMember): Promise<number> {
  const content = Readable.from(joinIntoBlocks(lines), { objectMode: false });
  const out = file.createWriteStream();
  await pipeline(zipped(content, zip), out);
  return out.bytesWritten;
}

function zipped(content: Readable, { name, day }: ZipMember): NodeJS.ReadableStream {
  const zip = new ZipFile();
  // Typed less narrowly than it is: a PassThrough.
  const out = zip.outputStream as NodeJS.ReadableStream & Pick<Readable, 'destroy'>;
  const fail = (error: Error): void => {
    out.destroy(error);
  };
  zip.on('error', fail);
  content.on('error', fail);
  const mtime = new Date(day.year, day.month - 1, day.day, 12);
  zip.addReadStream(content, name, {
    mtime,
    mode: 0o100000 | FILE_MODE,
    compress: true,
    forceDosTimestamp: true,
  });
  zip.end();
  return out;
}

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota is used up',
  EACCES: 'no right to write there',
  EPERM: 'no right to write there',
  EROFS: 'the file system is read-only',
  ENOENT: 'its folder cannot be made',
  ENOTDIR: 'a part of the path is no folder',
};

/** A file system error as a UserError; anything else as it is. */
function problem(error: unknown, path: string): unknown {
  const code =
    error instanceof Error && !(error instanceof UserError)
      ? (error as NodeJS.ErrnoException).code
      : undefined;
  if (code === undefined || !/^E[A-Z]+$/.test(code)) return error;
  return new UserError(
    { what: 'report file cannot be written', where: path, got: code, hint: HINTS[code] },
    { cause: error },
  );
}
