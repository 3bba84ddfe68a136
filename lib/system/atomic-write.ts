import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { joinIntoBlocks } from '../model/text/text-blocks.ts';
import { messageOf, UserError } from '../model/user-error.ts';

/**
 * Writes a small file whole or not at all: under a temporary name beside it, which begins with a dot and ends with `.tmp`, onto the
 * disk, then renamed. What stood there before stays until then.
 * @param text all of it, or its pieces
 * @param what names the file in messages: `the runlog`
 * @throws UserError when that cannot be done; nothing is left behind then
 */
export function writeFileAtomically(path: string, text: string | Iterable<string>, what: string): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, 'w', 0o644);
    try {
      for (const block of typeof text === 'string' ? [text] : joinIntoBlocks(text))
        writeFileSync(file, block);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
  } catch (cause) {
    try {
      rmSync(temporary, { force: true });
    } catch {
      // Whatever kept the file from being written says more than why it cannot be removed.
    }
    throw new UserError({ what: `cannot write ${what}`, where: path, hint: messageOf(cause) }, { cause });
  }
}
