import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { joinIntoBlocks } from '../model/text/text-blocks.ts';
import { messageOf, UserError } from '../model/user-error.ts';

/** Not for other users: the file holds addresses. */
const PRIVATE_MODE = 0o640;

/**
 * Writes and syncs a temporary file beside the path (`.NAME.PID.tmp`), then renames it, so that readers see the old or the new file only.
 * @param text the whole text, or its pieces
 * @param what names the file in messages: `the runlog`
 * @param mode permissions, whatever the umask
 * @throws UserError when the file cannot be written; the temporary file is removed then
 */
export function writeFileAtomically(
  path: string,
  text: string | Iterable<string>,
  what: string,
  mode = PRIVATE_MODE,
): void {
  const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.tmp`);
  try {
    const file = openSync(temporary, 'w', PRIVATE_MODE);
    try {
      fchmodSync(file, mode);
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
      // The first error says more.
    }
    throw new UserError({ what: `cannot write ${what}`, where: path, hint: messageOf(cause) }, { cause });
  }
}
