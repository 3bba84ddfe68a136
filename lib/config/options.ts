import { join } from 'node:path';
import { PROCESSING_ORDER } from '../model/severity.ts';
import type { ReportOptions } from '../report/options.ts';
import type { Configuration } from './load.ts';
import { INTERVALS } from './intervals.ts';
import type { Config, KeyName } from './keys/index.ts';
import type { StorePlace } from './open-store.ts';
import type { ForcedSettings, RunOptions } from '../run/run-options.ts';
import { parseShard } from '../run/plan/shard.ts';
import { xarfParties } from './xarf-parties.ts';

/** What a configuration means for a run. */
export function runOptionsOf(configuration: Configuration): RunOptions {
  const { config } = configuration;
  return {
    // A replay never remembers, whatever a configuration file says.
    mode: config.regular && config.events === undefined ? 'regular' : config.shell ? 'shell' : 'default',
    track: config.test_data ? 'test-data' : config.mail_test_mode ? 'mail-test' : 'live',
    testData: config.test_data,
    interval: INTERVALS[config.interval]!,
    adjustThresholds: config.adjust_thresholds,
    timeHigh: config.time_high,
    timeLow: config.time_low,
    settle: config.settle,
    maxWindow: config.max_window,
    severities: PROCESSING_ORDER.filter((severity) => config.severity?.includes(severity) ?? true),
    abuseGroups: config.abuse_group,
    shard: config.shard === undefined ? undefined : parseShard(config.shard),
    events: config.events,
    defaultSeverity: config.default_severity,
    dryRun: config.dry_run,
    mailUri: mailUriOf(configuration),
    mail: mailOptions(config),
    report: reportOptionsOf(configuration),
    forced: forcedSettingsOf(config),
  };
}

/** How reports are made. */
export function reportOptionsOf({ config, locations }: Configuration): ReportOptions {
  return {
    reportsDir: config.dry_run ?? config.reports_dir ?? locations.reportsDir,
    pages: config.reports_html,
    templatesDir: config.templates_dir,
    localesDir: config.locales_dir,
    eventClasses: config.event_classes_dir,
    mailFormat: config.mail_format,
    templateVars: config.template_vars,
    xarf: { parties: () => xarfParties(config, mailOptions(config)), typesFile: config.xarf_types },
    reportMaxSources: config.report_max_sources,
    maxExtraReports: config.max_extra_reports,
  };
}

/** What overrides every group's settings. */
export function forcedSettingsOf(config: Config): ForcedSettings {
  return {
    mode: config.force_mode,
    attachments: config.force_attachments,
    template: config.force_template,
    locale: config.force_locale,
    timezone: config.force_timezone,
    maxAttachmentSize: config.force_max_attachment_size,
  };
}

/** A replay mails to the spool unless its own command line says otherwise: a configured server is meant for real runs. */
export function mailUriOf({ config, origins, locations }: Configuration): string {
  const spool = `spool:${locations.spoolDir}`;
  if (config.dry_run !== undefined) return `spool:${config.dry_run}`;
  const mail = config.mail ?? spool;
  const meant = config.events === undefined || origins.get('mail')?.origin === 'command line';
  return meant || mail.startsWith('spool:') ? mail : spool;
}

export function mailOptions(config: Config): RunOptions['mail'] {
  return {
    from: config.mail_from,
    subject: config.mail_subject,
    to: config.mail_to,
    cc: config.mail_cc,
    bcc: config.mail_bcc,
    replyTo: config.mail_reply_to,
    returnPath: config.mail_return_path,
    admin: config.mail_admin,
    testMode: config.mail_test_mode,
    ambiguous: config.ambiguous,
    retryFor: config.retry_for,
    messageKeep: config.message_keep,
  };
}

const DB_KEYS = ['db_host', 'db_port', 'database', 'collection'] as const;

/** Where the store is. Without a `store`, but with one of the MongoDB keys given, it is a MongoDB; with neither, the embedded one. */
export function storePlaceOf({ config, origins, locations }: Configuration): StorePlace {
  const { database, collection, reporter_database: reporterDatabase } = config;
  const isGiven = (key: KeyName) => (origins.get(key)?.origin ?? 'default') !== 'default';
  if (config.store === undefined && !DB_KEYS.some(isGiven)) {
    return { uri: `sqlite:${join(locations.runDir, `${config.name}.db`)}` };
  }
  const uri = config.store ?? `mongodb://${config.db_host}:${config.db_port}/${database ?? ''}`;
  // A timeout in the URI is used unless the key is set.
  const socketTimeoutMS = config.store === undefined || isGiven('db_timeout') ? config.db_timeout : undefined;
  return { uri, database, collection, reporterDatabase, socketTimeoutMS };
}

/** The log file, or undefined when none is to be written: a run by hand leaves none, and a dry run nothing at all. */
export function logFileOf({ config, locations }: Configuration): string | undefined {
  if (config.shell || config.dry_run !== undefined || config.log_file === '') return undefined;
  return config.log_file ?? locations.logFile;
}

/** Least level of the console's log; undefined: none. A scheduler mails what it finds on stderr: nothing below a warning belongs there. */
export function consoleLevelOf(config: Config): Config['log_level'] | undefined {
  if (config.quiet) return undefined;
  return config.regular && ['debug', 'info'].includes(config.log_level) ? 'warning' : config.log_level;
}

/** The run lock's file: one a name and shard. */
export function lockFileOf({ config, locations }: Configuration): string {
  return config.lock_file ?? join(locations.runDir, `${shareName(config)}.lock`);
}

/** A file's name for this reporter's share of the work, so that shards do not write over each other's files. */
function shareName({ name, shard }: Config): string {
  return shard === undefined ? name : `${name}-${shard.replace('/', '-of-')}`;
}

/** The state file, or undefined when none is to be read or written. */
export function stateFileOf({ config, locations }: Configuration): string | undefined {
  if (config.pstate_file === '') return undefined;
  return config.pstate_file ?? join(locations.runDir, `${shareName(config)}.pstate`);
}

/** State files in the order in which they are looked for: a shard that has none yet begins with that of the whole. */
export function stateFilesOf(configuration: Configuration): string[] {
  const { config, locations } = configuration;
  const path = stateFileOf(configuration);
  if (path === undefined) return [];
  return config.pstate_file === undefined ? [path, join(locations.runDir, `${config.name}.pstate`)] : [path];
}

/** The folder of runlogs; undefined when none are written. */
export function runlogDirOf({ config, locations }: Configuration): string | undefined {
  return config.runlog_dir === '' ? undefined : (config.runlog_dir ?? join(locations.runDir, config.name));
}

/** Whether a run leaves a runlog: one by hand does not, and a dry run leaves nothing. */
export function leavesRunlog({ config }: Configuration): boolean {
  return !config.shell && config.dry_run === undefined;
}

/** Defaults that are derived from other keys. */
export function derivedDefaults(configuration: Configuration): Readonly<Partial<Record<KeyName, string>>> {
  const { locations } = configuration;
  return {
    config_file: locations.configFile,
    config_dir: locations.configDir,
    log_file: logFileOf(configuration) ?? '',
    lock_file: lockFileOf(configuration),
    pstate_file: stateFileOf(configuration) ?? '',
    runlog_dir: runlogDirOf(configuration) ?? '',
    store: storePlaceOf(configuration).uri,
    mail: mailUriOf(configuration),
    reports_dir: locations.reportsDir,
  };
}
