import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import type { Lane, LaneOutcome } from '../../lib/model/lane.ts';
import type { ReportRecord } from '../../lib/model/report.ts';
import type { LaneCommit } from '../../lib/store/port.ts';
import type { PendingRow, ThresholdsPart } from '../../lib/store/pending-rows.ts';
import { reportSink, type FinishedReport } from '../../stages/report-sink.ts';
import { END, group, lane } from '../support/builders.ts';
import { through } from '../support/stage.ts';

async function* bytes(...sizes: number[]) {
  for (const size of sizes) yield await Promise.resolve(Buffer.alloc(size, 'x'));
}

const report = (
  label: string,
  recipients: string[] = ['abuse@example.org'],
  sizes = [10],
): FinishedReport => ({
  record: { label } as ReportRecord,
  entryParts: () => ['[]'],
  message: recipients.length === 0 ? undefined : bytes(...sizes),
  outbox: recipients.map((recipient, i) => ({
    label,
    number: i + 1,
    recipient,
    sender: 'reporter@example.net',
    way: 'wire',
    next: END,
  })),
});

interface World {
  reports?: (lane: Lane) => FinishedReport[] | Promise<FinishedReport[]>;
  remembers?: boolean;
  sources?: number;
  wins?: (commit: LaneCommit) => boolean;
}

/** Runs lanes through the sink and notes, in order, what it did. */
async function sink(lanes: readonly Lane[], world: World = {}) {
  const steps: string[] = [];
  const rows: PendingRow[] = [];
  const failures: string[] = [];
  const begun: Promise<LaneOutcome>[] = [];
  const deps: Parameters<typeof reportSink>[0] = {
    run: 'run-1',
    remembers: world.remembers ?? true,
    reportsOf: async function* (owner) {
      yield* (await world.reports?.(owner)) ?? [report('M20260106SL-AAAAA')];
    },
    scratch: {
      keys: () =>
        Array.from({ length: world.sources ?? 1 }, (_, i) => ({
          class: i % 2 === 0 ? 'a' : 'b',
          source: `s${i}`,
        })),
    },
    thresholds: { hasRows: () => false, expired: new Set() },
    store: {
      writeAhead: (stamp, written) => {
        steps.push(`write ${stamp.lane} ${written.map((row) => row.kind).join(' ')}`);
        rows.push(...written);
        return Promise.resolve();
      },
      discard: (stamps) => {
        steps.push(`discard ${stamps.map((stamp) => stamp.lane).join(' ')}`);
        return Promise.resolve();
      },
    },
    commit: (commits) => {
      steps.push(
        `commit ${commits.map((commit) => `${commit.state.lane}${commit.hasRows ? '+' : ''}`).join(' ')}`,
      );
      return Promise.resolve(commits.map(world.wins ?? (() => true)));
    },
    onBegun: (_lane, outcome) => void begun.push(outcome),
    onFailure: (owner, error) => failures.push(`${owner.key} ${String(error)}`),
  };
  const outcomes = await through<LaneOutcome>(reportSink(deps), lanes);
  return { steps, rows, failures, outcomes, begun };
}

const reporting = (options: Parameters<typeof lane>[0] = {}): Lane => {
  const owner = lane(options);
  owner.counters.entered++;
  owner.counters.count('passed');
  return owner;
};

describe('report sink', () => {
  it('writes everything ahead, then commits, and returns the outcome of the lane', async () => {
    const owner = reporting();
    owner.filtering = new Map([['scanner', 2]]);
    const { steps, outcomes } = await sink([owner]);
    assert.deepEqual(steps, [
      'write live/low/abuse@example.org entries message report outbox thresholds hits',
      'commit live/low/abuse@example.org+',
    ]);
    const [outcome] = outcomes;
    assert.deepEqual(
      [outcome?.result, outcome?.summaryId, outcome?.mails],
      ['reported', 'M20260106SL-AAAAA', 1],
    );
    assert.deepEqual(outcome?.mailTo, ['abuse@example.org']);
  });

  it('commits all idle lanes in one go, after the others', async () => {
    const { steps, outcomes } = await sink([
      lane({ severity: 'critical' }),
      reporting({ severity: 'high' }),
      lane({ severity: 'low' }),
    ]);
    assert.equal(steps.at(-1), 'commit live/critical/abuse@example.org live/low/abuse@example.org');
    assert.deepEqual(outcomes.map((o) => [o.severity, o.result]), [
      ['high', 'reported'],
      ['critical', 'skipped-no-events'],
      ['low', 'skipped-no-events'],
    ]); // prettier-ignore
  });

  it('begins a lane while the one before waits, and still returns their outcomes in turn', async () => {
    const lanes = (['critical', 'high', 'low'] as const).map((severity) => reporting({ severity }));
    let begin: () => void;
    const second = new Promise<void>((resolve) => (begin = resolve));
    const { steps, outcomes, begun } = await sink(lanes, {
      reports: async (lane) => {
        if (lane === lanes[1]) begin();
        if (lane === lanes[0]) await second;
        return [report('M20260106SL-AAAAA')];
      },
    });
    assert.equal(steps.filter((step) => step.startsWith('commit')).length, 3);
    assert.deepEqual(outcomes.map((o) => o.severity), ['critical', 'high', 'low']); // prettier-ignore
    assert.deepEqual(await Promise.all(begun), outcomes);
  });

  it('sets thresholds in parts of 5,000 sources that share the times of the lane', async () => {
    const { rows } = await sink([reporting()], { sources: 12_000 });
    const parts = rows.filter((row) => row.kind === 'thresholds') as ThresholdsPart[];
    assert.deepEqual(parts.map((part) => part.part), [0, 1, 2]); // prettier-ignore
    const size = (part: ThresholdsPart) => part.keys.reduce((sum, key) => sum + key.sources.length, 0);
    assert.deepEqual(parts.map(size), [5000, 5000, 2000]);
    const { thresholdtime, ttl, relapsetime } = parts[2]!;
    assert.deepEqual(
      [thresholdtime, ttl, relapsetime],
      [END, END + 518_400_000, END + 518_400_000 - 172_800_000],
    );
  });

  it('sets no thresholds with a threshold of 0, nor in an ad-hoc run', async () => {
    const eager = group({ settings: { timing: 'custom', timing_thr_lo: 0 } });
    const kinds = async (owner: Lane, remembers: boolean) =>
      (await sink([owner], { remembers })).rows.map((row) => row.kind);
    assert.equal((await kinds(reporting({ group: eager }), true)).includes('thresholds'), false);
    const adHoc = reporting();
    adHoc.filtering = new Map([['scanner', 1]]);
    const written = await kinds(adHoc, false);
    assert.equal(written.includes('thresholds') || written.includes('hits'), false);
  });

  it('writes a large message in bounded chunks', async () => {
    const { rows } = await sink([reporting()], {
      reports: () => [report('L', ['a@example.org'], Array<number>(10).fill(100_000))],
    });
    const chunks = rows.flatMap((row) => (row.kind === 'message' ? [[row.chunk, row.bytes.length]] : []));
    assert.deepEqual(chunks, [[0, 300_000], [1, 300_000], [2, 300_000], [3, 100_000]]); // prettier-ignore
  });

  it('a lane that fails is discarded and named, and the next one is processed', async () => {
    const broken = reporting({ severity: 'high' });
    const reports = (owner: Lane) => {
      if (owner === broken) throw new Error('no valid recipient');
      return [report('L')];
    };
    const { steps, outcomes, failures } = await sink([broken, reporting()], { reports });
    assert.deepEqual(outcomes.map((o) => [o.result, o.error]), [['failed', 'no valid recipient'], ['reported', undefined]]); // prettier-ignore
    assert.equal(steps[0], 'discard live/high/abuse@example.org');
    assert.equal(failures.length, 1);
  });

  it('a lane that another reporter committed first is no failure', async () => {
    const { outcomes, failures } = await sink([reporting(), lane({ severity: 'high' })], {
      wins: () => false,
    });
    assert.deepEqual(outcomes.map((o) => o.result), ['skipped-too-soon', 'skipped-too-soon']); // prettier-ignore
    assert.match(outcomes[0]!.error!, /another reporter/);
    assert.deepEqual(failures, []);
  });

  it('an event without a reason fails its lane', async () => {
    const leaky = lane();
    leaky.counters.entered++;
    const { outcomes } = await sink([leaky]);
    assert.match(outcomes[0]!.error!, /internal error: 1 events left the lane under no reason/);
  });
});
