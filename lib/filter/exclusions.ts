import { addressText, toList, toObject } from '../model/event/object-view.ts';
import { parseEventAddress } from '../model/network/address.ts';
import type { EventView, RawEvent, Source } from '../model/event/event.ts';
import { filterApplies, type Group } from '../model/group/group.ts';
import type { Instant } from '../model/time.ts';
import { messageOf } from '../model/user-error.ts';
import { compileFilter, FilterSet, FilterSubject, type CompiledFilter } from './index.ts';

/**
 * The filters of a group that apply in a run: enabled, valid at the run's `to`, in the order of their names. A filter that cannot be compiled
 * is named in `problems` and matches nothing.
 */
export interface GroupExclusions {
  /** Top-level keys the filters read. */
  readonly fields: ReadonlySet<string>;
  /** Broken filters, one line each, valid at `to` or not; and the first failure on an event, once it has happened. */
  readonly problems: readonly string[];
  /** The name of the first filter that matches the event with this source as its only one. */
  excludedBy(event: EventView, source: Source): string | undefined;
}

/** Compiles a group's filters for a run; undefined when none applies and none is broken. */
export function compileExclusions(group: Group, to: Instant): GroupExclusions | undefined {
  const problems: string[] = [];
  const applied: { name: string; filter: CompiledFilter }[] = [];
  for (const definition of group.filters) {
    if (!definition.enabled) continue;
    try {
      const filter = compileFilter(definition.expression);
      if (filterApplies(definition, to)) applied.push({ name: definition.name, filter });
    } catch (error) {
      problems.push(`group ${group.name}, filter ${definition.name}: ${messageOf(error)}`);
    }
  }
  if (applied.length === 0 && problems.length === 0) return undefined;
  const fields = new Set(applied.flatMap(({ filter }) => [...filter.fields]));
  const set = new FilterSet(applied.map(({ filter }) => filter));
  let failed = false;
  const excludedBy = (event: EventView, source: Source) => {
    try {
      const match = set.firstMatch(new FilterSubject(withOnlySource(event, source, fields), to));
      return match === undefined ? undefined : applied[match]!.name;
    } catch (error) {
      // A failing filter excludes nothing: a needless report is better than a missing one.
      if (!failed)
        problems.push(`group ${group.name}: filters failed on event ${event.id}: ${messageOf(error)}`);
      failed = true;
      return undefined;
    }
  };
  return { fields, problems, excludedBy };
}

/** True when the result of the group's filters depends on the run's `to`, which a replay knows only after its last event. */
export function dependsOnTime(group: Group): boolean {
  return group.filters.some((filter) => {
    if (filter.validFrom !== undefined || filter.validTo !== undefined) return filter.enabled;
    return filter.enabled && usesClock(filter.expression);
  });
}

function usesClock(expression: string): boolean {
  try {
    return compileFilter(expression).usesClock;
  } catch {
    return false;
  }
}

/** The event with this address as its only source address; `Source` objects stay. An event with one address or none is used as it is. */
function withOnlySource(event: EventView, source: Source, fields: ReadonlySet<string>): RawEvent {
  const body = event.body(fields);
  if (event.sources.length <= 1) return body;
  const only = (member: unknown) =>
    toList(member).filter((value) => {
      const text = addressText(value);
      return text !== undefined && parseEventAddress(text)?.text === source.text;
    });
  const sources = toList(body['Source']).map((value) => {
    const object = toObject(value);
    return object === undefined ? value : { ...object, IP4: only(object['IP4']), IP6: only(object['IP6']) };
  });
  return { ...body, Source: sources };
}
