import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { messageOf, type Problem } from '../../model/user-error.ts';
import { placeOf } from '../layer.ts';
import type { Configuration } from '../load.ts';
import {
  leavesRunlog,
  lockFileOf,
  logFileOf,
  mailUriOf,
  reportOptionsOf,
  runlogDirOf,
  stateFileOf,
  storePlaceOf,
} from '../options.ts';

/** Folders that a regular run writes into and cannot, or cannot make. Changes nothing. */
export function folderProblems(configuration: Configuration): Problem[] {
  const { uri } = storePlaceOf(configuration);
  const spool = /^spool:(.*)$/is.exec(mailUriOf(configuration))?.[1];
  const { metrics_file: metrics } = configuration.config;
  const files = [
    logFileOf(configuration),
    lockFileOf(configuration),
    stateFileOf(configuration),
    uri.startsWith('sqlite:') ? uri.slice('sqlite:'.length) : undefined,
    metrics === '' ? undefined : metrics,
  ];
  const folders = [
    reportOptionsOf(configuration).reportsDir,
    spool,
    leavesRunlog(configuration) ? runlogDirOf(configuration) : undefined,
  ];
  const all = [...files.map((file) => (file === undefined ? undefined : dirname(file))), ...folders];
  return [...new Set(all)].flatMap((folder) => (folder === undefined ? [] : (problemOf(folder) ?? [])));
}

/** A metrics file that the collector ignores because of its name. */
export function metricsProblems({ config, origins }: Configuration): Problem[] {
  const { metrics_file: got = '' } = config;
  const layer = origins.get('metrics_file');
  if (layer === undefined || got === '' || got.endsWith('.prom')) return [];
  const where = placeOf(layer, 'metrics_file');
  const what = "the node exporter's textfile collector passes over a file of this name";
  return [{ what, where, got, expected: 'a name ending with .prom' }];
}

/** Of a folder that is missing, what counts is whether it could be made where it is missing. */
function problemOf(folder: string): Problem | undefined {
  let there = folder;
  try {
    while (!existsSync(there) && dirname(there) !== there) there = dirname(there);
    if (!statSync(there).isDirectory()) throw new Error(`${there} is no folder`);
    accessSync(there, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (cause) {
    const what = there === folder ? 'cannot write into the folder' : 'cannot make the folder';
    return { what, where: folder, hint: messageOf(cause) };
  }
}
