import type { Log } from '../run/ports.ts';
import type { Configuration } from '../config/load.ts';

/** Logs that there was no store: a warning for a run with a named store, whose name is then probably wrong. */
export function logStoreCreated(line: string, { config }: Configuration, log: Log): void {
  const [named, runs] = [config.store !== undefined, config.action === undefined];
  if (named && runs) log.warning(line);
  else if (named || runs) log.info(line);
  else log.debug(line);
}
