import { formatCount } from '../../model/text/format.ts';
import { SEVERITIES } from '../../model/severity.ts';
import { countFutureEvents } from '../../run/plan/future-events.ts';
import { checkGroups } from '../../config/groups/groups.ts';
import { readGroupFiles } from '../../config/groups/group-files.ts';
import { checkStore, lacksStore } from '../../config/open-store.ts';
import { storePlaceOf } from '../../config/options.ts';
import type { Action, ActionContext } from './action.ts';

/** Events ahead of the clock that are counted; more are named as so many at least. */
const MAX_COUNTED = 10_000;

/** Checks the store: its version, missing indexes, events that no lane would ever fetch or that are ahead of the clock. Changes nothing. */
export const storeCheck: Action = async (context) => {
  const { configuration, output } = context;
  const { groups: path } = configuration.config;
  const groups =
    path === undefined ? undefined : checkGroups(readGroupFiles(path)).groups.map((group) => group.name);
  const found = await checkStore(storePlaceOf(configuration), groups);
  const problems = [...found.problems, ...(await futureProblems(context, groups))];
  const ok = problems.length === 0;
  output.object({ ...found, ok, problems });
  output.line(
    `${found.store}, version ${found.version}: ${formatCount(found.events, 'event')}, ${formatCount(found.groups, 'group')}`,
  );
  for (const problem of problems) output.line(`  ${problem}`);
  output.line(ok ? 'nothing is wrong' : formatCount(problems.length, 'problem'));
  return ok;
};

async function futureProblems(
  { configuration, store: open, now }: ActionContext,
  given: readonly string[] | undefined,
): Promise<string[]> {
  if (lacksStore(storePlaceOf(configuration))) return [];
  const store = await open();
  const groups = given ?? (await store.groups.all()).map((group) => group.name);
  const count = await countFutureEvents(groups, SEVERITIES, { store, now, limit: MAX_COUNTED });
  if (count === 0) return [];
  const events = `${count === MAX_COUNTED ? 'at least ' : ''}${formatCount(count, 'event is', 'events are')}`;
  return [`${events} stored more than an hour ahead of the clock, and reported no sooner: is a clock wrong?`];
}
