import { printable } from '../model/user-error.ts';
import type { Configuration } from './config/load.ts';
import type { Io } from './io.ts';
import { KEY_NAMES } from './keys/index.ts';
import { masked, maskText } from './mask.ts';
import { consoleLevelOf, logFileOf } from './options.ts';

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

/** What was read, every setting with where it comes from, and what follows from them. */
export function traceConfiguration(configuration: Configuration, trace: Trace): void {
  const { config, origins, sources } = configuration;
  trace(`name ${config.name}`);
  for (const path of sources) trace(`read ${path}`);
  for (const name of KEY_NAMES) {
    const value = config[name];
    if (value !== undefined)
      trace(`${origins.get(name)?.where ?? 'default'}: ${name} = ${JSON.stringify(masked(value))}`);
  }
  const level = consoleLevelOf(config);
  trace(
    `console log ${level === undefined ? 'off' : `from ${level}`}, log file ${logFileOf(configuration) ?? 'none'}`,
  );
}
