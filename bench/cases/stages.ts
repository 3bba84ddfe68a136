import type { Job } from '../jobs/index.ts';
import { sideBySide } from '../side-by-side.ts';
import { FROM, TO } from '../world.ts';
import type { BenchCase } from './case.ts';
import { fieldData } from './stores.ts';

const QUIET = 0.9;
/** The events take some 30 MB, about what the processor keeps close: in a run, too, they come from what was just read. */
const EVENTS = 20_000;
const PASSES = 50;

export const STAGES: BenchCase = {
  name: 'stages',
  title: `The stages alone, fused, from an array of events whose facts are read already, gone through ${PASSES} times, 90 % suppressed; against a loop that counts in one Map`,
  events: EVENTS,
  run: (settings) => {
    const data = { ...fieldData(settings.events, QUIET), from: FROM, to: TO };
    const job = (bare: boolean): Job => ({ kind: 'stages', options: { data, passes: PASSES, bare } });
    return sideBySide(
      { name: 'stages', bare: job(true), ours: job(false), unit: 'events', leastRate: 500_000 },
      settings,
    );
  },
};
