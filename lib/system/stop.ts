import { UserError } from '../model/user-error.ts';
import type { Io } from './io.ts';

/** A request to stop the run, for as long as signals are listened for. */
export interface Stop {
  /** Aborted by the first signal; its reason is a UserError that names the signal. */
  readonly signal: AbortSignal;
  /** Logs a line once a stop is requested, or now if it was already. */
  onRequest(log: (line: string) => void): void;
  /** Stops listening: signals have their default effect again. */
  dispose(): void;
}

/**
 * Listens for SIGTERM and SIGINT: the first one ends the run after the current slice, a second one ends the process at once, with exit
 * code 1. Both are safe, because a lane is committed in one write.
 */
export function stopOnSignals({ onSignal, end }: Pick<Io, 'onSignal' | 'end'>): Stop {
  const request = new AbortController();
  const dispose = onSignal((name) => {
    if (request.signal.aborted) {
      end(1);
      return;
    }
    const hint = 'nothing is lost: the next run processes the remaining lanes';
    request.abort(new UserError({ what: `ended by ${name}`, hint }));
  });
  const { signal } = request;
  return {
    signal,
    onRequest(log) {
      const acknowledge = (): void =>
        log('stop requested: the run ends after the current slice; a second signal ends it at once');
      if (signal.aborted) acknowledge();
      else signal.addEventListener('abort', acknowledge, { once: true });
    },
    dispose,
  };
}
