import { UserError, type Problem } from '../../model/user-error.ts';
import { WRITING, type ActionName } from '../keys/action-names.ts';
import { placeOf } from '../layer.ts';
import type { Configuration } from '../load.ts';
import type { KeyName } from '../keys/index.ts';

/** Actions that show what a run with the same options would do. */
const OF_RUNS: ReadonlySet<ActionName> = new Set(['config-check', 'config-view']);

/** Throws a UserError of usage where parts of what is asked for leave each other without a meaning. */
export function refuseContradictions({ config, origins }: Configuration): void {
  const { action, output } = config;
  if (output === 'html' && action !== 'report-view') {
    const expected = 'text or json; html is a form of --action report-view';
    throw usage({ what: 'no such form of output', where: '--output', got: output, expected });
  }
  const typed = (name: KeyName): boolean => origins.get(name)?.origin === 'command line';
  // A replay may be meant, and must not become a real run with mails.
  if (action === undefined && typed('input')) {
    const hint = '--events replays events from a file';
    throw usage({ what: 'a run reads no input', where: '--input', hint });
  }
  if (action === undefined || OF_RUNS.has(action)) return;
  if (config.dry_run !== undefined && WRITING.has(action)) {
    const hint = 'nothing was done: leave one of the two out';
    throw usage({
      what: `--action ${action} would write all the same`,
      where: placeOf(origins.get('dry_run')!, 'dry_run'),
      hint,
    });
  }
  if (typed('events')) {
    const hint = '--input says what an action reads';
    throw usage({ what: `--action ${action} is no replay`, where: '--events', hint });
  }
}

function usage(problem: Problem): UserError {
  return new UserError(problem, { usage: true });
}
