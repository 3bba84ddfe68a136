/** What the rest of the program says while it works. Messages are single lines; `fields` go to the file only. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
  /**
   * Where an error came from, for the file only: its stack and its causes. The console is told once, by whoever sums up; only with
   * `--debug` it shows the stack, too. An error that a person can mend needs no stack, unless the level is debug.
   */
  exception(message: string, error: unknown): void;
  /** What ends the program, for the file only: whoever ends it tells the console. */
  fatal(error: unknown): void;
}

/** Notes where the failure of a lane came from; that it failed is told once, at the end of the run. */
export function failureIn(log: Log): (lane: { readonly key: string }, error: unknown) => void {
  return (lane, error) => log.exception(`${lane.key} failed`, error);
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Told how far long work has come. */
export interface Progress {
  /** @param total undefined when the end is not known */
  update(done: number, total: number | undefined, what: string): void;
  /** The work is done, or has failed: the line is taken away. */
  stop(): void;
}

export const NO_PROGRESS: Progress = { update: () => undefined, stop: () => undefined };
