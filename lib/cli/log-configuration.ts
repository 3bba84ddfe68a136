import type { Log } from '../run/ports.ts';
import { KEY_NAMES } from '../config/keys/index.ts';
import type { Configuration } from '../config/load.ts';
import { maskValue } from '../model/text/mask.ts';
import { lockFileOf, logFileOf, runlogDirOf, stateFileOf, storePlaceOf } from '../config/options.ts';

/** Logs paths, each source of configuration and the resulting values at level debug; passwords are masked. */
export function logConfiguration(configuration: Configuration, log: Log): void {
  const { config, locations, sources, origins } = configuration;
  const debug = (what: string, value: unknown): void =>
    log.debug(`${what}: ${JSON.stringify(maskValue(value))}`);
  debug('paths', {
    ...locations,
    log: logFileOf(configuration),
    runlogs: runlogDirOf(configuration),
    state: stateFileOf(configuration),
    lock: lockFileOf(configuration),
    store: storePlaceOf(configuration).uri,
  });
  debug('sources read', sources);
  for (const layer of configuration.layers) debug(`${layer.origin} ${layer.where}`, layer.values);
  debug('configuration', Object.fromEntries(KEY_NAMES.map((name) => [name, config[name]])));
  debug('origins', Object.fromEntries([...origins].map(([name, { origin }]) => [name, origin])));
}
