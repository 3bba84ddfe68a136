import { mkdirSync, statSync, type Mode } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and its missing parents; an existing one is left as it is. Node's recursive mkdir hangs where nothing can be made in an
 * existing folder, such as `/proc`.
 * @throws the system's error
 */
export function makeFolder(path: string, mode: Mode = 0o750): void {
  let problem = attempt(path, mode);
  if (problem?.code === 'ENOENT' && dirname(path) !== path) {
    makeFolder(dirname(path), mode);
    problem = attempt(path, mode);
  }
  if (problem !== undefined) throw problem;
}

function attempt(path: string, mode: Mode): NodeJS.ErrnoException | undefined {
  try {
    mkdirSync(path, { mode });
    return undefined;
  } catch (error) {
    return isFolder(path) ? undefined : (error as NodeJS.ErrnoException);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
