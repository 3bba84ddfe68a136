import { hostname } from 'node:os';
import { metricsProblems } from '../config/check/folder-problems.ts';
import { validateSetup } from '../config/check/setup-problems.ts';
import { requireRecordFolders } from '../config/folders.ts';
import { lockFileOf, runOptionsOf, stateFilesOf } from '../config/options.ts';
import type { Instant } from '../model/time.ts';
import { describeProblem, messageOf, UserError } from '../model/user-error.ts';
import { analyse } from '../observe/runlog/analysis.ts';
import { logAnalysis } from '../observe/runlog/log-analysis.ts';
import { RunRecord } from '../observe/runlog/record.ts';
import { reportPart } from '../observe/runlog/report-part.ts';
import { readState } from '../observe/state-file.ts';
import type { RunResult } from '../run/run-result.ts';
import { takeLock, type Lock } from '../system/lock.ts';
import type { Stop } from '../system/stop.ts';
import type { CommandContext, RunContext } from './context.ts';
import { processGroups } from './process-groups.ts';
import { saveLaneStates, saveMetrics, writeRunlog } from './run-files.ts';

export interface RunStart {
  readonly start: Instant;
  /** The command line as typed. */
  readonly args: readonly string[];
  readonly stop: Stop;
}

/**
 * One run: setup, process, evaluate, teardown. The last two also follow a failed process stage, so that a failed run leaves a runlog
 * with its cause and a correct state file. After an uncaught error only the runlog is written.
 * @returns false when something failed
 * @throws UserError when the setup is invalid, or no lane could be processed
 */
export async function executeRun(command: CommandContext, start: RunStart): Promise<boolean> {
  const context = await setUp(command, start);
  const { record, log, io, stop, options } = context;
  stop.onRequest((line) => log.warning(line));
  const unregister = io.onCrash((error) => {
    record.fail(error);
    try {
      writeRunlog(context);
    } catch (writeError) {
      log.exception('in the teardown', writeError);
    }
  });
  let lock: Lock | undefined;
  let result: RunResult | undefined;
  let fatal: Error | undefined;
  try {
    result = await record.stage('process', async () => {
      lock = await takeRunLock(context);
      return processGroups(context);
    });
    record.report = reportPart(result, options.track);
    for (const failure of result.failures) record.fail(failure);
    // Only the first thousand failed mails are listed as failures.
    if (!result.ok && !record.failed) record.fail('mails failed: see the log');
  } catch (error) {
    fatal = error instanceof Error ? error : new Error(messageOf(error));
    record.fail(error, error instanceof UserError && error.usage ? 2 : 1);
  }
  const step = createTeardownStep(context);
  await record.stage('evaluate', () => step(() => logAnalysis(analyse(record.runlog(), io.clock()), log)));
  const state = await step(() => saveLaneStates(context));
  lock?.release();
  unregister();
  await step(() => writeRunlog(context));
  await step(() => saveMetrics(context, result, state));
  if (fatal !== undefined) throw fatal;
  return !record.failed;
}

/** Checks what can be checked before any work begins, and reads the state file. */
async function setUp(command: CommandContext, { start, args, stop }: RunStart): Promise<RunContext> {
  const { configuration, log, io } = command;
  await validateSetup(configuration);
  const record = new RunRecord({
    name: configuration.config.name,
    host: hostname(),
    pid: process.pid,
    argv: ['mentat-reporter', ...args],
    start,
    clock: io.clock,
  });
  const options = runOptionsOf(configuration);
  const stateFile = readState(options.track === 'live' ? stateFilesOf(configuration) : []);
  requireRecordFolders(configuration);
  if (options.mode === 'regular')
    for (const problem of metricsProblems(configuration)) log.warning(describeProblem(problem));
  record.setupDone();
  return { ...command, options, stop, record, stateFile };
}

/** Only regular runs exclude each other: other runs change no state. */
async function takeRunLock({ configuration, options, stop }: RunContext): Promise<Lock | undefined> {
  if (options.mode !== 'regular' || options.dryRun !== undefined) return undefined;
  return takeLock(lockFileOf(configuration), configuration.config.lock_timeout, stop.signal);
}

/** Runs one teardown step. An error is logged and fails the run; the next step still runs. */
function createTeardownStep({
  record,
  log,
}: RunContext): <T>(work: () => T | Promise<T>) => Promise<T | undefined> {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      // The same error, such as an unreachable store, is logged once.
      if (record.fail(error)) log.error(messageOf(error));
      log.exception('in the teardown', error);
      return undefined;
    }
  };
}
