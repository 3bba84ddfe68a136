import { randomBytes } from 'node:crypto';
import type { Instant } from '../model/time.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A stream that may be a terminal. */
export type Sink = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** What the program has of the world outside; everything below is handed what it needs of it. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly environment: Environment;
  readonly clock: () => Instant;
  /** In [0, 1). */
  readonly random: () => number;
  readonly randomBytes: (bytes: number) => Uint8Array;
  /** Listens for SIGTERM and SIGINT, which then do nothing by themselves; what is returned ends that. */
  readonly onSignal: (listener: (name: EndSignal) => void) => () => void;
  /**
   * Listens for an error that nobody caught, after which nothing can be relied on: what is done about it is done at once, by the newest
   * listener first, and the oldest one ends the process. What is returned ends that.
   */
  readonly onCrash: (listener: (error: unknown) => void) => () => void;
  /** Ends the process at once. */
  readonly end: (code: 1) => void;
}

/** Signals by which a process is asked to end. */
export type EndSignal = (typeof END_SIGNALS)[number];
const END_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

export function processIo(): Io {
  return {
    // Asked for late: merely touching stdin makes some kinds of it hold the process open.
    get stdin() {
      return process.stdin as AsyncIterable<Uint8Array>;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    environment: process.env,
    clock: Date.now,
    random: Math.random,
    randomBytes,
    onSignal: (listener) => {
      for (const name of END_SIGNALS) process.on(name, listener);
      return () => {
        for (const name of END_SIGNALS) process.off(name, listener);
      };
    },
    // Rejections that nobody handles come here, too.
    onCrash: (listener) => {
      process.prependListener('uncaughtException', listener);
      return () => process.off('uncaughtException', listener);
    },
    end: (code) => process.exit(code),
  };
}
