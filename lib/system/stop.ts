import { UserError } from '../model/user-error.ts';
import type { Io } from './io.ts';

/** A wish to end a run, while it is listened for. */
export interface Stop {
  /** Once it is aborted its reason is a UserError that says who wished it. */
  readonly signal: AbortSignal;
  /** Has the wish acknowledged once it is made, or now, if it was made already. */
  onRequest(tell: (line: string) => void): void;
  /** Listens no longer: signals do what they do by themselves. */
  dispose(): void;
}

/**
 * Listens for SIGTERM and SIGINT: the first one is a wish that the run grants after the slice at hand, a second one ends the process at
 * once, with exit code 1. Both are safe, because a lane is committed in one write.
 */
export function stopOnSignals({ onSignal, end }: Pick<Io, 'onSignal' | 'end'>): Stop {
  const wish = new AbortController();
  const dispose = onSignal((name) => {
    if (wish.signal.aborted) {
      end(1);
      return;
    }
    const hint = 'nothing is lost: the next run takes up what stands';
    wish.abort(new UserError({ what: `ended by ${name}`, hint }));
  });
  const { signal } = wish;
  return {
    signal,
    onRequest(tell) {
      const told = (): void =>
        tell('asked to end: the run ends after the slice at hand; a second signal ends it at once');
      if (signal.aborted) told();
      else signal.addEventListener('abort', told, { once: true });
    },
    dispose,
  };
}
