import { formatInstant } from '../../model/time.ts';
import { selectGroups } from '../../run/run.ts';
import type { RunOptions } from '../../run/run-options.ts';
import { loadGroups } from '../../config/groups/groups.ts';
import { runOptionsOf } from '../../config/options.ts';
import { planCurrentRun, type CurrentPlan } from '../current-plan.ts';
import type { Output } from '../output.ts';
import type { Action } from './action.ts';
import { logProblems } from './log-problems.ts';

/**
 * The window and the lanes, in processing order, of a scheduled run that would start now; then, without `--regular`, of the ad-hoc run
 * that this command line would be. For programs the former are an object each, the latter one object `ad_hoc`. Changes nothing.
 */
export const planView: Action = async ({ configuration, output, log, now, store: open }) => {
  const { config } = configuration;
  const loaded = await loadGroups(config, open);
  const options = runOptionsOf(configuration);
  const request = { ...options, groups: selectGroups(options, loaded.groups) };
  const store = await open();

  const scheduled = await planCurrentRun(configuration, store, now, 'regular', request);
  const window = {
    interval: config.interval,
    low: formatInstant(scheduled.high - options.interval * 1000),
    high: formatInstant(scheduled.high),
  };
  output.object(window);
  for (const lane of lanesIn(scheduled)) output.object(lane);
  output.line(`A scheduled run (--regular), interval ${window.interval}: ${window.low} to ${window.high}`);
  await printLanes(scheduled, output);

  if (options.mode !== 'regular') {
    const adHoc = await planCurrentRun(configuration, store, now, options.mode, request);
    const high = formatInstant(adHoc.high);
    output.object({ ad_hoc: { adjust_thresholds: options.adjustThresholds, high, lanes: lanesIn(adHoc) } });
    output.line(
      `\nThis command line as a run: ad hoc, as --regular is not given, up to ${high}${boundNote(options)}`,
    );
    await printLanes(adHoc, output);
  }
  return logProblems(loaded.problems, log);
};

function boundNote({ adjustThresholds }: RunOptions): string {
  return adjustThresholds
    ? ', floored to the interval (--adjust-thresholds)'
    : ', not floored to the interval (--adjust-thresholds would)';
}

function lanesIn({ lanes }: CurrentPlan) {
  return lanes.map(({ group, severity, window, due, reason }) => ({
    group: group.name,
    severity,
    from: formatInstant(window.from),
    to: formatInstant(window.to),
    due,
    reason,
  }));
}

async function printLanes(plan: CurrentPlan, output: Output): Promise<void> {
  await output.table(
    ['Group', 'Severity', 'From', 'To', 'Due', 'Reason'],
    lanesIn(plan).map((lane) => [
      lane.group,
      lane.severity,
      lane.from,
      lane.to,
      lane.due ? 'yes' : 'no',
      lane.reason,
    ]),
  );
}
