import { mkdirSync, statSync, type Mode } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder with those above it; one that is there already is left as it is. Not left to Node, which never comes back from where nothing
 * can be made although all that is above is there, such as `/proc`.
 * @throws what the system says
 */
export function makeFolder(path: string, mode: Mode = 0o777): void {
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
