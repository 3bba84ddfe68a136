import type { EventCounts } from '../../model/lane-counters.ts';
import type { ReportRecord } from '../../model/report.ts';
import type { Words } from '../render/words.ts';

// The counters of a report with their law: what became of every event, so that the sums can be checked by eye.

/** What becomes of new events; the sum of them is `evcount_new`. The last ones are reported. */
const FATES = ['inv', 'net', 'flt_blk', 'thr_blk', 'thr'] as const;
/** What becomes of events that were suppressed earlier and come back. */
const RETURNS = ['rlp', 'rlp_flt', 'rlp_gone'] as const;

/** A counter as a row with a bar: positions in thousandths of the whole. */
export interface CounterRow {
  readonly key: string;
  readonly name: string;
  readonly count: string;
  readonly percent: string;
  readonly x: number;
  readonly width: number;
  readonly reported: boolean;
}

export interface CountersView {
  readonly fates: readonly CounterRow[];
  readonly returns: readonly CounterRow[];
  /** The law in numbers, one line a sum. */
  readonly law: readonly string[];
  /** Of an extra report: its share of the summary. */
  readonly share: string | null;
}

export function countersView(record: ReportRecord, words: Words): CountersView {
  const { evcount_rep: reported = 0, evcount_all: all = 0 } = record;
  if (record.evcount_new === undefined) {
    const values = { reported: words.number(reported), count: all, percent: percent(reported, all, words) };
    return { fates: [], returns: [], law: [], share: words.t('page.counter.share', values) };
  }
  const count = (name: string): number => record[`evcount_${name}` as keyof EventCounts] ?? 0;
  const isNew = count('new');
  const came = RETURNS.reduce((sum, name) => sum + count(name), 0);
  return {
    fates: rows(FATES, isNew),
    returns: came === 0 ? [] : rows(RETURNS, came),
    law: [sum('new', FATES), sum('rep', ['thr', 'rlp'])],
    share: null,
  };

  function rows(names: readonly string[], whole: number): CounterRow[] {
    let x = 0;
    return names.map((name) => {
      const width = whole === 0 ? 0 : Math.round((count(name) / whole) * 1000);
      const row: CounterRow = {
        key: name,
        name: words.t(`page.counter.${name}`),
        count: words.number(count(name)),
        percent: percent(count(name), whole, words),
        x,
        width,
        reported: name === 'thr' || name === 'rlp',
      };
      x += width;
      return row;
    });
  }

  function sum(whole: string, parts: readonly string[]): string {
    const named = (name: string): string => `${words.number(count(name))} ${words.t(`page.law.${name}`)}`;
    return `${named(whole)} = ${parts.map(named).join(' + ')}`;
  }
}

/** With one decimal, in the reader's language; a dash of nothing. */
function percent(part: number, whole: number, words: Words): string {
  return whole === 0 ? '–' : `${words.number(Math.round((part / whole) * 1000) / 10)} %`;
}
