const DAY = 86_400;

/**
 * Seconds as `H:MM:SS`, with six digits of the fraction where there is one; from one day on `N day(s), H:MM:SS`.
 * @param seconds negative ones bear their sign
 */
export function formatDuration(seconds: number): string {
  const sign = seconds < 0 ? '-' : '';
  const micros = Math.round(Math.abs(seconds) * 1e6);
  const whole = Math.floor(micros / 1e6);
  const fraction = micros % 1e6 === 0 ? '' : `.${String(micros % 1e6).padStart(6, '0')}`;
  const days = Math.floor(whole / DAY);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${Math.floor((whole % DAY) / 3600)}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`;
  const before = days === 0 ? '' : `${days} ${days === 1 ? 'day' : 'days'}, `;
  return `${sign}${before}${time}${fraction}`;
}

/**
 * A count with its noun, and perhaps the verb that follows: `1 problem`, `2 problems`, `1 mail waits`.
 * @param many the plural, where it is not formed with an s
 */
export function formatCount(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** Per cent with two decimals, six characters wide. */
export function formatPercent(value: number): string {
  return value.toFixed(2).padStart(6);
}
