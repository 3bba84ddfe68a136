// Which bars of a chart over time bear a label.

/** Seconds between two labels, as a clock and a calendar have them. */
const STEPS = [
  60, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_419_200,
] as const;
/** Labels that a small picture has room for. */
const LABELS = 5;
const DAY = 86_400;

/** When a bar begins, in the reader's zone: `2026-01-05`, `13:00`. */
export interface Clock {
  readonly day: string;
  readonly time: string;
}

/**
 * The label of each bar, empty for most: on whole steps of the reader's clock, with the day below the time where it is another one than
 * at the label before.
 * @param width seconds of a bar
 */
export function tickLabels(bars: readonly Clock[], width: number): string[] {
  const step = stepFor(bars.length, width);
  let day = '';
  return bars.map((bar) => {
    const begins = Date.parse(`${bar.day}T${bar.time}Z`) / 1000;
    // The first bar of a step bears its label, whether the bars lie on whole steps of this clock or not.
    if (Math.floor(begins / step) === Math.floor((begins - width) / step)) return '';
    const date = bar.day.slice(5);
    if (width >= DAY) return date;
    const same = day === bar.day;
    day = bar.day;
    return same ? bar.time : `${bar.time}\n${date}`;
  });
}

function stepFor(count: number, width: number): number {
  const step = STEPS.find((seconds) => seconds % width === 0 && (count * width) / seconds <= LABELS);
  return step ?? Math.ceil(count / LABELS) * width;
}
