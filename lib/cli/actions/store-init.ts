import { initStore } from '../../config/open-store.ts';
import { storePlaceOf } from '../../config/options.ts';
import type { Action } from './action.ts';

/** Creates tables or collections and indexes, and lists what it created and what existed before. */
export const storeInit: Action = async ({ configuration, output }) => {
  const { store, created, existing } = await initStore(storePlaceOf(configuration), {
    eventsIndex: configuration.config.events_index,
  });
  output.object({ store, made: created, there: existing });
  output.line(`${store}: ${created.length} created, ${existing.length} existing`);
  for (const name of created) output.line(`  created   ${name}`);
  for (const name of existing) output.line(`  existing  ${name}`);
  return true;
};
