import type { Log, Progress } from '../run/ports.ts';
import type { PreviousState } from '../run/plan/previous-state.ts';
import { hostname } from 'node:os';
import { makesExtras, type Group } from '../model/group/group.ts';
import { describeProblem, messageOf } from '../model/user-error.ts';
import type { Scratch } from '../scratch/port.ts';
import type { Store } from '../store/port.ts';
import type { Configuration } from '../config/load.ts';
import { problemsOf } from '../config/check/problems.ts';
import { formatCount } from '../model/text/format.ts';
import { loadGroups } from '../config/groups/groups.ts';
import type { Io } from '../system/io.ts';
import { maskText } from '../model/text/mask.ts';
import { logStoreCreated } from './log-store-created.ts';
import { requireInput, openInput } from '../system/open-input.ts';
import { lacksStore, openStoreForDryRun } from '../config/open-store.ts';
import { storePlaceOf } from '../config/options.ts';
import type { Output } from './output.ts';
import { runId } from '../run/run-id.ts';
import { makeScratchFolder } from '../system/scratch-folder.ts';
import type { RunOptions } from '../run/run-options.ts';
import { printRun } from './run-summary.ts';
import { selectGroups, runReporter } from '../run/run.ts';
import type { RunResult } from '../run/run-result.ts';
import { validateSetup } from '../config/check/setup-problems.ts';
import { xarfProblems } from '../config/check/xarf-problems.ts';

export interface RunContext {
  readonly configuration: Configuration;
  readonly options: RunOptions;
  readonly output: Output;
  readonly log: Log;
  readonly progress: Progress;
  readonly io: Io;
  readonly store: () => Promise<Store>;
  readonly stop: AbortSignal;
  readonly formerly: PreviousState;
}

/**
 * The work of a run, from its groups to the last line of output.
 * @throws UserError when nothing could be worked at all
 */
export async function performRun(context: RunContext): Promise<RunResult> {
  const { configuration, options, io, log } = context;
  if (options.events !== undefined) await requireInput(options.events);
  const folder = await makeScratchFolder(io.environment);
  try {
    if (options.dryRun === undefined) return await work(context, await context.store(), folder.path);
    const place = storePlaceOf(configuration);
    if (lacksStore(place))
      logStoreCreated(`there is no store at ${maskText(place.uri)}: taking it as empty`, configuration, log);
    const store = await openStoreForDryRun(place, folder.path);
    return await work(context, store, folder.path).finally(() => store.close());
  } finally {
    await folder
      .remove()
      .catch((error: unknown) => log.warning(`temporary files cannot be deleted: ${messageOf(error)}`));
  }
}

async function work(
  { configuration, options, output, log, progress, io, stop, formerly }: RunContext,
  store: Store,
  scratchDir: string,
): Promise<RunResult> {
  const { config } = configuration;
  const { groups, problems, place } = await loadGroups(config, () => Promise.resolve(store));
  log.info(`${formatCount(groups.length, 'group')} from ${place}, store ${store.name}`);
  if (groups.length === 0 && problems.length === 0)
    log.warning('there are no groups, so nobody can be told anything: see --action groups-import');
  const chosen = selectGroups(options, groups);
  await validateExtraTemplate(configuration, chosen);
  for (const problem of xarfProblems(options.report, chosen))
    log.warning(`extra reports with X-ARF documents will fail: ${describeProblem(problem)}`);
  const result = await runReporter(options, {
    store,
    groups,
    log,
    clock: io.clock,
    random: io.random,
    run: runId(io.clock(), hostname(), process.pid, io.random),
    openScratch: () => scratchIn(scratchDir),
    scratchDir,
    openInput: (path) => openInput(path, io, stop),
    progress,
    stop,
    previousState: formerly,
  });
  progress.stop();
  const failures = [...problems.flatMap(problemsOf).map(describeProblem), ...result.failures];
  for (const failure of failures) log.error(failure);
  const whole = { ...result, failures, ok: result.ok && failures.length === 0 };
  await printRun(whole, options, output, { all: config.verbosity > 0 });
  return whole;
}

async function scratchIn(folder: string): Promise<Scratch> {
  const { openScratch } = await import('../scratch/scratch.ts');
  const { mergeEntries } = await import('../report/content/entry.ts');
  return openScratch(folder, mergeEntries);
}

/** A template that is forced upon groups which make extra reports has to have one for those; who they are is known only now. */
async function validateExtraTemplate(configuration: Configuration, chosen: readonly Group[]): Promise<void> {
  const { force_template: template, force_mode: mode } = configuration.config;
  if (template === undefined || mode !== undefined) return;
  if (chosen.some(({ settings }) => makesExtras(settings.mode))) await validateSetup(configuration, chosen);
}
