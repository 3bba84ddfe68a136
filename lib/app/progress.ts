import type { Sink } from './io.ts';

/** Told how far long work has come. */
export interface Progress {
  /** @param total undefined when the end is not known */
  update(done: number, total: number | undefined, what: string): void;
  /** The work is done, or has failed: the line is taken away. */
  stop(): void;
}

export const NO_PROGRESS: Progress = { update: () => undefined, stop: () => undefined };

/** Seconds of work after which a bar is worth a person's while. */
const PATIENCE = 2;

/** A bar on a terminal, shown only for work that takes longer than two seconds; nothing on anything else. */
export async function consoleProgress(stream: Sink, clock: () => number): Promise<Progress> {
  if (stream.isTTY !== true) return NO_PROGRESS;
  const { default: cliProgress } = await import('cli-progress');
  let bar: InstanceType<typeof cliProgress.SingleBar> | undefined;
  const begin = clock();
  return {
    update(done, total, what) {
      if (clock() - begin < PATIENCE * 1000) return;
      if (bar === undefined) {
        const format =
          total === undefined ? '{what}: {value}' : '{what} [{bar}] {value}/{total} {eta_formatted}';
        bar = new cliProgress.SingleBar({
          stream,
          format,
          clearOnComplete: true,
          hideCursor: true,
          etaBuffer: 50,
        });
        bar.start(total ?? 0, done, { what });
      }
      bar.setTotal(total ?? done);
      bar.update(done, { what });
    },
    stop() {
      bar?.stop();
      bar = undefined;
    },
  };
}
