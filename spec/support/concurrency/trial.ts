import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { shipped } from '../../../lib/config/locations.ts';
import { openStore } from '../../../lib/config/open-store.ts';
import { rawEvent } from '../builders.ts';
import { makeFolder, type Folder } from '../folder.ts';

export interface TrialOptions {
  /** `mongodb://…`; undefined: a new embedded store. */
  readonly uri?: string;
  /** Runs at a time. */
  readonly processes: number;
  /** Windows of a day; in each all processes are started together. */
  readonly rounds: number;
  /** Decides who is killed, and when. */
  readonly seed: number;
}

export interface TrialResult {
  readonly started: number;
  readonly killed: number;
  /** What went wrong, one line each. */
  readonly problems: readonly string[];
}

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 10);
const GROUPS = 6;
/** Of each group and day. */
const EVENTS = 20;
/** Milliseconds for each process of a round, within which those that are killed are. */
const LIFE = 600;
/** Milliseconds that a run may take on a busy machine. */
const LIMIT = 60_000;

const sourceOf = (round: number, group: number, event: number) => `10.${group}.${round}.${event + 1}`;

/**
 * Starts many real runs at once over one store and one spool, kills about half of them, lets two more end in peace, and checks that every
 * source was reported and mailed exactly once, that no run failed, and that nothing is left in the scratch folder.
 */
export async function runTrial(options: TrialOptions): Promise<TrialResult> {
  const folder = makeFolder();
  const random = randomFrom(options.seed);
  const problems: string[] = [];
  const uri = options.uri ?? `sqlite:${folder.at('store.db')}`;
  let [started, killed] = [0, 0];
  try {
    prepare(folder, uri);
    await fill(uri, options.rounds);
    const run = async (number: number, round: number, life?: number) => {
      started++;
      const ended = await startRun(folder, number, START + round * DAY, life);
      if (ended.signal !== null) killed++;
      else if (ended.code !== 0)
        problems.push(`run ${number} of round ${round} ended with ${ended.code}: ${ended.stderr}`);
    };
    for (let round = 1; round <= options.rounds; round++) {
      const lives = Array.from({ length: options.processes }, () =>
        random() < 0.5 ? random() * LIFE * options.processes : undefined,
      );
      await Promise.all(lives.map((life, number) => run(number, round, life)));
    }
    for (const number of [0, 1]) await run(number, options.rounds);
    problems.push(...(await findProblems(folder, uri, options.rounds)));
  } finally {
    folder.remove();
  }
  return { started, killed, problems };
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function prepare(folder: Folder, uri: string): void {
  mkdirSync(folder.at('scratch'));
  folder.write(
    'etc/mentat/mentat-reporter.conf',
    JSON.stringify({
      store: uri,
      interval: 'daily',
      mail: `spool:${folder.at('spool')}`,
      mail_from: 'reports@reporter.example',
      mail_format: 'text',
    }),
  );
}

async function fill(uri: string, rounds: number): Promise<void> {
  const store = await openStore({ uri });
  try {
    await store.groups.replace(
      Array.from({ length: GROUPS }, (_, group) => ({
        name: `g${group}@example.org`,
        networks: [{ network: `10.${group}.0.0/16` }],
        settings: { attachments: 'none' as const },
      })),
    );
    const events = Array.from({ length: rounds }, (_, round) =>
      Array.from({ length: GROUPS * EVENTS }, (_, i) => {
        const [group, number] = [Math.floor(i / EVENTS), i % EVENTS];
        return rawEvent({
          id: `e-${round}-${group}-${number}`,
          groups: [`g${group}@example.org`],
          sources: [sourceOf(round, group, number)],
          severity: number % 2 === 0 ? 'low' : 'high',
          stored: START + round * DAY + (number + 1) * 1000,
        });
      }),
    );
    await store.events.insert(events.flat());
  } finally {
    await store.close();
  }
}

interface Ended {
  readonly code: number | null;
  readonly signal: string | null;
  readonly stderr: string;
}

/** @param life milliseconds until it is killed */
async function startRun(folder: Folder, number: number, to: number, life?: number): Promise<Ended> {
  const window = ['--time-low', new Date(START).toISOString(), '--time-high', new Date(to).toISOString()];
  const child = spawn(process.execPath, [shipped('bin/mentat-reporter'), '--regular', ...window], {
    cwd: folder.path,
    env: {
      PATH: process.env['PATH'],
      APP_ROOT_PATH: folder.path,
      TMPDIR: folder.at('scratch'),
      // As on hosts of their own: the run lock would let only one of them work.
      MENTAT_REPORTER_LOCK_FILE: folder.at(`lock-${number}`),
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), life ?? LIMIT);
  const closed = once(child, 'close') as Promise<[number | null, string | null]>;
  const stderr = await text(child.stderr);
  const [code, signal] = await closed;
  clearTimeout(timer);
  return { code, signal: life === undefined ? null : signal, stderr };
}

async function findProblems(folder: Folder, uri: string, rounds: number): Promise<string[]> {
  const problems: string[] = [];
  const store = await openStore({ uri });
  try {
    const pending = await store.lanes.pending();
    if (pending.length > 0) problems.push(`${pending.length} stamps are pending`);
    for (const { label, state, recipient } of await store.outbox.list())
      if (state !== 'sent') problems.push(`the mail ${label} to ${recipient} is ${state}`);
    const stored: string[] = [];
    for (const { label } of await store.reports.list())
      for await (const { source } of store.reports.entries(label)) stored.push(source);
    problems.push(...differences('store', stored, rounds));
  } finally {
    await store.close();
  }
  const spool = folder.at('spool');
  const mails = readdirSync(spool).filter((name) => name.endsWith('.eml'));
  const mailed = mails.flatMap((name) => {
    const body = readFileSync(`${spool}/${name}`, 'utf8');
    return [...new Set(body.match(/\b10\.\d+\.\d+\.\d+\b(?!\/)/g))];
  });
  problems.push(...differences('spool', mailed, rounds));
  problems.push(...readdirSync(folder.at('scratch')).map((name) => `${name} is left in the scratch folder`));
  return problems;
}

/** Sources that are there not exactly once. */
function differences(place: string, found: readonly string[], rounds: number): string[] {
  const counts = new Map<string, number>();
  for (let round = 0; round < rounds; round++)
    for (let group = 0; group < GROUPS; group++)
      for (let event = 0; event < EVENTS; event++) counts.set(sourceOf(round, group, event), 0);
  for (const source of found) counts.set(source, (counts.get(source) ?? 0) + 1);
  return [...counts]
    .filter(([, count]) => count !== 1)
    .map(([source, count]) => `${source} is ${count} times in the ${place}`);
}
