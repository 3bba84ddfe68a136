// Which bars of a chart over time bear a label.

/** Seconds between two labels, as a clock and a calendar have them. */
const STEPS = [
  60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_419_200,
] as const;
/** Labels that a small picture has room for. */
const LABELS = 5;
const DAY = 86_400;

/** When a bar begins, in the reader's zone: `2026-01-05`, `13:00`, `+01:00`. */
export interface Clock {
  readonly day: string;
  readonly time: string;
  readonly offset: string;
}

/**
 * The label of each bar, empty for most: on whole steps of the reader's clock. Below a time stands its day, below a day its year, where it
 * differs from that of the label before; a time that the clock shows twice has its offset.
 * @param width seconds of a bar
 */
export function tickLabels(bars: readonly Clock[], width: number): string[] {
  const step = stepFor(bars.length, width);
  const labelled = bars.flatMap((bar, i) => (beginsStep(bar, step, width) ? [i] : []));
  const shows = (i: number): string => `${bars[i]!.day} ${bars[i]!.time}`;
  // A repeated time has no room when it follows at once.
  const shown = labelled.filter((i, n) => {
    const before = labelled[n - 1];
    return before === undefined || shows(before) !== shows(i) || (i - before) * width >= step;
  });
  const years = bars[0]!.day.slice(0, 4) !== bars.at(-1)!.day.slice(0, 4);
  const labels = bars.map(() => '');
  for (const [n, i] of shown.entries()) {
    const { day, time, offset } = bars[i]!;
    const before = n === 0 ? undefined : bars[shown[n - 1]!];
    const newYear = years && before?.day.slice(0, 4) !== day.slice(0, 4);
    const date = day.slice(5);
    if (width >= DAY) {
      labels[i] = newYear ? `${date}\n${day.slice(0, 4)}` : date;
      continue;
    }
    const below = [];
    if (before?.day !== day) below.push(newYear && before !== undefined ? day : date);
    if (shown.some((other) => other !== i && shows(other) === shows(i))) below.push(offset);
    labels[i] = below.length === 0 ? time : `${time}\n${below.join(' ')}`;
  }
  return labels;
}

/** Whether a bar is the first one of a step, be it at the very beginning of the step or not. */
function beginsStep({ day, time }: Clock, step: number, width: number): boolean {
  const begins = Date.parse(`${day}T${time}Z`) / 1000;
  return Math.floor(begins / step) !== Math.floor((begins - width) / step);
}

function stepFor(count: number, width: number): number {
  const step = STEPS.find((seconds) => seconds % width === 0 && (count * width) / seconds <= LABELS);
  return step ?? Math.ceil(count / LABELS) * width;
}
