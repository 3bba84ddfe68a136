import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeFault } from '../model/user-error.ts';
import { mergeEntries } from '../report/entry.ts';
import { openKeyOverflow } from '../scratch/key-overflow.ts';
import { openScratch } from '../scratch/sqlite.ts';
import type { Store } from '../store/port.ts';
import type { Configuration } from './config/load.ts';
import { faultsOf } from './faults.ts';
import { loadGroups } from './groups.ts';
import type { Io } from './io.ts';
import { takeLock } from './lock.ts';
import type { Log } from './log.ts';
import { demandInput, openInput } from './open-input.ts';
import { openStoreForDryRun } from './open-store.ts';
import { lockFileOf, runOptionsOf, storePlaceOf } from './options.ts';
import type { Output } from './output.ts';
import type { Progress } from './progress.ts';
import { runId } from './run-id.ts';
import type { RunOptions } from './run-options.ts';
import { printRun } from './run-summary.ts';
import { runReporter } from './run.ts';

export interface RunContext {
  readonly configuration: Configuration;
  readonly output: Output;
  readonly log: Log;
  readonly progress: Progress;
  readonly io: Io;
  readonly store: () => Promise<Store>;
}

/**
 * One run, from the lock to the last line of output.
 * @returns false when something failed
 * @throws UserError when nothing could be worked at all
 */
export async function performRun(context: RunContext): Promise<boolean> {
  const { configuration, io } = context;
  const { config } = configuration;
  const options = runOptionsOf(configuration);
  if (options.events !== undefined) await demandInput(options.events);
  const dry = options.dryRun !== undefined;
  // Only regular runs would waste each other's work.
  const lock =
    config.regular && !dry ? await takeLock(lockFileOf(configuration), config.lock_timeout) : undefined;
  const folder = await mkdtemp(join(scratchRoot(io.environment), 'mentat-reporter-'));
  try {
    if (!dry) return await work(context, options, await context.store(), folder);
    const store = await openStoreForDryRun(storePlaceOf(configuration), folder);
    return await work(context, options, store, folder).finally(() => store.close());
  } finally {
    await rm(folder, { recursive: true, force: true });
    lock?.release();
  }
}

async function work(
  { configuration: { config }, output, log, progress, io }: RunContext,
  options: RunOptions,
  store: Store,
  scratchDir: string,
): Promise<boolean> {
  const { groups, faults, place } = await loadGroups(config, store);
  log.info(`${groups.length} groups from ${place}, store ${store.name}`);
  if (groups.length === 0)
    log.warning('there are no groups, so nobody can be told anything: see --action groups-import');
  const result = await runReporter(options, {
    store,
    groups,
    log,
    clock: io.clock,
    random: io.random,
    run: runId(io.clock(), hostname(), process.pid, io.random),
    openScratch: () => openScratch(scratchDir, mergeEntries),
    openOverflow: () => openKeyOverflow(scratchDir),
    scratchDir,
    openInput: (path) => openInput(path, io),
    progress,
  });
  progress.stop();
  const failures = [...faults.flatMap(faultsOf).map(describeFault), ...result.failures];
  for (const failure of failures) log.error(failure);
  const whole = { ...result, failures, ok: result.ok && failures.length === 0 };
  await printRun(whole, options, output, { all: config.verbosity > 0 });
  return whole.ok;
}

/** Where scratch files go. They can be as large as a day's events, so not into a `/tmp` that may well be memory, unless told to. */
function scratchRoot({ TMPDIR }: Io['environment']): string {
  return TMPDIR ?? (existsSync('/var/tmp') ? '/var/tmp' : tmpdir());
}
