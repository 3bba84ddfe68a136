import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/user-error.ts';
import { dryRunStore } from '../store/dry-run.ts';
import type { Store } from '../store/port.ts';

export interface StoreOptions {
  /** Nothing is written, and what is not there stays so. */
  readonly readOnly?: boolean;
  /** Where an installation's secret comes from when there is none yet: so many bytes. */
  readonly random?: (bytes: number) => Uint8Array;
}

/** Engines by the scheme of their URI. Each is loaded only when it is asked for. */
const ENGINES: Readonly<Record<string, (rest: string, options: StoreOptions) => Promise<Store | undefined>>> =
  {
    sqlite: async (path, options) => {
      if (options.readOnly === true && !existsSync(path)) return undefined;
      return (await import('../store/embedded/index.ts')).openEmbeddedStore(path, options);
    },
  };

/**
 * Opens the store that a URI names; of an embedded one file and folder are made when missing.
 * @throws UserError: of usage for an unknown scheme, else when the store cannot be opened
 */
export async function openStore(uri: string, options: Omit<StoreOptions, 'readOnly'> = {}): Promise<Store> {
  const store = await engineOf(uri)(options);
  if (store === undefined) throw new Error(`no store was made at ${withoutPassword(uri)}`);
  // Made now if there is none yet: a dry run, which cannot make one, then names its reports as the real run will.
  await store.secret();
  return store;
}

/**
 * Opens a store for a run that must not change it: what the run writes goes to a store of its own below `folder`, which is to be deleted
 * afterwards. Where there is no store yet, the run finds an empty one.
 */
export async function openStoreForDryRun(uri: string, folder: string): Promise<Store> {
  const base = await engineOf(uri)({ readOnly: true });
  const { openEmbeddedStore } = await import('../store/embedded/index.ts');
  const layer = openEmbeddedStore(join(folder, 'dry-run.db'));
  return base === undefined ? layer : dryRunStore(base, layer);
}

function engineOf(uri: string): (options: StoreOptions) => Promise<Store | undefined> {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(uri) ?? [];
  const open = scheme === undefined ? undefined : ENGINES[scheme.toLowerCase()];
  if (open === undefined || rest === undefined || rest === '') {
    const expected = `${Object.keys(ENGINES).join(', ')}, a colon, and the place`;
    throw new UserError(
      { what: 'no store of this kind', where: '--store', got: withoutPassword(uri), expected },
      { usage: true },
    );
  }
  return (options) => open(rest, options);
}

/** A URI that may be shown: a password in it becomes `***`. */
export function withoutPassword(uri: string): string {
  return uri.replace(/^([^:]+:\/\/[^:@/]*):[^@]*@/, '$1:***@');
}
