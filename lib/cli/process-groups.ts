import { hostname } from 'node:os';
import { problemsOf } from '../config/check/problems.ts';
import { validateSetup } from '../config/check/setup-problems.ts';
import { xarfProblems } from '../config/check/xarf-problems.ts';
import { loadGroups } from '../config/groups/groups.ts';
import type { Configuration } from '../config/load.ts';
import { lacksStore, openStoreForDryRun } from '../config/open-store.ts';
import { storePlaceOf } from '../config/options.ts';
import { makesExtras, type Group } from '../model/group/group.ts';
import { formatCount } from '../model/text/format.ts';
import { maskText } from '../model/text/mask.ts';
import { describeProblem, messageOf } from '../model/user-error.ts';
import { positionsFor, storeId } from '../observe/state-file.ts';
import { runId } from '../run/run-id.ts';
import type { RunResult } from '../run/run-result.ts';
import { runReporter, selectGroups } from '../run/run.ts';
import type { Scratch } from '../scratch/port.ts';
import type { Store } from '../store/port.ts';
import { openInput, requireInput } from '../system/open-input.ts';
import { makeScratchFolder } from '../system/scratch-folder.ts';
import { logStoreCreated } from './log-store-created.ts';
import type { RunContext } from './context.ts';
import { printRun } from './run-summary.ts';

/**
 * The process stage of a run: opens input, scratch folder and store, processes the lanes of all groups, and prints the result.
 * @throws UserError when no lane could be processed
 */
export async function processGroups(context: RunContext): Promise<RunResult> {
  const { configuration, options, io, log } = context;
  if (options.events !== undefined) await requireInput(options.events);
  const folder = await makeScratchFolder(io.environment);
  try {
    if (options.dryRun === undefined)
      return await processWith(await context.store.open(), folder.path, context);
    const place = storePlaceOf(configuration);
    if (lacksStore(place))
      logStoreCreated(`there is no store at ${maskText(place.uri)}: taking it as empty`, configuration, log);
    const store = await openStoreForDryRun(place, folder.path);
    return await processWith(store, folder.path, context).finally(() => store.close());
  } finally {
    await folder
      .remove()
      .catch((error: unknown) => log.warning(`temporary files cannot be deleted: ${messageOf(error)}`));
  }
}

async function processWith(store: Store, scratchDir: string, context: RunContext): Promise<RunResult> {
  const { configuration, options, output, log, progress, io, stateFile } = context;
  const stop = context.stop.signal;
  const { config } = configuration;
  const { groups, problems, place } = await loadGroups(config, () => Promise.resolve(store));
  log.info(`${formatCount(groups.length, 'group')} from ${place}, store ${store.name}`);
  if (groups.length === 0 && problems.length === 0)
    log.warning('there are no groups, so nothing can be reported: see --action groups-import');
  const previousState = positionsFor(stateFile, await storeId(store));
  if (previousState.size < stateFile.positions.size)
    log.info('the state file names another store: lanes do not begin where those of that store ended');
  const selected = selectGroups(options, groups);
  await validateExtraTemplate(configuration, selected);
  for (const problem of xarfProblems(options.report, selected))
    log.warning(`extra reports with X-ARF documents will fail: ${describeProblem(problem)}`);
  const result = await runReporter(options, {
    store,
    groups,
    log,
    clock: io.clock,
    random: io.random,
    run: runId(io.clock(), hostname(), process.pid, io.random),
    openScratch: () => openRunScratch(scratchDir),
    scratchDir,
    openInput: (path) => openInput(path, io, stop),
    progress,
    stop,
    previousState,
  });
  progress.stop();
  const failures = [...problems.flatMap(problemsOf).map(describeProblem), ...result.failures];
  for (const failure of failures) log.error(failure);
  const whole = { ...result, failures, ok: result.ok && failures.length === 0 };
  await printRun(whole, options, output, { all: config.verbosity > 0 });
  return whole;
}

async function openRunScratch(folder: string): Promise<Scratch> {
  const { openScratch } = await import('../scratch/scratch.ts');
  const { mergeEntries } = await import('../report/content/entry.ts');
  return openScratch(folder, mergeEntries);
}

/** A forced template needs a variant for extra reports only if one of the selected groups makes them. */
async function validateExtraTemplate(
  configuration: Configuration,
  selected: readonly Group[],
): Promise<void> {
  const { force_template: template, force_mode: mode } = configuration.config;
  if (template === undefined || mode !== undefined) return;
  if (selected.some(({ settings }) => makesExtras(settings.mode)))
    await validateSetup(configuration, selected);
}
