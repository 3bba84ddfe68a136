import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '../jobs/index.ts';
import { measure } from '../measure.ts';
import { grouped, markdownTable, megabytes } from '../text.ts';
import { makeFiles, makeWorld, type Data } from '../world.ts';
import type { BenchCase, Settings } from './case.ts';
import { programJob, regularRun } from './program.ts';
import { replayArgs } from './replay.ts';

const HEAP = ['--max-old-space-size=128'];
/** What the units for systemd and the cron table set, so that a run takes little memory. */
export const UNIT_ENVIRONMENT = {
  NODE_OPTIONS: '--max-semi-space-size=2',
  UV_THREADPOOL_SIZE: '2',
  MALLOC_ARENA_MAX: '1',
  MALLOC_TRIM_THRESHOLD_: '131072',
  MALLOC_MMAP_THRESHOLD_: '131072',
  MIMALLOC_PURGE_DELAY: '0',
};
/** Bytes. */
const MOST = 256e6;
const MOST_GROWTH = 1e6;
const SIZES = [0.1, 1];

const WAYS = ['embedded', 'replay', 'mongodb'] as const;
type Way = (typeof WAYS)[number];

/** Of a million events and more, a million are of sources of their own in the worst lane. */
function dataOf(events: number, groups: number): Data {
  return { events, groups, sources: groups * 20, known: 0.5, worst: Math.min(1_000_000, events) };
}

/** What one run needs at most, and how much it had in each tenth of its time. */
interface Needed {
  readonly way: Way;
  readonly events: number;
  readonly peak: number;
  readonly tenths: readonly number[];
  readonly seconds: number;
}

export const MEMORY: BenchCase = {
  name: 'memory',
  title:
    'Memory, with as many sources in the worst lane as events up to 1 M, half of all events suppressed (a replay: none), attachments on, 128 MB of heap, in the environment that the units set',
  events: 10_000_000,
  run: async (settings) => {
    const needed: Needed[] = [];
    for (const way of WAYS) {
      for (const share of SIZES) needed.push(await need(way, Math.round(settings.events * share), settings));
    }
    return [...tableOf(needed), '', `${grouped(settings.groups)} groups.`, '', ...verdicts(needed)];
  },
};

async function need(way: Way, events: number, settings: Settings): Promise<Needed> {
  const { place, say } = settings;
  say(`${way}: making ${grouped(events)} events`);
  const { job, dispose } = await jobOf(way, events, settings);
  const root = await mkdtemp(join(place.directory, 'root-'));
  const samples: number[] = [];
  try {
    const taken = await measure(job, {
      root,
      execArgv: HEAP,
      environment: UNIT_ENVIRONMENT,
      onMemory: (bytes) => samples.push(bytes),
    });
    const tenth = Math.ceil(samples.length / 10);
    const tenths = Array.from({ length: 10 }, (_, i) =>
      Math.max(0, ...samples.slice(i * tenth, (i + 1) * tenth)),
    );
    say(
      `${way}: ${grouped(events)} events in ${taken.seconds.toFixed(0)} s, at most ${megabytes(taken.peak)}`,
    );
    return { way, events, peak: taken.peak, tenths, seconds: taken.seconds };
  } finally {
    await rm(root, { recursive: true });
    await dispose();
  }
}

async function jobOf(
  way: Way,
  events: number,
  { place, groups }: Settings,
): Promise<{ job: Job; dispose: () => Promise<void> }> {
  if (way === 'replay') {
    const files = await makeFiles(dataOf(events, groups), place);
    return { job: programJob(replayArgs(files), { events }), dispose: files.dispose };
  }
  const world = await makeWorld(way, dataOf(events, groups), place);
  await world.forget();
  return { job: regularRun(world.uri, { events }), dispose: () => world.dispose() };
}

function tableOf(needed: readonly Needed[]): string[] {
  const head = ['', 'events', 'seconds', 'peak RSS', 'peak RSS in each tenth of the run, MB'];
  const rows = needed.map(({ way, events, seconds, peak, tenths }) => {
    const series = tenths.map((bytes) => Math.round(bytes / 1e6)).join(' ');
    return [way, grouped(events), seconds.toFixed(0), megabytes(peak), series];
  });
  return markdownTable(head, rows);
}

function verdicts(needed: readonly Needed[]): string[] {
  return WAYS.map((way) => {
    const sizes = needed.filter((one) => one.way === way);
    const [small, large] = [sizes[0]!, sizes.at(-1)!];
    const growth = (large.peak - small.peak) / ((large.events - small.events) / 1e6);
    const met = (is: boolean) => (is ? 'met' : 'missed');
    const most = Math.max(small.peak, large.peak);
    return `- ${way}: **${megabytes(most)}** (target: at most ${megabytes(MOST)}: ${met(most <= MOST)}), growing by **${(growth / 1e6).toFixed(1)} MB a million events** (target: less than 1: ${met(growth < MOST_GROWTH)}).`;
  });
}
