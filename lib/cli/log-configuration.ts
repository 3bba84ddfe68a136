import type { Log } from '../run/ports.ts';
import { KEY_NAMES } from '../config/keys/index.ts';
import type { Configuration } from '../config/load.ts';
import { maskValue } from '../model/text/mask.ts';
import { lockFileOf, logFileOf, runlogDirOf, stateFileOf, storePlaceOf } from '../config/options.ts';

/** Everything that a run goes by, for the log at level debug: paths, what each source says, and what comes of it; passwords are masked. */
export function logConfiguration(configuration: Configuration, log: Log): void {
  const { config, locations, sources, origins } = configuration;
  const say = (what: string, value: unknown): void =>
    log.debug(`${what}: ${JSON.stringify(maskValue(value))}`);
  say('paths', {
    ...locations,
    log: logFileOf(configuration),
    runlogs: runlogDirOf(configuration),
    state: stateFileOf(configuration),
    lock: lockFileOf(configuration),
    store: storePlaceOf(configuration).uri,
  });
  say('sources read', sources);
  for (const layer of configuration.layers) say(`${layer.origin} ${layer.where}`, layer.values);
  say('configuration', Object.fromEntries(KEY_NAMES.map((name) => [name, config[name]])));
  say('origins', Object.fromEntries([...origins].map(([name, { origin }]) => [name, origin])));
}
