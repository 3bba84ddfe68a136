import type { PreviousState } from '../run/plan/previous-state.ts';
import { existsSync } from 'node:fs';
import { messageOf, UserError } from '../model/user-error.ts';
import type { Store } from '../store/port.ts';
import { takeLock, type Lock } from '../system/lock.ts';
import { leavesRunlog, lockFileOf, runlogDirOf, stateFileOf } from '../config/options.ts';
import { performRun, type RunContext } from './perform-run.ts';
import { saveState, stateOf } from '../observe/state-file.ts';
import { analyse } from '../observe/runlog/analysis.ts';
import { saveRunlog } from '../observe/runlog/files.ts';
import type { RunRecord } from '../observe/runlog/record.ts';
import { reportPart } from '../observe/runlog/report-part.ts';
import { logAnalysis } from '../observe/runlog/log-analysis.ts';
import type { RunOptions } from '../run/run-options.ts';
import type { RunResult } from '../run/run-result.ts';
import { sortedJson } from '../model/text/sorted-json.ts';
import type { Stop } from '../system/stop.ts';

/** What a run's life needs: the context of its work, and the record of what became of it. */
export interface LifeContext extends Omit<RunContext, 'stop'> {
  readonly stop: Stop;
  readonly record: RunRecord;
  /** The store, if it was asked for and could be opened. */
  readonly opened: () => Promise<Store | undefined>;
}

/**
 * One run after its setup: process, evaluate, teardown. Whatever fails, what comes after it still takes place, so that a failed run leaves
 * a runlog with its cause, and a state that is true. After an error that nobody caught there is time for the runlog only.
 * @returns false when something failed
 * @throws what kept the run from being worked at all, once everything else is done
 */
export async function runScheduled(context: LifeContext): Promise<boolean> {
  const { record, log, io, stop } = context;
  stop.onRequest((line) => log.warning(line));
  let lock: Lock | undefined;
  let result: RunResult | undefined;
  let fatal: Error | undefined;
  const unregister = io.onCrash((error) => {
    record.fail(error);
    try {
      writeRunlog(context);
    } catch (another) {
      log.exception('after the work', another);
    }
  });
  try {
    result = await record.stage('process', async () => {
      lock = await lockFor(context, stop.signal);
      return performRun({ ...context, stop: stop.signal });
    });
    record.report = reportPart(result, context.options.track);
    for (const failure of result.failures) record.fail(failure);
    // Beyond the first thousand a mail that failed has no line of its own.
    if (!result.ok && !record.failed) record.fail('mails failed: see the log');
  } catch (error) {
    fatal = error instanceof Error ? error : new Error(messageOf(error));
    record.fail(error, error instanceof UserError && error.usage ? 2 : 1);
  }
  const step = stepOf(context);
  await record.stage('evaluate', () => step(() => logAnalysis(analyse(record.runlog(), io.clock()), log)));
  const state = await step(() => saveLaneStates(context));
  lock?.release();
  unregister();
  await step(() => writeRunlog(context));
  await step(() => saveMetrics(context, result, state));
  if (fatal !== undefined) throw fatal;
  return !record.failed;
}

/** Only regular runs would waste each other's work. */
async function lockFor(
  { configuration, options }: LifeContext,
  stop: AbortSignal,
): Promise<Lock | undefined> {
  if (options.mode !== 'regular' || options.dryRun !== undefined) return undefined;
  return takeLock(lockFileOf(configuration), configuration.config.lock_timeout, stop);
}

/** A step of the teardown: what fails in it is told and makes the run a failure, and the next one takes place all the same. */
function stepOf({ record, log }: LifeContext): <T>(work: () => T | Promise<T>) => Promise<T | undefined> {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      // A store that is gone was the end of the work already.
      if (record.fail(error)) log.error(messageOf(error));
      log.exception('after the work', error);
      return undefined;
    }
  };
}

/** Copies the lanes' state to its file while the lock is held, and shows it where that was asked for. */
async function saveLaneStates(context: LifeContext): Promise<Readonly<Record<string, number>> | undefined> {
  const { configuration, options, output, log } = context;
  const { config } = configuration;
  const store = await context.opened();
  const saves = remembersLive(options) && store !== undefined;
  const path = saves ? stateFileOf(configuration) : undefined;
  if (!saves && !config.pstate_dump && !config.pstate_log) return undefined;
  const state = store === undefined ? secondsOf(context.formerly) : await stateOf(store, options.shard);
  if (path !== undefined && (differs(state, context.formerly) || !existsSync(path))) saveState(path, state);
  if (config.pstate_dump) {
    output.object({ state });
    output.line(sortedJson(state));
  }
  if (config.pstate_log) log.info(`state: ${sortedJson(state, 0)}`);
  return state;
}

/** The state file and the metrics file speak of what scheduled runs have done for real. */
function remembersLive({ mode, dryRun, track }: RunOptions): boolean {
  return mode === 'regular' && dryRun === undefined && track === 'live';
}

/** Where nothing has moved since the file was read, it says what is true. */
function differs(state: Readonly<Record<string, number>>, formerly: PreviousState): boolean {
  const names = Object.keys(state);
  return names.length !== formerly.size || names.some((name) => formerly.get(name) !== state[name]! * 1000);
}

function secondsOf(state: PreviousState): Readonly<Record<string, number>> {
  return Object.fromEntries([...state].map(([name, to]) => [name, to / 1000]));
}

function writeRunlog({ configuration, record, output, log }: LifeContext): void {
  const { config } = configuration;
  const runlog = record.runlog();
  if (config.runlog_dump) {
    output.object({ runlog });
    output.line(sortedJson(runlog));
  }
  if (config.runlog_log) log.info(`runlog: ${sortedJson(runlog, 0)}`);
  const directory = leavesRunlog(configuration) ? runlogDirOf(configuration) : undefined;
  if (directory === undefined) return;
  const path = saveRunlog(directory, runlog, config.runlog_keep);
  log.debug(`runlog ${path}`);
}

async function saveMetrics(
  { configuration, options, record, io, formerly }: LifeContext,
  result: RunResult | undefined,
  state: Readonly<Record<string, number>> | undefined,
): Promise<void> {
  const { metrics_file: path, name, shard } = configuration.config;
  if (path === undefined || path === '' || !remembersLive(options)) return;
  const { writeMetrics } = await import('../observe/metrics.ts');
  await writeMetrics(path, {
    name,
    shard,
    start: record.start,
    end: io.clock(),
    success: !record.failed,
    result,
    state: state ?? secondsOf(formerly),
  });
}
