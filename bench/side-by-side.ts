import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Taken } from './child.ts';
import type { Job } from './jobs/index.ts';
import type { Settings } from './cases/case.ts';
import { measure, spreadOf, type Spread } from './measure.ts';
import type { Profile } from './profile.ts';
import { grouped, markdownTable, megabytes } from './text.ts';

export interface Sides {
  readonly name: string;
  readonly bare: Job;
  readonly ours: Job;
  /** Before every round of ours. */
  readonly prepare?: () => Promise<void>;
  /** What is counted, for people: events, lanes. */
  readonly unit: string;
  /** Of ours: rate divided by the bare rate, or time by the bare time. */
  readonly target:
    { readonly of: 'rate'; readonly least: number } | { readonly of: 'time'; readonly most: number };
}

export interface Side {
  readonly seconds: Spread;
  readonly cpu: Spread;
  readonly peak: number;
  readonly count: number;
}

/**
 * Does both jobs in turn, so that what else the machine does hits both alike, and ours once more under a profiler, which is not timed.
 * @returns Markdown lines
 */
export async function sideBySide(sides: Sides, settings: Settings): Promise<string[]> {
  const { name, bare, ours, prepare, unit, target } = sides;
  const { rounds, place, profiles, say } = settings;
  const profileFile = profiles === undefined ? undefined : join(profiles, `${name}.cpuprofile`);
  const root = await mkdtemp(join(place.directory, 'root-'));
  const [bareTaken, oursTaken]: [Taken[], Taken[]] = [[], []];
  let profile: Profile;
  try {
    for (let round = 1; round <= rounds; round++) {
      bareTaken.push(await measure(bare, { root }));
      await prepare?.();
      oursTaken.push(await measure(ours, { root: await mkdtemp(join(root, 'run-')) }));
      const [b, o] = [bareTaken.at(-1)!, oursTaken.at(-1)!];
      say(
        `round ${round}: bare ${told(b)}, ours ${told(o)}, time ${(o.seconds / b.seconds).toFixed(3)} of bare`,
      );
    }
    await prepare?.();
    profile = (await measure(ours, { root: await mkdtemp(join(root, 'run-')), profile: true, profileFile }))
      .profile!;
  } finally {
    await rm(root, { recursive: true });
  }
  const [one, other] = [sideOf(bareTaken), sideOf(oursTaken)];
  return [
    ...markdownTable(
      ['', `${unit}/s`, 'seconds', 'spread', 'processor, s', 'peak RSS'],
      [rowOf('bare', one), rowOf('ours', other)],
    ),
    '',
    verdict(bareTaken, oursTaken, target),
    '',
    ...profileLines(profile),
  ];
}

function told({ seconds, cpu, peak }: Taken): string {
  return `${seconds.toFixed(2)} s (processor ${cpu.toFixed(2)} s, ${megabytes(peak)})`;
}

function sideOf(taken: readonly Taken[]): Side {
  return {
    seconds: spreadOf(taken.map(({ seconds }) => seconds)),
    cpu: spreadOf(taken.map(({ cpu }) => cpu)),
    peak: Math.max(...taken.map(({ peak }) => peak)),
    count: taken[0]!.count,
  };
}

function rowOf(title: string, { seconds, cpu, peak, count }: Side): string[] {
  const { median, least, most } = seconds;
  return [
    title,
    grouped(count / median),
    median.toFixed(2),
    `${least.toFixed(2)} to ${most.toFixed(2)}`,
    cpu.median.toFixed(2),
    megabytes(peak),
  ];
}

/** The ratio of each round, whose halves ran one after the other, and their median. */
function verdict(bare: readonly Taken[], ours: readonly Taken[], target: Sides['target']): string {
  const ratios = bare.map((b, i) =>
    target.of === 'rate' ? b.seconds / ours[i]!.seconds : ours[i]!.seconds / b.seconds,
  );
  const { median, least, most } = spreadOf(ratios);
  const met = target.of === 'rate' ? median >= target.least : median <= target.most;
  const wanted = target.of === 'rate' ? `at least ${target.least}` : `at most ${target.most}`;
  return `**${median.toFixed(3)} times the bare ${target.of}** (${least.toFixed(3)} to ${most.toFixed(3)} in ${ratios.length} rounds; target: ${wanted}: ${met ? 'met' : 'missed'}).`;
}

/** Where ours spends its time. */
export function profileLines({ shares, costliest }: Profile): string[] {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`;
  const parts = Object.entries(shares).sort((a, b) => b[1] - a[1]);
  return [
    `Time by part: ${parts.map(([part, share]) => `${part} ${percent(share)}`).join(', ')}.`,
    '',
    'Costliest functions, without what they call:',
    '',
    ...costliest.map(({ name, share }) => `- ${percent(share)} \`${name}\``),
  ];
}
