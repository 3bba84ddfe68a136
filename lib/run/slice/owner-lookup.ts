import type { EventView } from '../../model/event/event.ts';
import type { Group } from '../../model/group/group.ts';
import { NetworkIndex } from '../../model/network/network-index.ts';

/**
 * The groups that own an event's sources: those of the smallest network that holds each. The index of all networks is made for the first
 * event that names no groups, as those of a store all do.
 */
export function createOwnerLookup(groups: readonly Group[]): (event: EventView) => readonly string[] {
  let index: NetworkIndex | undefined;
  return (event) => {
    index ??= new NetworkIndex(groups);
    return index.ownersOfAny(
      event.sources.map((source) => source.range).filter((range) => range !== undefined),
    );
  };
}
