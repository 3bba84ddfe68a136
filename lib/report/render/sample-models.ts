import type { Part, ReportFile, ReportRecord } from '../../model/report.ts';
import type { MailModel } from './mail-model.ts';
import type { PrintedClass, PrintedPart } from '../content/sections.ts';

// Mails of every kind that there are, so that templates and texts can be tried before a real one needs them.

const TIME = '2026-01-05T12:00:00Z';
/** Numbers that languages say in different ways. */
const COUNTS = [1, 2, 5, 1_000_000] as const;
const SOURCES = [
  { source: '192.0.2.1', mark: 'test' },
  { source: 'host.example.org', mark: 'redirected' },
  { source: '-', mark: undefined },
] as const;

/** Sample mails for one reader: both types, all marks and kinds of source, with everything a mail can have, and with almost nothing. */
export function* sampleModels(settings: MailModel['settings']): Generator<MailModel> {
  for (const count of COUNTS) {
    for (const { source, mark } of SOURCES) {
      for (const type of ['summary', 'extra'] as const) {
        const common = { settings, sources: count, mark, subject: undefined, summaryMailed: true };
        const rich = record(type, source, count);
        yield {
          ...common,
          record: rich,
          printed: { regular: part('regular', count), relapsed: part('relapsed', count) },
          events: { regular: count, relapsed: count },
          chart: { alt: 'chart', width: 400, height: 300 },
        };
        const bare: MailModel['record'] = {
          ...rich,
          files: [],
          filter_faults: [],
          extra_left_out: 0,
          flag_testdata: mark !== undefined,
        };
        delete bare.dt_cut_from;
        const none: PrintedPart = { classes: [], classesLeftOut: 0 };
        yield {
          ...common,
          record: bare,
          printed: { regular: none, relapsed: part('relapsed', count) },
          events: { regular: 0, relapsed: count },
          chart: undefined,
          summaryMailed: false,
        };
      }
    }
  }
}

function part(name: Part, count: number): PrintedPart {
  const entry = {
    first_time: TIME,
    last_time: TIME,
    event_count: count,
    ...(name === 'relapsed' ? { reference: 'M20251231EL-KLMNO' } : {}),
    detector_data: Object.fromEntries(
      Array.from({ length: 6 + Math.min(count, 5) }, (_, i) => [i === 0 ? '-' : `detector-${i}`, DETECTOR]),
    ),
  };
  const classes = ['attempt-login-ssh', 'recon-scanning', 'a-kind-that-nobody-knows'].map(
    (kind): PrintedClass => ({
      name: kind,
      events: count,
      sources: 1 + count,
      printed: [{ source: '192.0.2.1', entry, continues: name === 'regular' && kind === 'recon-scanning' }],
    }),
  );
  return { classes, classesLeftOut: count };
}

const DETECTOR = {
  main_numeric_data: { ConnCount: 3 },
  main_list_data: { Description: { values: ['one', 'two', 'three', 'four'] } },
  source_numeric_data: {},
  source_list_data: { Port: { values: [22], left_out: 1, at_least: true } },
  target_numeric_data: {},
  target_list_data: { Port: { values: [22, 80], left_out: 5 } },
};

function record(type: ReportRecord['type'], source: string, count: number): MailModel['record'] {
  return {
    label: 'M20260106SL-ABCDE',
    type,
    severity: 'low',
    group: 'abuse@example.org',
    track: 'live',
    parent: type === 'extra' ? 'M20260106SL-FGHIJ' : null,
    children: [],
    source: type === 'extra' ? source : null,
    run: 'sample',
    createtime: TIME,
    dt_cut_from: TIME,
    dt_from: TIME,
    dt_to: TIME,
    delta: 0,
    evcount_rep: 2 * count,
    flag_testdata: false,
    flag_mailed: true,
    mail_to: [],
    message_id: '<M20260106SL-ABCDE@example.org>',
    statistics: {
      cnt_alerts: count,
      cnt_events: count,
      cnt_recurring: 0,
      cnt_unique: count,
      classes: { 'attempt-login-ssh': count, 'a-kind-that-nobody-knows': 1 },
    },
    timeline: {
      width: 60,
      regular: { [TIME]: count, '2026-01-05T12:01:00Z': 1 },
      relapsed: { '2026-01-04T12:00:00Z': count },
    },
    filtering: {},
    filter_faults: Array.from(
      { length: Math.min(count, 5) },
      () => 'filter "one", column 1: a value is missing',
    ),
    structured_data: { timezone: 'UTC', regular: {}, relapsed: {}, entries_left_out: 0 },
    extra_left_out: count,
    files: FILES.map((file) => ({ ...file, events: file.events + count })),
  };
}

const FILES: readonly ReportFile[] = [
  ...(['json', 'csv'] as const).flatMap((kind): ReportFile[] => [
    { name: `M.${kind}`, kind, size: 12_345_678, events: 3, attached: false, left_out: 'cut' },
    { name: `M.cut.${kind}`, kind, size: 1234, events: 0, attached: true, cut_of: `M.${kind}` },
  ]),
  ...(['json', 'csv', 'xarf'] as const).flatMap((kind): ReportFile[] => [
    { name: `M.whole.${kind}`, kind, size: 12, events: 0, attached: true },
    { name: `M.big.${kind}`, kind, size: 12_345_678, events: 0, attached: false, left_out: 'too-big' },
  ]),
];
