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
  /** Of ours by bare: rates, or times; undefined: none is set. */
  readonly target?: Target;
  /** What ours has to do a second. */
  readonly leastRate?: number;
}

type Target =
  { readonly of: 'rate'; readonly least: number } | { readonly of: 'time'; readonly most: number };

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
  const { name, bare, ours, prepare, unit } = sides;
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
    ...verdicts(bareTaken, oursTaken, sides),
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
function verdicts(
  bare: readonly Taken[],
  ours: readonly Taken[],
  { target, leastRate, unit }: Sides,
): string[] {
  const of = target?.of ?? 'rate';
  const ratios = bare.map((b, i) =>
    of === 'rate' ? b.seconds / ours[i]!.seconds : ours[i]!.seconds / b.seconds,
  );
  const { median, least, most } = spreadOf(ratios);
  const range = `${least.toFixed(3)} to ${most.toFixed(3)} in ${ratios.length} rounds`;
  const lines = [
    `**${median.toFixed(3)} times the bare ${of}** (${range}${target === undefined ? '' : judged(median, target)}).`,
  ];
  if (leastRate === undefined) return lines;
  const rate = spreadOf(ours.map(({ count, seconds }) => count / seconds)).median;
  return [
    ...lines,
    `**${grouped(rate)} ${unit}/s** (target: at least ${grouped(leastRate)}: ${outcome(rate >= leastRate)}).`,
  ];
}

function judged(ratio: number, target: Target): string {
  return target.of === 'rate'
    ? `; target: at least ${target.least}: ${outcome(ratio >= target.least)}`
    : `; target: at most ${target.most}: ${outcome(ratio <= target.most)}`;
}

function outcome(met: boolean): string {
  return met ? 'met' : 'missed';
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
