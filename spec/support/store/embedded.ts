import { openEmbeddedStore } from '../../../lib/store/embedded/index.ts';
import type { Store } from '../../../lib/store/port.ts';
import { makeFolder } from '../folder.ts';

/** A new store in SQLite, in a folder of its own; see the contract suite for what the members promise. */
export function openEmbeddedForSpec(): Promise<{
  readonly store: Store;
  readonly path: string;
  readonly reopen: () => Promise<Store>;
  readonly destroy: () => Promise<void>;
}> {
  const folder = makeFolder();
  const path = folder.at('store.db');
  const handles: Store[] = [];
  const open = () => {
    const store = openEmbeddedStore(path);
    handles.push(store);
    return store;
  };
  return Promise.resolve({
    store: open(),
    path,
    reopen: () => Promise.resolve(open()),
    destroy: async () => {
      for (const handle of handles) await handle.close();
      folder.remove();
    },
  });
}
