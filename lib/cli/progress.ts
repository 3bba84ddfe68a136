import { NO_PROGRESS, type Progress } from '../run/ports.ts';
import type { Sink } from '../system/io.ts';

/** Seconds after which a bar is shown. */
const PATIENCE = 2;

/** A progress bar for a terminal; no progress on any other stream. */
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
