import type { ProgramJob } from '../jobs/program.ts';
import { TO } from '../world.ts';

type Expected = ProgramJob['expected'];

/** Milliseconds: the clock of every run stands a minute after the window's end, as a timer's does. */
const LATER = 60_000;

/** A call of the program: no configuration but these options. */
export function programJob(args: readonly string[], expected: Expected, to = TO) {
  const options: ProgramJob = {
    args: ['--config-file=', '--config-dir=', ...args],
    now: to + LATER,
    expected,
  };
  return { kind: 'program', options } as const;
}

/** A scheduled run over the window that ends at `to` on this store. */
export function regularRun(uri: string, expected: Expected, to = TO) {
  const window = ['--interval', '10_minutes', '--time-high', new Date(to).toISOString()];
  return programJob(['--regular', '--store', uri, ...window], expected, to);
}
