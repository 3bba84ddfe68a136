/** Instants are whole milliseconds since 1970-01-01T00:00:00Z, always UTC. The zone of the host is never used. */
export type Instant = number;

const CALENDAR =
  /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2}))$/;
const NUMERIC = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SECOND_60 = /^(.{10}[Tt ]\d\d:\d\d):60(?:\.\d+)?(?=[Zz+-])/;
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?)?$/;
const EARLIEST = -62_135_596_800_000; // 0001-01-01
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

/**
 * Reads the calendar form `YYYY-MM-DD[T ]hh:mm:ss[.f](Z|±hh:mm)`; the zone is mandatory, the fraction is cut to
 * milliseconds. Returns undefined for anything else, impossible dates and leap seconds included (RFC 3339, narrowed as in IDEA0).
 */
export function parseCalendar(text: string): Instant | undefined {
  const usual = parseUsual(text);
  if (usual !== undefined) return usual;
  const m = CALENDAR.exec(text);
  if (!m) return undefined;
  const [year, month, day] = [Number(m[1]), Number(m[2]), Number(m[3])];
  const [hour, minute, second] = [Number(m[4]), Number(m[5]), Number(m[6])];
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const millis = m[7] === undefined ? 0 : Number(m[7].slice(0, 3).padEnd(3, '0'));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second, millis);
  if (m[8] === undefined) return date.getTime();
  const [offsetHours, offsetMinutes] = [Number(m[9]), Number(m[10])];
  if (offsetHours > 23 || offsetMinutes > 59) return undefined;
  const offset = (offsetHours * 60 + offsetMinutes) * 60_000;
  return m[8] === '-' ? date.getTime() + offset : date.getTime() - offset;
}

/**
 * The two forms that nearly every event has, `YYYY-MM-DDThh:mm:ssZ` and the same with `.fff`; undefined for anything else. By hand because
 * every event has some four of them, and the expression takes five times as long.
 */
function parseUsual(text: string): Instant | undefined {
  const { length } = text;
  if ((length !== 20 && length !== 24) || text.charCodeAt(length - 1) !== 90) return undefined;
  if (text.charCodeAt(4) !== 45 || text.charCodeAt(7) !== 45 || text.charCodeAt(10) !== 84) return undefined;
  if (text.charCodeAt(13) !== 58 || text.charCodeAt(16) !== 58) return undefined;
  if (length === 24 && text.charCodeAt(19) !== 46) return undefined;
  const [year, month, day] = [digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10)];
  const [hour, minute, second] = [digits(text, 11, 13), digits(text, 14, 16), digits(text, 17, 19)];
  const millis = length === 24 ? digits(text, 20, 23) : 0;
  // Date.UTC takes years below 100 for those of the last century.
  const good =
    year >= 100 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour >= 0 &&
    hour <= 23;
  if (!good || minute < 0 || minute > 59 || second < 0 || second > 59 || millis < 0) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second, millis);
}

/** The number between two offsets; -1 when a character is no digit. */
function digits(text: string, start: number, end: number): number {
  let value = 0;
  for (let i = start; i < end; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

/**
 * Reads a time as an option or a setting gives it: seconds since the epoch (fraction, sign and exponent allowed, blanks
 * around ignored) or the calendar form. Digits alone are always seconds. Undefined when it is neither.
 */
export function parseTime(value: unknown): Instant | undefined {
  if (typeof value === 'number') return fromSeconds(value);
  if (typeof value !== 'string') return undefined;
  const trimmed = value.trim();
  return NUMERIC.test(trimmed) ? fromSeconds(Number(trimmed)) : parseCalendar(value);
}

/**
 * Reads a timestamp of an event: a date, seconds since the epoch (above 1e11: milliseconds), numeric text, or the calendar
 * form, in which second 60 is the last millisecond of its minute. Undefined when it is none, or outside the years 1970 to 9999 for
 * numbers.
 */
export function parseTimestamp(value: unknown): Instant | undefined {
  if (typeof value === 'string') {
    const usual = parseUsual(value);
    if (usual !== undefined) return usual;
    if (NUMERIC.test(value)) return parseTimestamp(Number(value));
    return parseCalendar(value) ?? parseCalendar(value.replace(SECOND_60, '$1:59.999'));
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value) || value < 0) return undefined;
    return fromSeconds(value > 1e11 ? value / 1000 : value);
  }
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.getTime();
  return undefined;
}

/** Events after this instant are invalid: windows and formats that follow from later ones would need years of five digits. */
export const LATEST_EVENT_TIME = Date.UTC(9001, 0, 1) - 1;

/** Why a value is no timestamp of an event, as the end of a sentence; undefined when it is one. */
export function timestampProblem(value: unknown): string | undefined {
  const instant = parseTimestamp(value);
  if (instant !== undefined) return instant > LATEST_EVENT_TIME ? 'is after the year 9000' : undefined;
  if (value === undefined || value === null) return 'is missing';
  return typeof value === 'string' && WITHOUT_ZONE.test(value) ? 'has no time zone' : 'is no timestamp';
}

function fromSeconds(seconds: number): Instant | undefined {
  // Rounding at the microsecond first: 1.001 * 1000 is 1000.9999999999999.
  const millis = Math.floor(Math.round(seconds * 1e6) / 1000);
  return millis >= EARLIEST && millis <= LATEST ? millis : undefined;
}

const DAY = 86_400_000;
/** The last formatted day: most times of a run lie on few days, and Date takes five times as long. */
const lastDay = { number: NaN, text: '' };

/** `YYYY-MM-DDThh:mm:ssZ`, with `.mmm` before the zone only when there are milliseconds. */
export function formatInstant(instant: Instant): string {
  const day = Math.floor(instant / DAY);
  if (day !== lastDay.number) {
    lastDay.text = new Date(day * DAY).toISOString().slice(0, -13);
    lastDay.number = day;
  }
  const millis = instant - day * DAY;
  const seconds = Math.floor(millis / 1000);
  const minutes = Math.floor(seconds / 60);
  const clock = `${lastDay.text}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}:${two(seconds % 60)}`;
  return millis % 1000 === 0
    ? `${clock}Z`
    : `${clock}.${two(Math.floor((millis % 1000) / 10))}${millis % 10}Z`;
}

const TWO = Array.from({ length: 100 }, (_, i) => String(i).padStart(2, '0'));

function two(number: number): string {
  return TWO[number]!;
}

/** The instant at or before this one that is a whole multiple of `seconds` since the epoch; also before 1970. */
export function floorTo(instant: Instant, seconds: number): Instant {
  return Math.floor(instant / (seconds * 1000)) * seconds * 1000;
}

/** UTC calendar day as `YYYYMMDD`. */
export function dayOf(instant: Instant): string {
  return new Date(instant).toISOString().slice(0, 10).replaceAll('-', '');
}
