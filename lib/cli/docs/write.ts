import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { shipped } from '../../config/locations.ts';
import { PAGES } from './pages.ts';

/* `npm run docs`: writes the pages that are made from schemas. */
for (const [path, make] of Object.entries(PAGES)) {
  const file = shipped(path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, make());
}
