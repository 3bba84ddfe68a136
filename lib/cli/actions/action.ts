import type { Log, Progress } from '../../run/ports.ts';
import type { Instant } from '../../model/time.ts';
import type { Store } from '../../store/port.ts';
import type { Configuration } from '../../config/load.ts';
import type { Output } from '../output.ts';

/** What an action is handed. */
export interface ActionContext {
  readonly configuration: Configuration;
  readonly output: Output;
  readonly log: Log;
  readonly progress: Progress;
  readonly now: Instant;
  /** Opens the store at the first call; the same one afterwards. */
  readonly store: () => Promise<Store>;
  /** The bytes of `--input`, or of stdin. */
  readonly input: () => AsyncIterable<Uint8Array>;
  /** Names the input in messages. */
  readonly inputName: string;
}

/** A quick action. Resolves with false when what was asked for is not so, which makes the exit code 1. */
export type Action = (context: ActionContext) => Promise<boolean>;
