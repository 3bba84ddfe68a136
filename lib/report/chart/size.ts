import type { ChartModel } from './model.ts';

// How big a chart is, in pixels at a scale of 1; kept apart from the drawing, which is costly to load.

export const WIDTH = 400;
export const EDGE = 16;
export const TIME_HEIGHT = 196;
export const CLASS_HEIGHT = 34;
export const TITLE_HEIGHT = 24;

export function chartHeight({ time, classes }: Pick<ChartModel, 'time' | 'classes'>): number {
  const classHeight = classes === undefined ? 0 : TITLE_HEIGHT + classes.bars.length * CLASS_HEIGHT;
  return (time === undefined ? 0 : TIME_HEIGHT) + classHeight + EDGE;
}
