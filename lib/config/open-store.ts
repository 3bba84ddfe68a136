import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../model/user-error.ts';
import { dryRunStore } from '../store/dry-run.ts';
import { maskText } from '../model/text/mask.ts';
import { requireEscapedUserInfo } from '../model/text/user-info.ts';
import type { CheckResult, InitResult, Store } from '../store/port.ts';

/** Where a store is, and which parts of it are used. Only the URI applies to every engine. */
export interface StorePlace {
  readonly uri: string;
  /** MongoDB: database and collection of the events. */
  readonly database?: string | undefined;
  readonly collection?: string | undefined;
  /** MongoDB: database of our own collections. */
  readonly reporterDatabase?: string | undefined;
  /** MongoDB: milliseconds that an answer of the server may take. */
  readonly socketTimeoutMS?: number | undefined;
}

export interface StoreOptions {
  /** Nothing is written, and what is not there stays so. */
  readonly readOnly?: boolean;
  /** Source of random bytes for the secret of a new installation. */
  readonly random?: (bytes: number) => Uint8Array;
}

interface Engine {
  /** Undefined when read-only and the store does not exist. */
  open(place: StorePlace, options: StoreOptions): Promise<Store | undefined>;
  init(place: StorePlace, options: { readonly eventsIndex: boolean }): Promise<InitResult>;
  check(place: StorePlace, groups: readonly string[] | undefined): Promise<CheckResult>;
}

const embedded = () => import('../store/embedded/index.ts');
const embeddedCheck = () => import('../store/embedded/check.ts');
const embeddedInit = () => import('../store/embedded/init.ts');
const mongodb = () => import('../store/mongodb/index.ts');

const EMBEDDED: Engine = {
  open: async (place, options) => {
    if (options.readOnly === true && !existsSync(pathOf(place))) return undefined;
    return (await embedded()).openEmbeddedStore(pathOf(place), options);
  },
  init: async (place) => (await embeddedInit()).initEmbeddedStore(pathOf(place)),
  check: async (place, groups) => (await embeddedCheck()).checkEmbeddedStore(pathOf(place), groups),
};

const MONGODB: Engine = {
  open: async ({ uri, ...place }, options) =>
    (await mongodb()).openMongoStore(uri, given({ ...place, ...options })),
  init: async ({ uri, ...place }, options) =>
    (await mongodb()).initMongoStore(uri, given({ ...place, ...options })),
  check: async ({ uri, ...place }, groups) =>
    (await mongodb()).checkMongoStore(uri, given({ ...place, groups })),
};

/** Engines by the scheme of their URI. Each is loaded only when it is asked for. */
const ENGINES: Readonly<Record<string, Engine>> = {
  sqlite: EMBEDDED,
  mongodb: MONGODB,
  'mongodb+srv': MONGODB,
};

/**
 * Opens the store at a place; of an embedded one file and folder are made when missing.
 * @throws UserError: of usage for an unknown scheme, else when the store cannot be opened
 */
export async function openStore(
  place: StorePlace,
  options: Omit<StoreOptions, 'readOnly'> = {},
): Promise<Store> {
  const store = await engineOf(place).open(place, options);
  if (store === undefined) throw new Error(`no store was made at ${maskText(place.uri)}`);
  // Created now, because a dry run cannot create it and has to label reports as the real run will.
  await store.secret();
  return store;
}

/**
 * Opens a store for a run that must not change it: what the run writes goes to a store of its own below `folder`, which is to be deleted
 * afterwards. Where there is no store yet, the run finds an empty one.
 */
export async function openStoreForDryRun(place: StorePlace, folder: string): Promise<Store> {
  const base = await engineOf(place).open(place, { readOnly: true });
  const layer = (await embedded()).openEmbeddedStore(join(folder, 'dry-run.db'));
  return base === undefined ? layer : dryRunStore(base, layer);
}

/**
 * Opens a store read-only; where none exists yet, an empty one in memory
 * takes its place.
 * @throws UserError when a store that was `named` does not exist: a wrong name is more likely than a new store
 */
export async function openStoreToLook(place: StorePlace, named: boolean): Promise<Store> {
  const store = await engineOf(place).open(place, { readOnly: true });
  if (store !== undefined) return store;
  if (!named) return { ...(await embedded()).openEmbeddedStore(':memory:'), name: place.uri };
  const hint = 'is the name right? --action store-init makes one';
  throw new UserError({ what: 'there is no store', where: maskText(place.uri), hint });
}

/** True when the embedded store's file does not exist yet. A server creates its databases by itself. */
export function lacksStore(place: StorePlace): boolean {
  return engineOf(place) === EMBEDDED && !existsSync(pathOf(place));
}

/** Makes what a store needs: tables or collections, and indexes. */
export function initStore(
  place: StorePlace,
  options: { readonly eventsIndex: boolean },
): Promise<InitResult> {
  return engineOf(place).init(place, options);
}

/**
 * Checks a store and changes nothing.
 * @param groups names of the groups, when they do not come from the store
 */
export function checkStore(place: StorePlace, groups: readonly string[] | undefined): Promise<CheckResult> {
  return engineOf(place).check(place, groups);
}

function engineOf({ uri }: StorePlace): Engine {
  const [, scheme, rest] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(uri) ?? [];
  const engine = scheme === undefined ? undefined : ENGINES[scheme.toLowerCase()];
  if (engine === MONGODB) requireEscapedUserInfo(uri, 'store');
  if (engine !== undefined && rest !== undefined && rest !== '') return engine;
  const expected = 'sqlite:PATH, mongodb://HOST/DATABASE or mongodb+srv://HOST/DATABASE';
  const what = 'no store of this kind';
  throw new UserError({ what, where: '--store', got: maskText(uri), expected }, { usage: true });
}

function pathOf({ uri }: StorePlace): string {
  return uri.slice(uri.indexOf(':') + 1);
}

/** Without the members that are undefined: they mean "not given". */
function given<T extends object>(object: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const members = Object.entries(object).filter(([, value]) => value !== undefined);
  return Object.fromEntries(members) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
