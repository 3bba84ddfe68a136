import { LOOKING } from '../config/keys/action-names.ts';
import type { Configuration } from '../config/load.ts';
import { lacksStore, openStore, openStoreToLook } from '../config/open-store.ts';
import { storePlaceOf } from '../config/options.ts';
import type { Log } from '../run/ports.ts';
import type { Store } from '../store/port.ts';
import type { Io } from '../system/io.ts';
import { logStoreCreated } from './log-store-created.ts';

/** The configured store, opened when it is first needed. */
export interface LazyStore {
  /** Opens the store at the first call and returns the same one afterwards. */
  readonly open: () => Promise<Store>;
  /** The store, if it was opened successfully. */
  readonly opened: () => Promise<Store | undefined>;
}

export function createLazyStore(configuration: Configuration, io: Io, log: Log): LazyStore {
  let opening: Promise<Store> | undefined;
  return {
    open: () => (opening ??= openConfigured(configuration, io, log)),
    opened: async () => opening?.catch(() => undefined),
  };
}

async function openConfigured(configuration: Configuration, { randomBytes }: Io, log: Log): Promise<Store> {
  const { action, store: named } = configuration.config;
  const place = storePlaceOf(configuration);
  if (action !== undefined && LOOKING.has(action)) return openStoreToLook(place, named !== undefined);
  const missing = lacksStore(place);
  const store = await openStore(place, { random: randomBytes });
  if (missing) logStoreCreated(`made a new store, ${store.name}: there was none`, configuration, log);
  return store;
}
