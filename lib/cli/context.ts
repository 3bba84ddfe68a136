import type { Configuration } from '../config/load.ts';
import type { RunRecord } from '../observe/runlog/record.ts';
import type { StateFile } from '../observe/state-file.ts';
import type { Log, Progress } from '../run/ports.ts';
import type { RunOptions } from '../run/run-options.ts';
import type { Io } from '../system/io.ts';
import type { Stop } from '../system/stop.ts';
import type { LazyStore } from './lazy-store.ts';
import type { Output } from './output.ts';

/** What actions and runs both start from. */
export interface CommandContext {
  readonly configuration: Configuration;
  readonly io: Io;
  readonly log: Log;
  readonly output: Output;
  readonly progress: Progress;
  readonly store: LazyStore;
}

/** What the stages of one run share. */
export interface RunContext extends CommandContext {
  readonly options: RunOptions;
  readonly stop: Stop;
  /** What becomes of the run, for its runlog. */
  readonly record: RunRecord;
  /** The state file as it was before the run. */
  readonly stateFile: StateFile;
}
