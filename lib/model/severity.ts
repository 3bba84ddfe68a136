/** Severities in rising order. */
export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The order in which lanes are processed. */
export const PROCESSING_ORDER: readonly Severity[] = [...SEVERITIES].reverse();

export function isSeverity(value: unknown): value is Severity {
  return SEVERITIES.includes(value as Severity);
}
