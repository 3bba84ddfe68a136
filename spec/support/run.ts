import { NO_PROGRESS, type Log } from '../../lib/run/ports.ts';
import { join } from 'node:path';
import type { RunInputs } from '../../lib/run/run-context.ts';
import type { RunOptions } from '../../lib/run/run-options.ts';
import { openInput } from '../../lib/system/open-input.ts';
import type { Group } from '../../lib/model/group/group.ts';
import { PROCESSING_ORDER } from '../../lib/model/severity.ts';
import { MAX_WINDOW } from '../../lib/model/timing.ts';
import { mergeEntries } from '../../lib/report/content/entry.ts';
import { openScratch } from '../../lib/scratch/scratch.ts';
import type { Store } from '../../lib/store/port.ts';

export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warning: () => undefined,
  error: () => undefined,
  critical: () => undefined,
  exception: () => undefined,
  fatal: () => undefined,
};

/** A run of the live track over everything, mails and reports below `directory`; every option can be replaced. */
export function runOptions(
  directory: string,
  options: Partial<RunOptions> & { mailTestMode?: boolean } = {},
): RunOptions {
  const { mailTestMode = false, ...more } = options;
  return {
    mode: 'default',
    track: 'live',
    testData: false,
    interval: 600,
    adjustThresholds: false,
    timeHigh: undefined,
    timeLow: undefined,
    settle: 0,
    maxWindow: MAX_WINDOW,
    severities: PROCESSING_ORDER,
    abuseGroups: undefined,
    shard: undefined,
    events: undefined,
    defaultSeverity: undefined,
    dryRun: undefined,
    mailUri: `spool:${join(directory, 'spool')}`,
    mail: {
      from: 'reporter@example.net',
      subject: undefined,
      to: undefined,
      cc: undefined,
      bcc: undefined,
      replyTo: undefined,
      returnPath: undefined,
      admin: ['admin@example.net'],
      testMode: mailTestMode,
      ambiguous: 'resend',
      retryFor: 432_000,
      messageKeep: 7,
    },
    report: {
      reportsDir: join(directory, 'reports'),
      templatesDir: undefined,
      templateVars: {},
      reportMaxSources: 1000,
      maxExtraReports: 100,
    },
    forced: {
      mode: undefined,
      attachments: undefined,
      template: undefined,
      locale: undefined,
      timezone: undefined,
      maxAttachmentSize: undefined,
    },
    ...more,
  };
}

/** What a run needs, with a clock that stands still and no chance in it. */
export function runDeps(world: {
  directory: string;
  store: Store;
  groups: readonly Group[];
  run?: string;
  now?: number;
}): RunInputs {
  const { directory, store, groups, run = 'run', now = Date.UTC(2026, 0, 20) } = world;
  return {
    store,
    groups,
    log: SILENT,
    clock: () => now,
    random: () => 0.5,
    run,
    openScratch: () => Promise.resolve(openScratch(directory, mergeEntries)),
    scratchDir: directory,
    openInput: (path) => openInput(path, process),
    progress: NO_PROGRESS,
    stop: new AbortController().signal,
    previousState: new Map(),
  };
}
