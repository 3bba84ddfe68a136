import type { EventView } from '../../model/event/event.ts';
import type { Group } from '../../model/group/group.ts';
import { NetworkIndex } from '../../model/network/network-index.ts';

/**
 * Returns a look-up of the groups that own an event's sources: those of the smallest network that holds each. The index is built for the
 * first event that names no groups, which events of a store always do.
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
