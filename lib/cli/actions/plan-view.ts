import { formatInstant } from '../../model/time.ts';
import { loadGroups } from '../../config/groups/groups.ts';
import { runOptionsOf } from '../../config/options.ts';
import { planCurrentRun } from '../current-plan.ts';
import { selectGroups } from '../../run/run.ts';
import type { Action } from './action.ts';
import { logProblems } from './log-problems.ts';

/**
 * What a regular run would work on now: its window, and every lane in the order in which lanes are worked, with its reason. Changes
 * nothing.
 */
export const planView: Action = async ({ configuration, output, log, now, store: open }) => {
  const loaded = await loadGroups(configuration.config, open);
  const options = runOptionsOf(configuration);
  const groups = selectGroups(options, loaded.groups);
  const { high, lanes: planned } = await planCurrentRun(configuration, await open(), now, {
    ...options,
    groups,
  });
  const lanes = planned.map((lane) => ({
    group: lane.group.name,
    severity: lane.severity,
    from: formatInstant(lane.window.from),
    to: formatInstant(lane.window.to),
    due: lane.due,
    reason: lane.reason,
  }));
  const window = {
    interval: configuration.config.interval,
    low: formatInstant(high - options.interval * 1000),
    high: formatInstant(high),
  };
  output.object(window);
  output.line(`interval ${window.interval}: ${window.low} to ${window.high}`);
  for (const lane of lanes) output.object(lane);
  await output.table(
    ['Group', 'Severity', 'From', 'To', 'Due', 'Reason'],
    lanes.map((lane) => [
      lane.group,
      lane.severity,
      lane.from,
      lane.to,
      lane.due ? 'yes' : 'no',
      lane.reason,
    ]),
  );
  return logProblems(loaded.problems, log);
};
