import { PARTS, type Part } from '../model/report.ts';

/** The lane of a sorter that holds one part of a lane of the slice. */
export function sorterLane(lane: number, part: Part): number {
  return PARTS.length * lane + PARTS.indexOf(part);
}
