import { parseAddress, type AddressRange } from '../network/address.ts';
import type { Instant } from '../time.ts';

/** An IDEA0 event as it was received: an object, and nothing more is checked. Read it through {@link EventView} or `readEventContent`. */
export type RawEvent = Readonly<Record<string, unknown>>;

/** One source of an event: an address, net or range, or a fallback text (hostname, mail, URL, MAC or `-`) without a range. */
export interface Source {
  /** Normalised text: the identity of the source in thresholds, reports and statistics. */
  readonly text: string;
  readonly range: AddressRange | undefined;
}

/**
 * An event as it flows through the stages: the few facts every stage needs, each of which costs something only when asked for,
 * and the body on demand. An event that is suppressed should never have its body read.
 */
export interface EventView {
  /** The event's `ID`; of an event that cannot be used (`invalid`), whatever names it best. */
  readonly id: string;
  /** Why the event cannot be used, as one clause; undefined for a good one. */
  readonly invalid: string | undefined;
  /** `_CESNET.StorageTime`, the clock of all windows; on replay, when that is missing, `DetectTime`. NaN in an invalid event without both. */
  readonly storageTime: Instant;
  /** `_CESNET.EventSeverity` as it stands, unchecked. */
  readonly severity: string | undefined;
  /** `_CESNET.ResolvedAbuses`; undefined when there is none, which lets a replay work the groups out from networks. */
  readonly groups: readonly string[] | undefined;
  /** Event class, else the categories, each once, sorted by code point, joined with `/`, else `__unknown__`. */
  readonly eventClass: string;
  /** True when `Category` holds the exact text `Test`. */
  readonly test: boolean;
  /** Every readable `Source[].IP4` and `Source[].IP6`, in order, each text once. Empty when there is none. */
  readonly sources: readonly Source[];
  /** Texts of `Source[].IP4` and `Source[].IP6` that are no addresses, each once. */
  readonly unreadable: readonly string[];
  /** What stands for the source when there is no address: first Hostname of any Source, else Email, URL, MAC, else `-`. */
  readonly fallback: Source;
  /** The event as stored, with at least the top-level `keys` in it (all when not given). */
  body(keys?: ReadonlySet<string>): RawEvent;
  /** The whole event as JSON, the same bytes every time. */
  bodyText(): string;
}

export const UNKNOWN_CLASS = '__unknown__';
export const TEST_CATEGORY = 'Test';

/** The source that a normalised text names. */
export function parseSource(text: string): Source {
  const range = parseAddress(text);
  return { text: range?.text ?? text, range };
}
