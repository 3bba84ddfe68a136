import { type Log, NO_PROGRESS, type Progress } from '../run/ports.ts';
import { traceConfiguration } from './trace-configuration.ts';
import { hostname } from 'node:os';
import type { Instant } from '../model/time.ts';
import { throwProblems } from '../model/schema-problems.ts';
import { describeProblem } from '../model/user-error.ts';
import type { Store } from '../store/port.ts';
import type { Action } from './actions/action.ts';
import { ACTIONS } from './actions/index.ts';
import { LOOKING } from '../config/keys/action-names.ts';
import { colorsFor } from '../system/colors.ts';
import type { CommandLine } from './command-line.ts';
import { readConfiguration, type Configuration } from '../config/load.ts';
import { refuseContradictions } from '../config/check/contradictions.ts';
import { requireRecordFolders, makeOwnFolders } from '../config/folders.ts';
import { metricsProblems } from '../config/check/folder-problems.ts';
import type { Io } from '../system/io.ts';
import { openLog } from '../observe/log.ts';
import { logConfiguration } from './log-configuration.ts';
import { logStoreCreated } from './log-store-created.ts';
import { openInput } from '../system/open-input.ts';
import { lacksStore, openStore, openStoreToLook } from '../config/open-store.ts';
import { consoleLevelOf, logFileOf, runOptionsOf, stateFilesOf, storePlaceOf } from '../config/options.ts';
import { createOutput, type Output } from './output.ts';
import { readState } from '../observe/state-file.ts';
import { changeIdentity } from '../system/privileges.ts';
import { consoleProgress } from './progress.ts';
import { validateSetup } from '../config/check/setup-problems.ts';
import { RunRecord } from '../observe/runlog/record.ts';
import type { Stop } from '../system/stop.ts';
import { traceTo } from '../observe/trace.ts';

/**
 * Sets everything up and does what was asked for: an action, or a run.
 * @returns false when something failed that did not stop the rest
 * @throws UserError when nothing could be done
 */
export async function runCommand(
  line: CommandLine,
  args: readonly string[],
  io: Io,
  stop: Stop,
): Promise<boolean> {
  const start = io.clock();
  const configuration = readConfiguration(line, io.environment);
  const { config } = configuration;
  if (config.action !== undefined) {
    stop.dispose();
    stop.signal.throwIfAborted();
  }
  // Who asks for all that is wrong is told it in one go with the rest.
  if (config.action !== 'config-check') throwProblems(configuration.problems);
  refuseContradictions(configuration);
  const trace = traceTo(io, config.debug);
  if (config.debug) traceConfiguration(configuration, trace);
  // Before any file is made, so that all of them belong to whom the run is for.
  const identity = changeIdentity(config, process);
  if (identity !== undefined) trace(identity);
  makeOwnFolders(configuration);
  const log = logFor(configuration, io);
  const unregister = io.onCrash((error) => log.fatal(error));
  const command: Command = { configuration, log, io, store: storeFor(configuration, io, log) };
  try {
    if (config.log_level === 'debug') logConfiguration(configuration, log);
    // The check tells them itself.
    if (config.action !== 'config-check') for (const note of configuration.notes) log.warning(note);
    for (const aside of configuration.asides) log.debug(aside);
    if (configuration.fallback !== undefined) log.info(configuration.fallback);
    return await (config.action === undefined
      ? run(command, start, args, stop)
      : act(command, await ACTIONS[config.action]()));
  } catch (error) {
    log.fatal(error);
    throw error;
  } finally {
    await (await command.store.opened())?.close();
    unregister();
  }
}

interface Command {
  readonly configuration: Configuration;
  readonly log: Log;
  readonly io: Io;
  readonly store: OpenedOnce;
}

async function run(
  { configuration, log, io, store }: Command,
  start: Instant,
  args: readonly string[],
  stop: Stop,
): Promise<boolean> {
  await validateSetup(configuration);
  const { name } = configuration.config;
  const argv = ['mentat-reporter', ...args];
  const record = new RunRecord({ name, host: hostname(), pid: process.pid, argv, start, clock: io.clock });
  const options = runOptionsOf(configuration);
  const formerly = readState(options.track === 'live' ? stateFilesOf(configuration) : []);
  requireRecordFolders(configuration);
  if (options.mode === 'regular')
    for (const problem of metricsProblems(configuration)) log.warning(describeProblem(problem));
  record.setupDone();
  const { runScheduled: liveRun } = await import('./scheduled-run.ts');
  const progress = await progressFor(configuration, io);
  const output = outputFor(configuration, io);
  try {
    return await liveRun({
      configuration,
      options,
      output,
      log,
      progress,
      io,
      stop,
      record,
      formerly,
      ...store,
    });
  } finally {
    progress.stop();
  }
}

async function act({ configuration, log, io, store }: Command, action: Action): Promise<boolean> {
  const { input: path = '-' } = configuration.config;
  const progress = await progressFor(configuration, io);
  try {
    return await action({
      configuration,
      output: outputFor(configuration, io),
      log,
      progress,
      now: io.clock(),
      store: store.store,
      input: () => openInput(path, io),
      inputName: path === '-' ? 'stdin' : path,
    });
  } finally {
    progress.stop();
  }
}

interface OpenedOnce {
  /** Opens the store at the first call; the same one afterwards. */
  readonly store: () => Promise<Store>;
  /** The store, if it was asked for and could be opened. */
  readonly opened: () => Promise<Store | undefined>;
}

function storeFor(configuration: Configuration, { randomBytes }: Io, log: Log): OpenedOnce {
  const { action, store: named } = configuration.config;
  const looks = action !== undefined && LOOKING.has(action);
  const place = storePlaceOf(configuration);
  let opening: Promise<Store> | undefined;
  const open = async (): Promise<Store> => {
    if (looks) return openStoreToLook(place, named !== undefined);
    const lacks = lacksStore(place);
    const store = await openStore(place, { random: randomBytes });
    if (lacks) logStoreCreated(`made a new store, ${store.name}: there was none`, configuration, log);
    return store;
  };
  return {
    store: () => (opening ??= open()),
    opened: async () => opening?.catch(() => undefined),
  };
}

function outputFor({ config }: Configuration, { stdout, environment }: Io): Output {
  const text = config.quiet || config.regular ? 'none' : 'text';
  const form = config.output !== 'text' && !config.quiet ? config.output : text;
  return createOutput(stdout, form, colorsFor(config.color, stdout, environment));
}

async function progressFor({ config }: Configuration, { stderr, clock }: Io): Promise<Progress> {
  return config.quiet ? NO_PROGRESS : consoleProgress(stderr, clock);
}

function logFor(configuration: Configuration, io: Io): Log {
  const { config } = configuration;
  const options = {
    name: config.name,
    level: config.log_level,
    consoleLevel: consoleLevelOf(config),
    console: io.stderr,
    debug: config.debug,
    colors: colorsFor(config.color, io.stderr, io.environment),
  };
  return openLog({ ...options, file: logFileOf(configuration) });
}
