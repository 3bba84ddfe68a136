import type { Route } from '../../../stages/group-router.ts';
import type { EventView } from '../../model/event/event.ts';
import type { Instant } from '../../model/time.ts';
import type { Reports } from '../../report/reports.ts';
import type { Scratch } from '../../scratch/port.ts';
import type { OpenSliceDeps } from './open-slice.ts';

/** What all slices of a run have in common. */
export interface SliceDeps extends OpenSliceDeps {
  readonly run: string;
  readonly clock: () => Instant;
  readonly scratch: Scratch;
  readonly reports: Reports;
  readonly routes: ReadonlyMap<string, Route>;
  readonly ownersOf: (event: EventView) => readonly string[];
  /** The way this run's mails go. */
  readonly way: string;
  readonly deliver: () => Promise<void>;
  /** Told now and then how many events of the slice were read. */
  readonly onEvents: (read: number) => void;
  /** Once aborted, a slice that is worked lane by lane ends after the lane at hand. */
  readonly stop: AbortSignal;
}
