import { existsSync } from 'node:fs';
import type { InitResult } from '../port.ts';
import { openEmbeddedStore } from './index.ts';

/** Creates the file and its tables when they are missing. */
export async function initEmbeddedStore(path: string): Promise<InitResult> {
  const known = existsSync(path);
  const store = openEmbeddedStore(path);
  await store.secret();
  await store.close();
  const tables = ['tables and indexes'];
  return { store: store.name, created: known ? [] : tables, existing: known ? tables : [] };
}
