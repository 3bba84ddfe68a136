import { it } from 'mocha';
import type { Store } from '../../../../lib/store/port.ts';

export interface ContractStore {
  readonly store: Store;
  /** A second handle on the same data, as another process has it. */
  readonly reopen: () => Promise<Store>;
  /** Closes every handle and deletes the data. */
  readonly destroy: () => Promise<void>;
}

export type OpenContractStore = () => Promise<ContractStore>;

/** Servers far away, and those that make an index for every new store, are slow. */
const TIMEOUT = 60_000;

/** Declares a spec that gets an empty store of its own. */
export function withStore(
  open: OpenContractStore,
): (title: string, spec: (it: ContractStore) => Promise<void>) => void {
  return (title, spec) => {
    it(title, async () => {
      const opened = await open();
      try {
        await spec(opened);
      } finally {
        await opened.destroy();
      }
    }).timeout(TIMEOUT);
  };
}
