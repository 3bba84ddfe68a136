import type { MailOptions } from '../mail/options.ts';
import type { Attachments, Mode } from '../model/group/group.ts';
import type { Track } from '../model/lane.ts';
import type { Severity } from '../model/severity.ts';
import type { Instant } from '../model/time.ts';
import type { ReportOptions } from '../report/options.ts';
import type { Shard } from './plan/shard.ts';

/** Overrides every group's own settings for one run. */
export interface ForcedSettings {
  readonly mode: Mode | undefined;
  readonly attachments: Attachments | undefined;
  readonly template: string | undefined;
  readonly locale: string | undefined;
  readonly timezone: string | undefined;
  /** Bytes. */
  readonly maxAttachmentSize: number | undefined;
}

/** One run, fully resolved: no default, file or environment is read beyond this point. Durations are in seconds. */
export interface RunOptions {
  /** Only `regular` sets lane states and thresholds; `default` and `shell` are ad hoc. */
  readonly mode: 'default' | 'regular' | 'shell';
  readonly track: Track;
  readonly testData: boolean;
  readonly interval: number;
  /** Floors `to` outside regular mode, too. */
  readonly adjustThresholds: boolean;
  readonly timeHigh: Instant | undefined;
  readonly timeLow: Instant | undefined;
  /** Sets the clock back when `timeHigh` is not given. */
  readonly settle: number;
  readonly maxWindow: number;
  /** In the order they are processed: critical first. */
  readonly severities: readonly Severity[];
  /** Only these groups; undefined: all. */
  readonly abuseGroups: readonly string[] | undefined;
  /** Only the groups of this share; undefined: all. */
  readonly shard: Shard | undefined;
  /** Replay: events from this file, or `-`, instead of the store's. */
  readonly events: string | undefined;
  readonly defaultSeverity: Severity | undefined;
  /** Folder for mails and reports of a run that writes nothing else. */
  readonly dryRun: string | undefined;
  /** `spool:DIR`, `smtp://…`, `smtps://…` or `sendmail:[PATH]`. */
  readonly mailUri: string;
  readonly mail: MailOptions;
  readonly report: ReportOptions;
  readonly forced: ForcedSettings;
}
