import type { Readable } from 'node:stream';
import { lineSource } from '../../../stages/line-source.ts';
import { storeSource } from '../../../stages/store-source.ts';
import { compileExclusions, type GroupExclusions } from '../../filter/exclusions.ts';
import type { Lane } from '../../model/lane.ts';
import { RunCounters } from '../../model/run-counters.ts';
import type { Slice } from '../../pipeline.ts';
import { JournalThresholds } from '../../thresholds/journal-thresholds.ts';
import { KeyTable } from '../../thresholds/key-table.ts';
import { NO_THRESHOLDS } from '../../thresholds/thresholds.ts';
import { createLanes, type LanePlan } from '../plan/plan.ts';
import type { RunContext } from '../run-context.ts';

type SliceContext = Pick<
  RunContext,
  'options' | 'run' | 'store' | 'hash' | 'openOverflow' | 'replay' | 'progress'
>;

/** IDs of a replay that are held in memory: 25 MB. */
const IDS_IN_MEMORY = 1_000_000;

/**
 * Opens a slice and requests its first batch, so that the next slice can be opened while this one is processed. An error of the source stays
 * in `source.errored` until then.
 */
export function openSlice(planned: readonly LanePlan[], context: SliceContext): Slice {
  const exclusions = new Map<string, GroupExclusions | undefined>();
  for (const { group, window } of planned)
    if (!exclusions.has(group.name)) exclusions.set(group.name, compileExclusions(group, window.to));
  const lanes = createLanes(planned, ({ group }) => exclusions.get(group.name)?.problems);
  const tally = new RunCounters();
  const source =
    context.replay === undefined
      ? openCursor(lanes, exclusions, context)
      : openReplaySource(tally, context.replay, context);
  source.on('error', () => undefined);
  source.read(0);
  const { options, run, store, hash, openOverflow } = context;
  const thresholds =
    options.mode === 'regular'
      ? new JournalThresholds({ lanes, run, journal: store.journal, store: store.lanes, hash, openOverflow })
      : NO_THRESHOLDS;
  return { lanes, source, tally, exclusions, thresholds };
}

function openCursor(
  lanes: readonly Lane[],
  exclusions: ReadonlyMap<string, GroupExclusions | undefined>,
  { store, options }: SliceContext,
): Readable {
  const { severity, window } = lanes[0]!;
  const fields = new Set([...exclusions.values()].flatMap((e) => (e === undefined ? [] : [...e.fields])));
  const groups = lanes.map((lane) => lane.group.name);
  return storeSource({
    events: store.events,
    query: { severity, groups, from: window.from, to: window.to, test: options.testData, fields },
  });
}

function openReplaySource(
  tally: RunCounters,
  replay: NonNullable<SliceContext['replay']>,
  { hash, openOverflow, progress }: SliceContext,
): Readable {
  return lineSource({
    input: replay.bytes,
    tally,
    hash,
    seen: new KeyTable(openOverflow, IDS_IN_MEMORY),
    onBadLine: (problem) => replay.reject(problem),
    onEvent: (event) => replay.observe(event),
    // A replay is one slice: only its lines show how far it has come.
    onProgress: (lines) => progress.update(lines, undefined, 'lines read'),
    onEnd: () => replay.closeWindow(),
  });
}
