import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { describeFault, messageOf, UserError } from '../model/user-error.ts';
import type { Store } from '../store/port.ts';
import { ACTIONS } from './actions/index.ts';
import { LOOKING } from './actions/names.ts';
import { colorsFor } from './colors.ts';
import type { CommandLine } from './config/command-line.ts';
import { loadConfiguration, type Configuration } from './config/load.ts';
import type { Io } from './io.ts';
import { KEY_NAMES } from './keys/index.ts';
import { openLog, type Log } from './log.ts';
import { masked } from './mask.ts';
import { openInput } from './open-input.ts';
import { openStore, openStoreToLook } from './open-store.ts';
import { consoleLevelOf, lockFileOf, logFileOf, storePlaceOf } from './options.ts';
import { createOutput } from './output.ts';
import { changeIdentity } from './privileges.ts';
import { consoleProgress, NO_PROGRESS } from './progress.ts';

/**
 * Sets everything up and does what was asked for: an action, or a run.
 * @returns false when something failed that did not stop the rest
 * @throws UserError when nothing could be done
 */
export async function runCommand(line: CommandLine, io: Io): Promise<boolean> {
  const configuration = loadConfiguration(line, io.environment);
  const { config } = configuration;
  if (config.debug) traceSettings(configuration, io);
  // Before any file is made, so that all of them belong to whom the run is for.
  const identity = changeIdentity(config, process);
  if (config.debug && identity !== undefined) io.stderr.write(`debug: ${identity}\n`);
  await makeOwnFolders(configuration);
  const log = logFor(configuration, io);
  for (const note of configuration.notes) log.warning(note);
  if (configuration.fallback !== undefined) log.info(configuration.fallback);
  let opened: Promise<Store> | undefined;
  const looks = config.action !== undefined && LOOKING.has(config.action);
  const place = storePlaceOf(configuration);
  const store = (): Promise<Store> =>
    (opened ??= looks ? openStoreToLook(place) : openStore(place, { random: io.randomBytes }));
  const text = config.quiet || config.regular ? 'none' : 'text';
  const output = createOutput(
    io.stdout,
    config.output === 'json' && !config.quiet ? 'json' : text,
    colorsFor(config.color, io.stdout, io.environment),
  );
  const progress = config.quiet ? NO_PROGRESS : await consoleProgress(io.stderr, io.clock);
  try {
    if (config.action === undefined) {
      const { performRun } = await import('./perform-run.ts');
      return await performRun({ configuration, output, log, progress, io, store });
    }
    const action = await ACTIONS[config.action]();
    const inputName = config.input === undefined || config.input === '-' ? 'stdin' : config.input;
    const input = () => openInput(config.input ?? '-', io);
    return await action({ configuration, output, log, progress, now: io.clock(), store, input, inputName });
  } finally {
    progress.stop();
    await (await opened?.catch(() => undefined))?.close();
  }
}

function logFor(configuration: Configuration, io: Io): Log {
  const { config } = configuration;
  const options = {
    name: config.name,
    level: config.log_level,
    consoleLevel: consoleLevelOf(config),
    console: io.stderr,
    colors: colorsFor(config.color, io.stderr, io.environment),
  };
  return openLog({ ...options, file: logFileOf(configuration) });
}

/** Makes the folders of our own choosing; those that a person names have to be there. */
async function makeOwnFolders(configuration: Configuration): Promise<void> {
  const { config } = configuration;
  const own = [
    config.log_file === undefined ? logFileOf(configuration) : undefined,
    ownStoreOf(configuration),
    config.lock_file === undefined ? lockFileOf(configuration) : undefined,
  ];
  for (const folder of new Set(own.filter((path) => path !== undefined).map(dirname))) {
    try {
      await mkdir(folder, { recursive: true });
    } catch (cause) {
      const hint = `or say where with store, log_file and lock_file; ${messageOf(cause)}`;
      throw new UserError({ what: 'cannot make the folder', where: folder, hint }, { cause });
    }
  }
}

/** The embedded store's file, when its place is of our own choosing. */
function ownStoreOf(configuration: Configuration): string | undefined {
  const { uri } = storePlaceOf(configuration);
  return configuration.config.store === undefined && uri.startsWith('sqlite:')
    ? uri.slice('sqlite:'.length)
    : undefined;
}

/** Every setting with its origin, for `--debug`. */
function traceSettings({ config, origins, sources }: Configuration, { stderr }: Io): void {
  for (const path of sources) stderr.write(`debug: ${describeFault({ what: `read ${path}` })}\n`);
  for (const name of KEY_NAMES) {
    const value = config[name];
    if (value === undefined) continue;
    const origin = origins.get(name);
    const shown = JSON.stringify(masked(value));
    stderr.write(
      `debug: ${describeFault({ what: `${name} = ${shown}`, where: origin?.where ?? 'default' })}\n`,
    );
  }
}
