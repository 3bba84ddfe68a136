import type { Log, Progress } from './ports.ts';
import type { PreviousState } from './plan/previous-state.ts';
import type { Group } from '../model/group/group.ts';
import type { Instant } from '../model/time.ts';
import type { PipelineContext } from '../pipeline.ts';
import type { Reports } from '../report/request.ts';
import type { Scratch } from '../scratch/port.ts';
import type { Store } from '../store/port.ts';
import type { KeyHash } from '../thresholds/key-hash.ts';
import type { KeyOverflow } from '../thresholds/key-table.ts';
import type { OpenInput, Replay } from './replay.ts';
import type { RunOptions } from './run-options.ts';

/** What a run is given besides its options: places, clock and randomness. */
export interface RunInputs {
  readonly store: Store;
  /** Every group there is, as read from the store or from files. */
  readonly groups: readonly Group[];
  readonly log: Log;
  readonly clock: () => Instant;
  readonly random: () => number;
  /** Names the run in the store: unique, and beginning with its start as `YYYYMMDDThhmmssZ`. */
  readonly run: string;
  readonly openScratch: () => Promise<Scratch>;
  /** Folder for what does not fit into memory. */
  readonly scratchDir: string;
  readonly openInput: OpenInput;
  readonly progress: Progress;
  /** Once aborted, the run ends after the slice at hand. */
  readonly stop: AbortSignal;
  /** Positions of lanes that the store may not know yet. */
  readonly previousState: PreviousState;
}

/** What all slices of a run share. */
export interface RunContext extends PipelineContext {
  readonly options: RunOptions;
  readonly store: Store;
  readonly log: Log;
  readonly clock: () => Instant;
  readonly progress: Progress;
  /** Once aborted, the run ends after the slice at hand; a slice processed lane by lane after the lane at hand. */
  readonly stop: AbortSignal;
  readonly replay: Replay | undefined;
  readonly hash: KeyHash;
  readonly openOverflow: () => KeyOverflow;
  readonly reports: Reports;
  /** The transport of this run's mails. */
  readonly way: string;
}
