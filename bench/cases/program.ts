import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fieldGroups } from '../events.ts';
import type { ProgramJob } from '../jobs/program.ts';
import { FROM, TO, type Data } from '../world.ts';

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

/** A replay of events that are made as it reads them; what a group's `filter` matches is left out. */
export async function generatedReplay(data: Data, directory: string, filter?: string) {
  const groups = join(directory, 'groups.json');
  const filters = filter === undefined ? {} : { filters: [{ name: 'known', filter }] };
  await writeFile(
    groups,
    JSON.stringify(fieldGroups(data.groups).map((group) => ({ ...group, ...filters }))),
  );
  const { kind, options } = programJob(['--events', '-', '--groups', groups], { events: data.events });
  return { kind, options: { ...options, stdin: { ...data, from: FROM, to: TO } } };
}
