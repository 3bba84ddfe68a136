import { createHmac } from 'node:crypto';
import type { Track } from '../../model/lane.ts';
import type { ReportType } from '../../model/report.ts';
import type { Severity } from '../../model/severity.ts';
import { dayOf, type Instant } from '../../model/time.ts';

/** What a label identifies: the same report made again has the same identity, and so the same label. */
export interface ReportIdentity {
  readonly track: Track;
  readonly group: string;
  readonly severity: Severity;
  readonly from: Instant;
  readonly to: Instant;
  readonly type: ReportType;
  /** Of an extra report. */
  readonly source: string | null;
  /** The run's id for ad-hoc runs, whose reports are their own; null in regular ones. */
  readonly run: string | null;
}

/** `M20180726SL-HT9TC`: day of the window's end (UTC), type, severity, and five characters nobody outside can guess. */
export const LABEL = /^M\d{8}[SE][LMHC]-[A-Z0-9]{5}$/;

const SYMBOLS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';
const LENGTH = 5;

/**
 * The label of a report.
 * @param secret of the installation
 * @param n counts up from 0 while the label is taken by another report
 */
export function labelOf(secret: Uint8Array, identity: ReportIdentity, n: number): string {
  const { track, group, severity, from, to, type, source, run } = identity;
  // JSON keeps the parts apart whatever is in them.
  const text = JSON.stringify(['label', track, group, severity, from, to, type, source, run, n]);
  // 48 bits: the bias of the remainder is below one in a million.
  let number = createHmac('sha256', secret).update(text).digest().readUIntBE(0, 6);
  let code = '';
  for (let i = 0; i < LENGTH; i++) {
    code += SYMBOLS[number % SYMBOLS.length]!;
    number = Math.floor(number / SYMBOLS.length);
  }
  return `M${dayOf(to)}${type[0]!.toUpperCase()}${severity[0]!.toUpperCase()}-${code}`;
}

/** `<label@domain>`: the same from any host, so that later mails can refer to it. */
export function messageId(label: string, domain: string): string {
  return `<${label}@${domain}>`;
}
