import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Order, Taken } from './child.ts';
import type { Job } from './jobs/index.ts';

const CHILD = fileURLToPath(new URL('child.js', import.meta.url));
/** Milliseconds between two looks at a child's memory. */
const SAMPLE = 100;

export interface ChildOptions {
  /** For the child's node. */
  readonly execArgv?: readonly string[];
  /** Over what this process has. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Folder that stands for `/` before the program's built-in paths. */
  readonly root: string;
  readonly profile?: boolean;
  readonly profileFile?: string | undefined;
  /** Told the resident set, bytes, ten times a second. Only where there is a /proc. */
  readonly onMemory?: (bytes: number) => void;
}

/** Does a job in a process of its own. */
export async function measure(
  job: Job,
  { execArgv = [], environment, root, profile = false, profileFile, onMemory }: ChildOptions,
): Promise<Taken> {
  const child = fork(CHILD, [], {
    execArgv: [...execArgv],
    env: { ...process.env, ...environment, APP_ROOT_PATH: root, TMPDIR: root },
  });
  const timer = onMemory === undefined ? undefined : setInterval(() => sample(child.pid!, onMemory), SAMPLE);
  try {
    child.send({ job, profile, profileFile } satisfies Order);
    const taken = once(child, 'message') as Promise<[Taken]>;
    const ended = once(child, 'exit').then(([code, signal]) => {
      throw new Error(`${job.kind} ended with ${String(code ?? signal)}`);
    });
    const [result] = await Promise.race([taken, ended]);
    await ended.catch(() => undefined);
    return result;
  } finally {
    clearInterval(timer);
  }
}

function sample(pid: number, onMemory: (bytes: number) => void): void {
  try {
    const [, kib] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    if (kib !== undefined) onMemory(Number(kib) * 1024);
  } catch {
    // It has just ended, or there is no /proc.
  }
}

export interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

export function spreadOf(numbers: readonly number[]): Spread {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, least: sorted[0]!, most: sorted.at(-1)! };
}
