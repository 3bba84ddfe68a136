import { Readable } from 'node:stream';
import { routeTo } from '../../stages/group-router.ts';
import { basicExpression } from '../../lib/filter/index.ts';
import { JournalThresholds } from '../../lib/thresholds/journal-thresholds.ts';
import { KeyHash } from '../../lib/thresholds/key-hash.ts';
import { LaneCounters } from '../../lib/model/lane-counters.ts';
import type { EventView, RawEvent, Source } from '../../lib/model/event/event.ts';
import { parseGroup } from '../../lib/model/group/group-schema.ts';
import { laneKey, type Lane } from '../../lib/model/lane.ts';
import { ObjectView } from '../../lib/model/event/object-view.ts';
import { SEVERITIES } from '../../lib/model/severity.ts';
import { RunCounters } from '../../lib/model/run-counters.ts';
import { reportPipeline, type PipelineContext } from '../../lib/pipeline.ts';
import { Aggregation } from '../../lib/report/content/aggregate.ts';
import { PackedWriter } from '../../lib/scratch/packed-values.ts';
import type { Scratch } from '../../lib/scratch/port.ts';
import type { Journal } from '../../lib/store/port.ts';
import { freshState } from '../../lib/store/commit-protocol.ts';
import { fieldEvents, fieldGroups, groupName, type FieldEvent, type FieldOptions } from '../events.ts';
import { Thresholds } from '../thresholds.ts';
import type { Work } from './work.ts';

export interface StagesJob {
  readonly data: FieldOptions;
  /** How often the events are gone through, by one pipeline, so that what is measured is not the engine warming up. */
  readonly passes: number;
  /** True: no stages but a loop that counts events per class and source in one Map. */
  readonly bare: boolean;
}

const BATCH = 500;

/**
 * Events that lie in an array, through all stages as the product puts them in a row; the store and the reports take everything and do nothing.
 * The array holds a {@link ReadView} for each event, some 1.5 kB with its body's text: far more than the processor keeps close, so whoever asks a
 * view first, which is the group router, is probably charged with fetching it from memory.
 */
export function runStages({ data, passes, bare }: StagesJob): Work {
  const thresholds = new Thresholds();
  const views: EventView[] = [];
  for (const made of fieldEvents(data)) {
    if (made.known) thresholds.add(laneOf(made), made.eventClass, made.sources);
    // Made of text, as what is read is: strings put together piece by piece would be flattened by the stage that asks first.
    views.push(new ReadView(JSON.stringify(made.event)));
  }
  const lanes = lanesOf(data);
  return bare
    ? () => Promise.resolve(countInMap(views, passes))
    : () => passStages({ views, passes, lanes, thresholds, data });
}

function laneOf({ severity, group }: FieldEvent): string {
  return laneKey('live', severity, groupName(group));
}

/** A view whose facts were all read beforehand, as reading is not what is measured; the body is text until somebody asks for it, and then kept. */
class ReadView implements EventView {
  readonly id: string;
  readonly invalid: string | undefined;
  readonly storageTime: number;
  readonly severity: string | undefined;
  readonly groups: readonly string[] | undefined;
  readonly eventClass: string;
  readonly test: boolean;
  readonly sources: readonly Source[];
  readonly unreadable: readonly string[];
  readonly fallback: Source;
  readonly #text: string;
  #body: RawEvent | undefined;

  constructor(text: string) {
    const view = new ObjectView(JSON.parse(text) as RawEvent);
    this.id = view.id;
    this.invalid = view.invalid;
    this.storageTime = view.storageTime;
    this.severity = view.severity;
    this.groups = view.groups;
    this.eventClass = view.eventClass;
    this.test = view.test;
    this.sources = view.sources;
    this.unreadable = view.unreadable;
    this.fallback = view.fallback;
    this.#text = text;
  }

  body(): RawEvent {
    return (this.#body ??= JSON.parse(this.#text) as RawEvent);
  }

  bodyText(): string {
    return this.#text;
  }
}

function countInMap(views: readonly EventView[], passes: number): number {
  const counts = new Map<string, number>();
  for (let pass = 0; pass < passes; pass++) {
    for (const view of views) {
      const key = `${view.eventClass} ${view.sources[0]!.text}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts.size === 0 ? 0 : views.length * passes;
}

function lanesOf({ groups, from, to }: FieldOptions): Lane[] {
  const all = fieldGroups(groups).map((document) => parseGroup(document, document.name, basicExpression));
  const pairs = SEVERITIES.flatMap((severity) => all.map((group) => ({ severity, group })));
  return pairs.map(({ severity, group }, index) => {
    const key = laneKey('live', severity, group.name);
    return {
      key,
      index,
      group,
      severity,
      window: { from, to },
      timing: group.settings.timings[severity],
      state: freshState(key),
      counters: new LaneCounters(),
      filtering: undefined,
      problems: [],
    };
  });
}

async function passStages(given: {
  readonly views: readonly EventView[];
  readonly passes: number;
  readonly lanes: readonly Lane[];
  readonly thresholds: Thresholds;
  readonly data: FieldOptions;
}): Promise<number> {
  const { lanes, thresholds } = given;
  const { from, to } = given.data;
  const journal: Pick<Journal, 'thresholds' | 'held'> = {
    // eslint-disable-next-line @typescript-eslint/require-await
    thresholds: async function* ({ expiredBy }) {
      if (expiredBy !== undefined) return;
      for (const { key: lane } of lanes)
        for (const part of thresholds.partsOf(lane, from, to)) yield { lane, run: 'earlier', ...part };
    },
    // eslint-disable-next-line @typescript-eslint/require-await
    held: async function* () {
      yield* [];
    },
  };
  const store = { writeAhead: () => Promise.resolve(), discard: () => Promise.resolve() };
  const journalThresholds = new JournalThresholds({
    lanes,
    run: 'bench',
    journal,
    store,
    hash: new KeyHash(Buffer.alloc(32, 7)),
    openOverflow: () => {
      throw new Error('more keys than memory has room for');
    },
  });
  const tally = new RunCounters();
  const slice = {
    source: Readable.from(batchesOf(given), { objectMode: true, highWaterMark: 1 }),
    lanes,
    tally,
    exclusions: new Map<string, undefined>(),
    thresholds: journalThresholds,
  };
  const context: PipelineContext = {
    run: 'bench',
    remembers: true,
    routes: new Map(lanes.map(({ group }) => [group.name, routeTo(group)])),
    ownersOf: () => [],
    testData: false,
    defaultSeverity: undefined,
    scratch: NOTHING,
    store: { events: { byId: () => Promise.resolve(new Map()) }, lanes: store },
    commit: (commits) => Promise.resolve(commits.map(() => true)),
    aggregationOf: (lane) => new Aggregation(lane.index, NOTHING),
    // eslint-disable-next-line @typescript-eslint/require-await
    reportsOf: async function* () {
      yield* [];
    },
    deliver: () => Promise.resolve(),
    onUnreadable: () => undefined,
    onMissing: () => undefined,
    onFailure: (lane, error) => {
      throw new Error(lane.key, { cause: error });
    },
  };
  const pipeline = reportPipeline(slice, context, () => undefined);
  for await (const { result, error } of pipeline) if (result === 'failed') throw new Error(error);
  return tally.read;
}

function* batchesOf({
  views,
  passes,
}: {
  readonly views: readonly EventView[];
  readonly passes: number;
}): Generator<readonly EventView[]> {
  for (let pass = 0; pass < passes; pass++)
    for (let at = 0; at < views.length; at += BATCH) yield views.slice(at, at + BATCH);
}

const WRITER = new PackedWriter();

/** A scratch that keeps nothing. */
const NOTHING: Scratch = {
  addEvent: () => undefined,
  addEntry: (_lane, { source }, told) => {
    WRITER.clear();
    told.pack(WRITER, source);
  },
  addCounts: () => undefined,
  events: () => [],
  entries: () => [],
  largestEntries: () => [],
  countEntries: () => 0,
  places: () => [],
  keys: () => [],
  largestSources: () => [],
  countSources: () => 0,
  largestCounts: () => ({ top: [], rest: 0 }),
  clear: () => undefined,
  close: () => undefined,
};
