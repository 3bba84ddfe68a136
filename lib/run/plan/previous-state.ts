import { SEVERITIES } from '../../model/severity.ts';
import type { Instant } from '../../model/time.ts';

/** Positions of lanes, by the keys of the state file. */
export type PreviousState = ReadonlyMap<string, Instant>;

export const PREFIX = 'ts_last_';
const LIVE_LANE = new RegExp(`^live/(${SEVERITIES.join('|')})/(.+)$`, 's');

/** A lane's key in the state file; undefined for lanes of other tracks, which have none. */
export function stateFileKey(lane: string): string | undefined {
  return parseLiveLane(lane)?.name;
}

/** State file key and group of a live lane. */
export function parseLiveLane(lane: string): { readonly name: string; readonly group: string } | undefined {
  const [, severity, group] = LIVE_LANE.exec(lane) ?? [];
  return group === undefined ? undefined : { name: `${PREFIX}${severity}_${group}`, group };
}
