import type { Instant } from '../../model/time.ts';
import { UserError } from '../../model/user-error.ts';

export type FormatTime = (instant: Instant) => string;

/**
 * Writes times for a reader in one zone: `2018-01-01 13:00:00 +01:00 (2018-01-01 12:00:00 Z)`, with the offset of that very day; in UTC
 * the second half alone. Seconds are cut, not rounded. Throws a UserError for a zone that is not known.
 */
export function zonedTime(timezone: string): FormatTime {
  const format = formatOf(timezone);
  if (format.resolvedOptions().timeZone === 'UTC') return utc;
  return (instant) => {
    const part = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
    const offset = part['timeZoneName'] === 'GMT' ? '+00:00' : part['timeZoneName']!.slice('GMT'.length);
    const year = part['year']!.padStart(4, '0');
    return `${year}-${part['month']}-${part['day']} ${part['hour']}:${part['minute']}:${part['second']} ${offset} (${utc(instant)})`;
  };
}

function formatOf(timezone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      timeZoneName: 'longOffset',
    });
  } catch (error) {
    throw new UserError(
      { what: 'no such time zone', got: timezone, expected: 'a name like Europe/Prague' },
      { cause: error },
    );
  }
}

function utc(instant: Instant): string {
  const text = new Date(instant).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, 19)} Z`;
}
