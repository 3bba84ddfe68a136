import type { Log } from '../run/ports.ts';
import type { Configuration } from '../config/load.ts';

/** Says that there was no store. A run that finds none where somebody named it to be more likely has a wrong name than is the first one. */
export function logStoreCreated(line: string, { config }: Configuration, log: Log): void {
  const [named, runs] = [config.store !== undefined, config.action === undefined];
  if (named && runs) log.warning(line);
  else if (named || runs) log.info(line);
  else log.debug(line);
}
