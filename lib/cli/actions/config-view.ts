import { byCodePoint } from '../../model/event/object-view.ts';
import type { Configuration } from '../../config/load.ts';
import { KEY_NAMES, KEYS } from '../../config/keys/index.ts';
import { maskValue } from '../../model/text/mask.ts';
import {
  consoleLevelOf,
  leavesRunlog,
  logFileOf,
  runlogDirOf,
  derivedDefaults,
} from '../../config/options.ts';
import type { Action } from './action.ts';

interface Row {
  readonly key: string;
  /** With credentials masked; null where there is neither value nor default. */
  readonly value: unknown;
  readonly origin: string;
  /** The file, the environment or the command line. */
  readonly where?: string;
}

/** The merged configuration: every key, unknown ones and those of other programs included, with its value and where that comes from. */
export const configView: Action = ({ configuration, output }) => {
  const rows = rowsOf(configuration);
  for (const row of rows) output.object(row);
  const values = Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  const notes = rows
    .filter(({ origin }) => origin !== 'default')
    .map((row) => [row.key, noteOf(row)] as const);
  return output
    .tree(`Configuration of ${configuration.config.name}`, values, new Map(notes))
    .then(() => true);
};

function rowsOf(configuration: Configuration): Row[] {
  const { config, origins, others } = configuration;
  const usual = derivedDefaults(configuration);
  const known = KEY_NAMES.map((key): Row => {
    const layer = origins.get(key);
    if (layer === undefined)
      return { key, value: maskValue(config[key] ?? usual[key] ?? null), origin: 'default' };
    // A time reads better as it was written than as the program has it.
    const value = KEYS[key].kind === 'time' ? layer.values[key] : config[key];
    return { key, value: maskValue(value), origin: layer.origin, where: layer.where };
  });
  const rest = [...others]
    .filter(([key]) => key !== CORE)
    .map(([key, { value, layer }]): Row => {
      const { [key]: shown } = maskValue({ [key]: value }) as Record<string, unknown>;
      return { key, value: shown, origin: layer.origin, where: layer.where };
    });
  const core: Row = { key: CORE, value: derived(configuration), origin: 'derived' };
  return [...known, ...rest, core].sort((a, b) => byCodePoint(a.key, b.key));
}

/** The block that the reference derives from all others, and that no source can set. */
const CORE = '__core__';

function derived(configuration: Configuration): unknown {
  const { config } = configuration;
  const toFile = logFileOf(configuration) !== undefined;
  return {
    logging: {
      to_console: !config.quiet,
      to_file: toFile,
      level: config.log_level,
      level_file: toFile ? config.log_level : null,
      level_console: consoleLevelOf(config) ?? null,
    },
    pstate: { save: config.regular },
    runlog: { save: leavesRunlog(configuration) && runlogDirOf(configuration) !== undefined },
  };
}

function noteOf({ origin, where }: Row): string {
  return where === undefined || where === origin ? `(${origin})` : `(${origin} ${where})`;
}
