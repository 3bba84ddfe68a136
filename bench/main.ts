/*
 * The bench: every case side by side with its bare counterpart.
 *
 *   npm run bench -- [--case NAME] [--events N] [--rounds N] [--groups N] [--write] [--uri mongodb://…] [--dir DIR] [--keep] [--profiles DIR]
 *
 * Without --case: all. --groups: of the memory case. --write: puts what was measured into bench/RESULTS.md. --uri: a MongoDB to use instead of one that is started for
 * the occasion. --dir: where files of events and embedded stores lie. --keep: data sets stay for the next call. --profiles: where CPU profiles
 * go, for the developer tools of a browser.
 */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startReplicaSet, type ReplicaSet } from '../spec/support/mongod.ts';
import type { BenchCase } from './cases/case.ts';
import { FILTER } from './cases/filter.ts';
import { LINEAR } from './cases/linear.ts';
import { MEMORY } from './cases/memory.ts';
import { REPLAY } from './cases/replay.ts';
import { STAGES } from './cases/stages.ts';
import {
  EMBEDDED_QUIET,
  EMBEDDED_SILENT,
  LANES,
  MONGODB_QUIET,
  MONGODB_REPORT,
  MONGODB_SILENT,
} from './cases/stores.ts';
import { machineLine, writeResults } from './results.ts';
import { grouped } from './text.ts';

const CASES: readonly BenchCase[] = [
  MONGODB_QUIET,
  MONGODB_SILENT,
  MONGODB_REPORT,
  EMBEDDED_QUIET,
  EMBEDDED_SILENT,
  REPLAY,
  STAGES,
  LANES,
  LINEAR,
  MEMORY,
  FILTER,
];
const ROUNDS = 5;

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true },
    events: { type: 'string' },
    rounds: { type: 'string' },
    groups: { type: 'string', default: '10000' },
    write: { type: 'boolean', default: false },
    uri: { type: 'string' },
    dir: { type: 'string' },
    keep: { type: 'boolean', default: false },
    profiles: { type: 'string' },
  },
});

const chosen = values.case === undefined ? CASES : CASES.filter(({ name }) => values.case!.includes(name));
if (chosen.length === 0) {
  console.error(`--case: no such case, expected one of ${CASES.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}
const directory = values.dir ?? (await mkdtemp(join(tmpdir(), 'mentat-bench-')));
let server: ReplicaSet | undefined;
const place = {
  directory,
  keep: values.keep,
  mongodb: async () => values.uri ?? (server ??= await startReplicaSet()).uri,
};
const rounds = Number(values.rounds ?? ROUNDS);
if (values.profiles !== undefined) await mkdir(values.profiles, { recursive: true });
try {
  for (const one of chosen) {
    const events = Number(values.events ?? one.events);
    console.log(`\n${one.name}: ${one.title}\n`);
    const lines = await one.run({
      events,
      rounds,
      groups: Number(values.groups),
      place,
      profiles: values.profiles,
      say: (line) => console.log(`  ${line}`),
    });
    const scope = `${grouped(events)} events. ${machineLine()}`;
    console.log(['', ...lines, '', scope].join('\n'));
    if (values.write) await writeResults(one, [...lines, '', scope]);
  }
} finally {
  await server?.stop();
  if (values.dir === undefined) await rm(directory, { recursive: true });
}
