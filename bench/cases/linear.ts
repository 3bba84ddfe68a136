import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { measure } from '../measure.ts';
import { grouped, markdownTable } from '../text.ts';
import { makeWorld, type Data } from '../world.ts';
import type { BenchCase, Settings } from './case.ts';
import { generatedReplay, regularRun } from './program.ts';
import { fieldData } from './stores.ts';

/** Four sizes, each twice the one before. */
const SIZES = [0.125, 0.25, 0.5, 1];
const QUIET = 0.9;

interface Series {
  readonly title: string;
  readonly sizes: readonly number[];
  /** Seconds of processor that a run of this size takes. */
  readonly cost: (size: number) => Promise<number>;
}

export const LINEAR: BenchCase = {
  name: 'linear',
  title: 'How cost grows: the exponent of processor time, fitted over four sizes',
  events: 200_000,
  run: async (settings) => {
    const { events, say } = settings;
    const rows: string[][] = [];
    for (const { title, sizes, cost } of seriesOf(events, settings)) {
      const costs: number[] = [];
      for (const size of sizes) costs.push(await cost(size));
      const steps = sizes.map((size, i) => `${grouped(size)}: ${costs[i]!.toFixed(1)} s`).join(', ');
      say(`${title}: ${steps}`);
      rows.push([title, exponentOf(sizes, costs).toFixed(2), steps]);
    }
    return markdownTable(['', 'exponent', 'processor time'], rows);
  },
};

function seriesOf(events: number, settings: Settings): Series[] {
  const sizes = SIZES.map((share) => Math.round(events * share));
  return [
    ...(['mongodb', 'embedded'] as const).map((engine) => ({
      title: `events, ${engine}, 90 % suppressed`,
      sizes,
      cost: (size: number) => costOfStore(engine, fieldData(size, QUIET), settings),
    })),
    { title: 'events, replay', sizes, cost: (size) => costOfReplay(fieldData(size, 0), settings) },
    {
      title: `groups, replay of ${grouped(events / 8)} events`,
      sizes: [25, 50, 100, 200],
      cost: (groups) => costOfReplay({ events: events / 8, groups, sources: 20_000 }, settings),
    },
    {
      title: `sources, replay of ${grouped(events / 8)} events`,
      sizes: [2500, 5000, 10_000, 20_000],
      cost: (sources) => costOfReplay({ events: events / 8, groups: 10, sources }, settings),
    },
  ];
}

async function costOfStore(engine: 'mongodb' | 'embedded', data: Data, { place }: Settings): Promise<number> {
  const world = await makeWorld(engine, data, place);
  const root = await mkdtemp(join(place.directory, 'root-'));
  try {
    await world.forget();
    return (await measure(regularRun(world.uri, { events: data.events }), { root })).cpu;
  } finally {
    await rm(root, { recursive: true });
    await world.dispose();
  }
}

/** Making the events is part of it, which is linear by itself. */
async function costOfReplay(data: Data, { place }: Settings): Promise<number> {
  const root = await mkdtemp(join(place.directory, 'root-'));
  try {
    return (await measure(await generatedReplay(data, root), { root })).cpu;
  } finally {
    await rm(root, { recursive: true });
  }
}

/** Least squares on logarithms. */
function exponentOf(sizes: readonly number[], costs: readonly number[]): number {
  const [x, y] = [sizes.map(Math.log), costs.map(Math.log)];
  const mean = (numbers: readonly number[]) => numbers.reduce((sum, n) => sum + n, 0) / numbers.length;
  const [mx, my] = [mean(x), mean(y)];
  return (
    x.reduce((sum, xi, i) => sum + (xi - mx) * (y[i]! - my), 0) /
    x.reduce((sum, xi) => sum + (xi - mx) ** 2, 0)
  );
}
