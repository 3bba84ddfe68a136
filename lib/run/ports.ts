/** The log of a run or action. Messages are single lines; `fields` go to the file only. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warning(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  critical(message: string, fields?: LogFields): void;
  /**
   * Logs an error with its stack and causes, to the file only: the console shows its message once, at the end, and the stack only with
   * `--debug`. A `UserError` is logged without a stack, unless the level is debug.
   */
  exception(message: string, error: unknown): void;
  /** Logs what ends the program, to the file only: the caller prints it. */
  fatal(error: unknown): void;
}

/** Logs the error behind a lane's failure, which itself is printed once, at the end of the run. */
export function logLaneFailure(log: Log, lane: { readonly key: string }, error: unknown): void {
  log.exception(`${lane.key} failed`, error);
}

export type LogFields = Readonly<Record<string, unknown>>;

/** Shows the progress of long work. */
export interface Progress {
  /** @param total undefined when unknown */
  update(done: number, total: number | undefined, what: string): void;
  /** Removes the line, when the work is done or has failed. */
  stop(): void;
}

export const NO_PROGRESS: Progress = { update: () => undefined, stop: () => undefined };
