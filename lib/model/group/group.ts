import type { NamedRange } from '../network/address.ts';
import { SEVERITIES, type Severity } from '../severity.ts';
import type { Instant } from '../time.ts';
import { DEFAULT_TIMINGS, type Timing } from '../timing.ts';

export const MODES = ['summary', 'extra', 'both', 'none'] as const;
export type Mode = (typeof MODES)[number];

/** True of the modes in which every source has an extra report of its own. */
export function makesExtras(mode: Mode): boolean {
  return mode === 'extra' || mode === 'both';
}

export const ATTACHMENTS = ['json', 'csv', 'all', 'none'] as const;
export type Attachments = (typeof ATTACHMENTS)[number];

/** What of an event's text a mail writes so that no program makes a link of it: nothing, URLs with names and mail addresses, or network addresses, too. */
export const DEFANG = ['none', 'urls', 'all'] as const;
export type Defang = (typeof DEFANG)[number];

/** A network of a group: events whose sources lie in it concern the group. */
export interface Network {
  readonly range: NamedRange;
}

/** An exclusion: events it matches are left out of the group's reports. */
export interface FilterDefinition {
  readonly name: string;
  readonly description: string;
  /** The expression; of a basic filter that is written as lists, the one those stand for. */
  readonly expression: string;
  readonly enabled: boolean;
  readonly validFrom: Instant | undefined;
  readonly validTo: Instant | undefined;
}

export interface Settings {
  readonly emails: readonly string[];
  readonly mode: Mode;
  readonly attachments: Attachments;
  readonly template: string;
  readonly locale: string;
  readonly timezone: string;
  readonly defang: Defang;
  /** Per severity; the defaults where the group sets none. */
  readonly timings: Readonly<Record<Severity, Timing>>;
  readonly mute: boolean;
  readonly redirect: boolean;
  readonly compress: boolean;
  /** Extra reports carry an X-ARF document for every class. */
  readonly xarf: boolean;
  /** Mails say that they were made by a program (RFC 3834); some ticket systems drop those. */
  readonly autoSubmitted: boolean;
  /** Bytes; 0 is no limit. */
  readonly maxAttachmentSize: number;
}

/** An abuse group: who is told about which networks, and how. */
export interface Group {
  readonly name: string;
  readonly description: string;
  readonly enabled: boolean;
  readonly networks: readonly Network[];
  /** In the order of their names, which is the order in which they are asked. */
  readonly filters: readonly FilterDefinition[];
  readonly settings: Settings;
}

/** A group with what it was read from, for whoever puts it into a store. */
export interface WrittenGroup extends Group {
  readonly written: GroupDocument;
}

/** A filter valid at `to`: enabled, and `valid_from <= to <= valid_to` with open ends allowed. */
export function filterApplies(filter: FilterDefinition, to: Instant): boolean {
  if (!filter.enabled) return false;
  return (filter.validFrom ?? -Infinity) <= to && to <= (filter.validTo ?? Infinity);
}

/** One group as a file or the store holds it; see schema.ts for what is allowed. */
export interface GroupDocument {
  name: string;
  description?: string;
  enabled?: boolean;
  networks?: { netname?: string; network: string; description?: string }[];
  filters?: FilterDocument[];
  settings?: SettingsDocument;
}

export interface FilterDocument {
  name: string;
  type?: 'basic' | 'advanced';
  filter?: string;
  analyzers?: string[];
  categories?: string[];
  ips?: string[];
  description?: string;
  enabled?: boolean;
  valid_from?: string | number | null;
  valid_to?: string | number | null;
}

export const TIMING_SUFFIX: Readonly<Record<Severity, string>> = {
  low: 'lo',
  medium: 'md',
  high: 'hi',
  critical: 'cr',
};
type TimingKey = `timing_${'per' | 'thr' | 'rel'}_${'lo' | 'md' | 'hi' | 'cr'}`;

export type SettingsDocument = {
  emails?: string[];
  mode?: Mode;
  attachments?: Attachments;
  template?: string;
  locale?: string;
  timezone?: string;
  defang?: Defang;
  timing?: 'default' | 'custom';
  mute?: boolean;
  redirect?: boolean;
  compress?: boolean;
  xarf?: boolean;
  auto_submitted?: boolean;
  max_attachment_size?: number;
} & Partial<Record<TimingKey, number>>;

/** The timings a group's settings stand for; `custom` ones that are missing take the default, an explicit 0 is honoured. */
export function timingsOf(settings: SettingsDocument): Readonly<Record<Severity, Timing>> {
  if (settings.timing !== 'custom') return DEFAULT_TIMINGS;
  const entry = (severity: Severity): [Severity, Timing] => {
    const fallback = DEFAULT_TIMINGS[severity];
    const own = (kind: 'per' | 'thr' | 'rel') =>
      settings[`timing_${kind}_${TIMING_SUFFIX[severity]}` as TimingKey];
    return [
      severity,
      {
        period: own('per') ?? fallback.period,
        threshold: own('thr') ?? fallback.threshold,
        relapse: own('rel') ?? fallback.relapse,
      },
    ];
  };
  return Object.fromEntries(SEVERITIES.map(entry)) as Record<Severity, Timing>;
}
