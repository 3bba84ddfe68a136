import { randomBytes } from 'node:crypto';
import type { Instant } from '../model/time.ts';

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A stream that may be a terminal. */
export type Sink = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** The process and its surroundings, handed to everything that needs a part of them. */
export interface Io {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly environment: Environment;
  readonly clock: () => Instant;
  /** In [0, 1). */
  readonly random: () => number;
  readonly randomBytes: (bytes: number) => Uint8Array;
  /** Listens for SIGTERM and SIGINT, which then have no default effect. Returns a function that unregisters the listener. */
  readonly onSignal: (listener: (name: EndSignal) => void) => () => void;
  /**
   * Listens for an uncaught error. Listeners act synchronously, the newest first, and the oldest one ends the process. Returns a function
   * that unregisters the listener.
   */
  readonly onCrash: (listener: (error: unknown) => void) => () => void;
  /** Ends the process at once. */
  readonly end: (code: 1) => void;
}

/** Signals by which a process is asked to end. */
export type EndSignal = (typeof END_SIGNALS)[number];
const END_SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** This process, whose files and folders are from now on closed to other users than its own and its group, whatever the umask was. */
export function processIo(): Io {
  process.umask(process.umask(0o027) | 0o027);
  return {
    // A getter, because touching some kinds of stdin keeps the process running.
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
    // Also called for unhandled rejections.
    onCrash: (listener) => {
      process.prependListener('uncaughtException', listener);
      return () => process.off('uncaughtException', listener);
    },
    end: (code) => process.exit(code),
  };
}
