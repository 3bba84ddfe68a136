import { refuseContradictions } from '../config/check/contradictions.ts';
import { makeOwnFolders } from '../config/folders.ts';
import { readConfiguration, type Configuration } from '../config/load.ts';
import { consoleLevelOf, logFileOf } from '../config/options.ts';
import { throwProblems } from '../model/schema-problems.ts';
import { openLog } from '../observe/log.ts';
import { traceTo } from '../observe/trace.ts';
import { NO_PROGRESS, type Log } from '../run/ports.ts';
import { colorsFor } from '../system/colors.ts';
import type { Io } from '../system/io.ts';
import { openInput } from '../system/open-input.ts';
import { changeIdentity } from '../system/privileges.ts';
import type { Stop } from '../system/stop.ts';
import type { Action } from './actions/action.ts';
import { ACTIONS } from './actions/index.ts';
import type { CommandLine } from './command-line.ts';
import type { CommandContext } from './context.ts';
import { createLazyStore } from './lazy-store.ts';
import { logConfiguration } from './log-configuration.ts';
import { createOutput, type Output } from './output.ts';
import { consoleProgress } from './progress.ts';
import { traceConfiguration } from './trace-configuration.ts';

/**
 * Sets up what every command needs, then performs the action, or a run where none is named.
 * @param args the command line as typed, for the runlog
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
    // Signals end an action at once.
    stop.dispose();
    stop.signal.throwIfAborted();
  }
  // The action config-check prints all problems itself.
  if (config.action !== 'config-check') throwProblems(configuration.problems);
  refuseContradictions(configuration);
  const trace = traceTo(io, config.debug);
  if (config.debug) traceConfiguration(configuration, trace);
  // Before any file is created, so that all files belong to the configured user.
  const identity = changeIdentity(config, process);
  if (identity !== undefined) trace(identity);
  makeOwnFolders(configuration);
  const log = openConfiguredLog(configuration, io);
  const unregister = io.onCrash((error) => log.fatal(error));
  const store = createLazyStore(configuration, io, log);
  let progress = NO_PROGRESS;
  try {
    logNotes(configuration, log);
    if (!config.quiet) progress = await consoleProgress(io.stderr, io.clock);
    const context = {
      configuration,
      io,
      log,
      output: createConfiguredOutput(configuration, io),
      progress,
      store,
    };
    if (config.action !== undefined) return await performAction(await ACTIONS[config.action](), context);
    const { executeRun } = await import('./run-lifecycle.ts');
    return await executeRun(context, { start, args, stop });
  } catch (error) {
    log.fatal(error);
    throw error;
  } finally {
    progress.stop();
    await (await store.opened())?.close();
    unregister();
  }
}

function performAction(action: Action, { io, store, ...context }: CommandContext): Promise<boolean> {
  const { input = '-' } = context.configuration.config;
  return action({
    ...context,
    now: io.clock(),
    store: store.open,
    input: () => openInput(input, io),
    inputName: input === '-' ? 'stdin' : input,
  });
}

function logNotes(configuration: Configuration, log: Log): void {
  const { config, notes, asides, fallback } = configuration;
  if (config.log_level === 'debug') logConfiguration(configuration, log);
  if (config.action !== 'config-check') for (const note of notes) log.warning(note);
  for (const aside of asides) log.debug(aside);
  if (fallback !== undefined) log.info(fallback);
}

function createConfiguredOutput({ config }: Configuration, { stdout, environment }: Io): Output {
  const text = config.quiet || config.regular ? 'none' : 'text';
  const form = config.output !== 'text' && !config.quiet ? config.output : text;
  return createOutput(stdout, form, colorsFor(config.color, stdout, environment));
}

function openConfiguredLog(configuration: Configuration, io: Io): Log {
  const { config } = configuration;
  return openLog({
    name: config.name,
    level: config.log_level,
    consoleLevel: consoleLevelOf(config),
    console: io.stderr,
    debug: config.debug,
    colors: colorsFor(config.color, io.stderr, io.environment),
    file: logFileOf(configuration),
  });
}
