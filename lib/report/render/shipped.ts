import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's folder: the nearest one above this file that holds a `package.json`, in a checkout and in an installed package alike. */
function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const above = dirname(folder);
    if (above === folder) throw new Error(`no package.json above ${fileURLToPath(import.meta.url)}`);
    folder = above;
  }
  return folder;
}

/** Absolute path of something the package ships: `shippedPath('templates')`. */
export function shippedPath(...parts: readonly string[]): string {
  return join(packageRoot(), ...parts);
}

/** Where to look for something that the operator may put in place of what is shipped: the operator's folder first, when there is one. */
export function foldersOf(own: string | undefined, shipped: string): string[] {
  return own === undefined ? [shippedPath(shipped)] : [own, shippedPath(shipped)];
}
