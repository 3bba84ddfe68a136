import { initStore } from '../../config/open-store.ts';
import { storePlaceOf } from '../../config/options.ts';
import type { Action } from './action.ts';

/** Makes tables or collections and indexes, and says what was there already. */
export const storeInit: Action = async ({ configuration, output }) => {
  const done = await initStore(storePlaceOf(configuration), {
    eventsIndex: configuration.config.events_index,
  });
  output.object(done);
  output.line(`${done.store}: ${done.created.length} made, ${done.existing.length} there already`);
  for (const name of done.created) output.line(`  made  ${name}`);
  for (const name of done.existing) output.line(`  there ${name}`);
  return true;
};
