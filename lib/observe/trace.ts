import { printable } from '../model/user-error.ts';
import type { Io } from '../system/io.ts';
import { maskText } from '../model/text/mask.ts';

/** Writes a line of the trace that `--debug` asks for. Quiet or not, and whatever the level of the log. */
export type Trace = (text: string) => void;

/** Lines on stderr, each with the time in UTC and a mark, credentials masked; nothing at all when no trace is wanted. */
export function traceTo({ stderr, clock }: Pick<Io, 'stderr' | 'clock'>, wanted: boolean): Trace {
  if (!wanted) return () => undefined;
  return (text) => {
    const stamp = new Date(clock()).toISOString().replace('T', ' ');
    stderr.write(`${stamp} debug: ${printable(maskText(text))}\n`);
  };
}
