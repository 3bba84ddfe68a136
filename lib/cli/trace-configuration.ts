import type { Configuration } from '../config/load.ts';
import { KEY_NAMES } from '../config/keys/index.ts';
import { consoleLevelOf, logFileOf } from '../config/options.ts';
import { maskValue } from '../model/text/mask.ts';
import type { Trace } from '../observe/trace.ts';

/** Traces the files read, and every setting with its origin. */
export function traceConfiguration(configuration: Configuration, trace: Trace): void {
  const { config, origins, sources } = configuration;
  trace(`name ${config.name}`);
  for (const path of sources) trace(`read ${path}`);
  for (const name of KEY_NAMES) {
    const value = config[name];
    if (value !== undefined)
      trace(`${origins.get(name)?.where ?? 'default'}: ${name} = ${JSON.stringify(maskValue(value))}`);
  }
  const level = consoleLevelOf(config);
  trace(
    `console log ${level === undefined ? 'off' : `from ${level}`}, log file ${logFileOf(configuration) ?? 'none'}`,
  );
}
