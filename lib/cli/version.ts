import { readFileSync } from 'node:fs';
import { shipped } from '../config/locations.ts';

/** The package's version. */
export function readVersion(): string {
  const { version } = JSON.parse(readFileSync(shipped('package.json'), 'utf8')) as { version: string };
  return version;
}
