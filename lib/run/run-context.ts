import type { Log, Progress } from './ports.ts';
import type { PreviousState } from './plan/previous-state.ts';
import type { Group } from '../model/group/group.ts';
import type { Instant } from '../model/time.ts';
import type { Scratch } from '../scratch/port.ts';
import type { Store } from '../store/port.ts';
import type { MailDelivery } from './mail-delivery.ts';
import type { OpenInput, Replay } from './replay.ts';
import type { RunOptions } from './run-options.ts';

/** What a run needs that is no option: places, clock and chance. */
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
  /** Where lanes stood that the store may not know yet. */
  readonly previousState: PreviousState;
}

/** What is the same for all lanes of a run. */
export interface LaneContext {
  readonly options: RunOptions;
  /** The chosen ones. */
  readonly groups: readonly Group[];
  readonly mails: MailDelivery;
  readonly replay: Replay | undefined;
}
