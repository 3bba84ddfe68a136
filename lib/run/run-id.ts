import type { Instant } from '../model/time.ts';

/** The start of a run as `YYYYMMDDThhmmssZ`, with which every run's name begins, so that names sort by age. */
export function runStamp(start: Instant): string {
  return `${new Date(start).toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
}

/**
 * The name of a run: start, host, process and a random number, so that no two runs of an installation share one.
 * @param random in [0, 1)
 */
export function runId(start: Instant, host: string, pid: number, random: () => number): string {
  const suffix = Math.floor(random() * 0x100000000)
    .toString(16)
    .padStart(8, '0');
  return `${runStamp(start)}-${hostPart(host)}-${pid}-${suffix}`;
}

/** A host's name as a part of other names: letters, digits and dashes, at most 40. */
export function hostPart(host: string): string {
  return host.replaceAll(/[^A-Za-z0-9-]/g, '-').slice(0, 40) || '-';
}
