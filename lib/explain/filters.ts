import { compileExclusions } from '../filter/exclusions.ts';
import type { EventView, Source } from '../model/event/event.ts';
import { filterApplies, type FilterDefinition, type Group } from '../model/group/group.ts';
import { formatInstant, type Instant } from '../model/time.ts';
import type { FilterFacts } from './facts.ts';

/** What the group's filters, as they are written now, do to these sources in a window that ends at `at`. */
export function judge(group: Group, event: EventView, sources: readonly Source[], at: Instant): FilterFacts {
  const exclusions = compileExclusions(group, at);
  const removed = sources.flatMap((source) => {
    const filter = exclusions?.excludedBy(event, source);
    return filter === undefined ? [] : [{ source: source.text, filter }];
  });
  const idle = group.filters
    .filter((definition) => !filterApplies(definition, at))
    .map((definition) => ({ filter: definition.name, why: whyIdle(definition, at) }));
  return { at: formatInstant(at), removed, idle, faults: exclusions?.problems ?? [] };
}

function whyIdle({ enabled, validFrom, validTo }: FilterDefinition, at: Instant): string {
  if (!enabled) return 'is disabled';
  if (validFrom !== undefined && at < validFrom) return `holds from ${formatInstant(validFrom)} on`;
  return `held until ${formatInstant(validTo ?? at)}`;
}
