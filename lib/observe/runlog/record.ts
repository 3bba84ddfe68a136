import type { Instant } from '../../model/time.ts';
import { messageOf } from '../../model/user-error.ts';
import { maskText } from '../../model/text/mask.ts';
import type { ReportPart } from './report-part.ts';

export type Stage = 'setup' | 'process' | 'evaluate';

export interface TimeMark {
  readonly ident: string;
  readonly descr: string;
  /** Seconds since the epoch. */
  readonly time: number;
}

/** A run's facts and results as they are kept; names and units are those of the reference. */
export interface Runlog {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  /** With passwords masked. */
  readonly argv: readonly string[];
  /** Start: seconds since the epoch, `YYYYMMDDHHMM`, and `YYYY-MM-DD HH:MM:SS`, UTC. */
  readonly ts: number;
  readonly ts_fsf: string;
  readonly ts_str: string;
  readonly command: string;
  readonly result: 'success' | 'failure';
  /** Exit code. */
  readonly rc: 0 | 1 | 2;
  readonly errors: readonly string[];
  readonly time_marks: readonly TimeMark[];
  /** Absent when the run came to nothing. */
  readonly report?: ReportPart;
}

/** Errors that a runlog lists: a run may have as many as there are lanes. */
const MOST_ERRORS = 1_000;
const LONGEST_ERROR = 2_000;

const STAGE_LINES: Readonly<Record<Stage, string>> = {
  setup: 'configuration, log and state',
  process: 'the run itself',
  evaluate: 'evaluation of the run',
};

export interface RunFacts {
  readonly name: string;
  readonly host: string;
  readonly pid: number;
  /** The program and its arguments. */
  readonly argv: readonly string[];
  readonly start: Instant;
  readonly clock: () => Instant;
}

/** Gathers what a run has to say of itself, from its start to its runlog. */
export class RunRecord {
  report: ReportPart | undefined;
  readonly #marks: TimeMark[] = [];
  readonly #errors: string[] = [];
  #left = 0;
  #rc: 0 | 1 | 2 = 0;

  readonly #of: RunFacts;

  constructor(of: RunFacts) {
    this.#of = of;
    this.#mark('setup', 'start', of.start);
  }

  get start(): Instant {
    return this.#of.start;
  }

  get failed(): boolean {
    return this.#rc !== 0;
  }

  setupDone(): void {
    this.#mark('setup', 'stop', this.#of.clock());
  }

  /** Does the work of a stage between its two time marks. */
  async stage<T>(stage: Stage, work: () => T | Promise<T>): Promise<T> {
    this.#mark(stage, 'start', this.#of.clock());
    try {
      return await work();
    } finally {
      this.#mark(stage, 'stop', this.#of.clock());
    }
  }

  /**
   * Notes what went wrong; the run is a failure from then on.
   * @returns false when the same was noted before
   */
  fail(error: unknown, rc: 1 | 2 = 1): boolean {
    this.#rc = Math.max(this.#rc, rc) as 1 | 2;
    const line = maskText(messageOf(error)).slice(0, LONGEST_ERROR);
    if (this.#errors.includes(line)) return false;
    if (this.#errors.length >= MOST_ERRORS) this.#left++;
    else this.#errors.push(line);
    return true;
  }

  /** The runlog so far. */
  runlog(): Runlog {
    const { name, host, pid, argv, start } = this.#of;
    const iso = new Date(start).toISOString();
    const more = this.#left === 0 ? [] : [`… and ${this.#left} more errors: see the log`];
    return {
      name,
      host,
      pid,
      argv: argv.map(maskText),
      ts: start / 1000,
      ts_fsf: stampOf(start),
      ts_str: iso.slice(0, 19).replace('T', ' '),
      command: 'report',
      result: this.failed ? 'failure' : 'success',
      rc: this.#rc,
      errors: [...this.#errors, ...more],
      time_marks: [...this.#marks],
      ...(this.report === undefined ? {} : { report: this.report }),
    };
  }

  #mark(stage: Stage, at: 'start' | 'stop', time: Instant): void {
    const descr = `${at === 'start' ? 'begin' : 'end'} of ${stage}: ${STAGE_LINES[stage]}`;
    this.#marks.push({ ident: `stage_${stage}_${at}`, descr, time: time / 1000 });
  }
}

/** An instant as `YYYYMMDDHHMM`, UTC. */
export function stampOf(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 16).replaceAll(/[-:T]/g, '');
}
