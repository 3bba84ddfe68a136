import { formatCount } from '../../model/text/format.ts';
import type { EventView } from '../../model/event/event.ts';
import type { Group } from '../../model/group/group.ts';
import type { Track } from '../../model/lane.ts';
import { isSeverity, type Severity } from '../../model/severity.ts';
import { formatInstant } from '../../model/time.ts';
import { UserError } from '../../model/user-error.ts';
import type { EventFacts, LaneFacts } from '../../explain/facts.ts';
import { explainLane, sourcesOf } from '../../explain/lane.ts';
import { printEvent, printLane } from './explain-lines.ts';
import { few } from '../../explain/verdict.ts';
import { loadGroups } from '../../config/groups/groups.ts';
import { runOptionsOf } from '../../config/options.ts';
import { cell, type Output } from '../output.ts';
import { planCurrentRun } from '../current-plan.ts';
import type { RunOptions } from '../../run/run-options.ts';
import { createOwnerLookup } from '../../run/slice/owner-lookup.ts';
import type { Action, ActionContext } from './action.ts';
import { logProblems } from './log-problems.ts';

/** Groups of one event that are explained: an event may name thousands. */
const MOST_GROUPS = 100;

/** Why one event was, or was not, reported to the groups it names by scheduled runs. Changes nothing. */
export const eventExplain: Action = async (context) => {
  const { configuration, output, log, store: open } = context;
  const id = configuration.config.input;
  if (id === undefined) {
    throw new UserError(
      { what: 'no event named', where: '--input', expected: 'the ID of an event' },
      { usage: true },
    );
  }
  const store = await open();
  const event = (await store.events.byId([id])).get(id);
  if (event === undefined)
    throw new UserError({ what: `no event with this ID in ${store.name}`, where: '--input', got: id });
  const loaded = await loadGroups(configuration.config, open);
  logProblems(loaded.problems, log);
  const facts = eventFacts(event);
  const named = event.groups ?? [];
  const groups = named.slice(0, MOST_GROUPS);
  const lanes: LaneFacts[] = [];
  for (const name of groups) lanes.push(await explainGroup(name, loaded.groups, event, context));
  const owners = event.groups === undefined ? createOwnerLookup(loaded.groups)(event) : [];
  output.object({ event: facts, owners, lanes, groups_left_out: named.length - groups.length });
  printEvent(facts, output);
  for (const lane of lanes) printLane(lane, output);
  if (named.length === 0) printNobody(owners, output);
  if (groups.length < named.length)
    output.line(
      `\n${formatCount(named.length - groups.length, 'more group was', 'more groups were')} not examined`,
    );
  return true;
};

function eventFacts(event: EventView): EventFacts {
  return {
    id: event.id,
    stored: Number.isNaN(event.storageTime) ? '-' : formatInstant(event.storageTime),
    class: event.eventClass,
    severity: event.severity ?? null,
    groups: event.groups ?? [],
    sources: sourcesOf(event).map((source) => source.text),
    fallback: event.sources.length === 0,
    test_data: event.test,
    invalid: event.invalid ?? null,
  };
}

async function explainGroup(
  name: string,
  groups: readonly Group[],
  event: EventView,
  { configuration, now, store: open }: ActionContext,
): Promise<LaneFacts> {
  const group = groups.find((one) => one.name === name);
  if (group === undefined)
    return withoutLane(
      name,
      group,
      'no lane now: there is no usable group of this name, and reports to an earlier one are not searched',
    );
  const { severity } = event;
  if (!isSeverity(severity)) {
    const what = severity === undefined ? 'no severity' : `an unknown severity (${JSON.stringify(severity)})`;
    return withoutLane(name, group, `no lane: it has ${what}, and is never fetched`);
  }
  const store = await open();
  const wanted = { groups: [group], severities: [severity], track: trackOf(event, configuration) };
  const { lanes } = await planCurrentRun(configuration, store, now, 'regular', wanted);
  const options = runOptionsOf(configuration);
  return explainLane(event, lanes[0]!, { ...options, idle: idleOf(group, severity, options) }, store);
}

/** Why no scheduled run processes a lane, apart from not being due; the shard does not matter. */
function idleOf(group: Group, severity: Severity, { severities, abuseGroups }: RunOptions): string | null {
  if (!group.enabled) return 'the group is disabled';
  if (!severities.includes(severity)) return 'the configuration leaves this severity out (key severity)';
  if (abuseGroups?.includes(group.name) === false)
    return 'the configuration leaves this group out (key abuse_group)';
  return null;
}

/** Test data has a track of its own, whatever the options say. */
function trackOf(event: EventView, { config }: ActionContext['configuration']): Track {
  if (event.test) return 'test-data';
  return config.mail_test_mode ? 'mail-test' : 'live';
}

function withoutLane(name: string, group: Group | undefined, verdict: string): LaneFacts {
  const nothing = {
    lane: null,
    severity: null,
    idle: null,
    work: null,
    window: null,
    filters: null,
    reports_looked_at: null,
    last_run_unseen: false,
  };
  const of = { group: name, known: group !== undefined, enabled: group?.enabled ?? false };
  return { ...of, ...nothing, sources: [], reports: [], verdict };
}

function printNobody(owners: readonly string[], output: Output): void {
  output.line('');
  output.line('verdict: no lane: it names no group, and is never fetched');
  if (owners.length > 0) output.line(`its sources are in networks of ${cell(few(owners))} now`);
}
