import { existsSync } from 'node:fs';
import { leavesRunlog, runlogDirOf, stateFileOf } from '../config/options.ts';
import { sortedJson } from '../model/text/sorted-json.ts';
import { saveRunlog } from '../observe/runlog/files.ts';
import { saveState, stateOf, storeId, type StateFile } from '../observe/state-file.ts';
import type { PreviousState } from '../run/plan/previous-state.ts';
import type { RunOptions } from '../run/run-options.ts';
import type { RunResult } from '../run/run-result.ts';
import type { RunContext } from './context.ts';

/* The files that a run leaves about itself: state file, runlog and metrics. */

/** Lane positions by their names in the state file, in seconds. */
type LanePositions = Readonly<Record<string, number>>;

/** Copies the lanes' positions to the state file, and prints and logs them where configured. Called while the lock is held. */
export async function saveLaneStates(context: RunContext): Promise<LanePositions | undefined> {
  const { configuration, options, output, log, stateFile } = context;
  const { config } = configuration;
  const store = await context.store.opened();
  const saves = changesLiveState(options) && store !== undefined;
  const path = saves ? stateFileOf(configuration) : undefined;
  if (!saves && !config.pstate_dump && !config.pstate_log) return undefined;
  const state = store === undefined ? inSeconds(stateFile.positions) : await stateOf(store, options.shard);
  if (path !== undefined) {
    const id = await storeId(store!);
    if (differs(state, stateFile, id) || !existsSync(path)) saveState(path, state, id);
  }
  if (config.pstate_dump) {
    output.object({ state });
    output.line(sortedJson(state));
  }
  if (config.pstate_log) log.info(`state: ${sortedJson(state, 0)}`);
  return state;
}

/** State file and metrics file describe scheduled runs of the live track only. */
function changesLiveState({ mode, dryRun, track }: RunOptions): boolean {
  return mode === 'regular' && dryRun === undefined && track === 'live';
}

function differs(state: LanePositions, { positions, store }: StateFile, id: string): boolean {
  const names = Object.keys(state);
  if (store !== id || names.length !== positions.size) return true;
  return names.some((name) => positions.get(name) !== state[name]! * 1000);
}

function inSeconds(state: PreviousState): LanePositions {
  return Object.fromEntries([...state].map(([name, to]) => [name, to / 1000]));
}

export function writeRunlog({ configuration, record, output, log }: RunContext): void {
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

/** @param state undefined when it could not be read: then the previous one is exported */
export async function saveMetrics(
  { configuration, options, record, io, stateFile }: RunContext,
  result: RunResult | undefined,
  state: LanePositions | undefined,
): Promise<void> {
  const { metrics_file: path, name, shard } = configuration.config;
  if (path === undefined || path === '' || !changesLiveState(options)) return;
  const { writeMetrics } = await import('../observe/metrics.ts');
  await writeMetrics(path, {
    name,
    shard,
    start: record.start,
    end: io.clock(),
    success: !record.failed,
    result,
    state: state ?? inSeconds(stateFile.positions),
  });
}
