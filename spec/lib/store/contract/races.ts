import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe } from 'mocha';
import { parseCalendar } from '../../../../lib/model/time.ts';
import type { Store } from '../../../../lib/store/port.ts';
import { recoverLanes } from '../../../../lib/store/commit-protocol.ts';
import { HOUR, T0 } from '../../../support/store/rows.ts';
import { dyingStore, reportLane, whatHappened, withSteps } from '../../../support/store/reporter.ts';
import { withStore, type OpenContractStore } from './open.ts';

/** One that works a lane: up to when, and after how many steps it dies; 0: it lives. */
interface Reporter {
  readonly hours: number;
  readonly death: number;
}

const reporter: fc.Arbitrary<Reporter> = fc.record({
  hours: fc.integer({ min: 0, max: 3 }),
  death: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 24 })),
});

export function raceContract(open: OpenContractStore): void {
  describe('races', () => {
    withStore(open)(
      'of several reporters, some of which die, report every window once',
      async ({ store, reopen }) => {
        const handles = [store, await reopen(), await reopen()];
        let round = 0;
        await fc.assert(
          fc.asyncProperty(
            fc.scheduler(),
            fc.array(reporter, { minLength: 2, maxLength: 3 }),
            async (scheduler, reporters) => {
              const lane = `live/low/race-${round++}`;
              const works = reporters.map((one, i) => {
                // Every step waits for its turn, which is drawn by lot.
                const turn = async <T>(step: () => Promise<T>): Promise<T> => {
                  await scheduler.schedule(Promise.resolve(), `reporter ${i}`);
                  return step();
                };
                const paced = withSteps(handles[i]!, turn, ['states', 'pending']);
                return work(
                  one.death === 0 ? paced : dyingStore(paced, one.death),
                  `run-${i}`,
                  lane,
                  T0 + one.hours * HOUR,
                );
              });
              const done = await scheduler.waitFor(Promise.all(works));
              const { states } = await recoverLanes(store, [lane]);
              await demandTruth(store, lane, done, states.get(lane)!.to);
            },
          ),
          { seed: 11, numRuns: 80 },
        );
      },
    );
  });
}

type Outcome = 'reported' | 'overtaken' | 'too soon' | 'died';

async function work(store: Store, run: string, lane: string, to: number): Promise<Outcome> {
  try {
    const state = (await recoverLanes(store, [lane])).states.get(lane)!;
    if (state.to !== undefined && state.to >= to) return 'too soon';
    return (await reportLane(store, run, to, state)) ? 'reported' : 'overtaken';
  } catch (error) {
    if (error instanceof Error && error.message === 'died') return 'died';
    throw error;
  }
}

/** Windows that were reported join up; whoever was told that it reported is among them, and who was told that it did not is not. */
async function demandTruth(
  store: Store,
  lane: string,
  done: readonly Outcome[],
  to: number | undefined,
): Promise<void> {
  const runs = await whatHappened(store, lane);
  assert.deepEqual(
    (await store.lanes.pending()).filter((stamp) => stamp.lane === lane),
    [],
  );
  for (const [i, outcome] of done.entries()) {
    if (outcome === 'died') continue;
    assert.equal(runs.includes(`run-${i}`), outcome === 'reported', `run-${i} ${outcome}: ${runs.join()}`);
  }
  const records = (await store.reports.list()).filter((one) => one.label.endsWith(`@${lane}`)).toReversed();
  for (const [i, record] of records.slice(1).entries()) assert.equal(record.dt_from, records[i]!.dt_to);
  const last = records.at(-1);
  assert.equal(last === undefined ? undefined : parseCalendar(last.dt_to), to);
}
