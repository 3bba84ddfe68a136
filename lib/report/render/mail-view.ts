import { dayOf } from '../../model/time.ts';
import type { Catalogue } from './catalogue.ts';
import { placeOfFile } from '../files/files.ts';
import { escapeHtml } from './html.ts';
import { DOUBLE_RULE, INDENT, RULE, wrap } from './layout.ts';
import type { MailModel } from './mail-model.ts';
import { cutText, oneLine } from './plain.ts';
import { SectionViews, type MadeSources, type PartView, type Room } from './section-view.ts';
import { sourceKind } from '../content/source-kind.ts';
import type { Row, Words } from './words.ts';

// What templates of mails can use. Every name is always there; what a mail does not have is null, false or an empty list.

/** Variables that templates may use without the operator having to set them, and what each means. */
export const KNOWN_VARS = {
  team: 'who writes: stands at the end of a mail',
  team_url: 'page of the team',
  contact_email: 'whom an answer reaches',
  admin_email: 'whom to inform of problems of the reporter',
  report_access_url: 'where reports can be seen; the label of a report and /unauth follow it',
} as const;
const OPTIONAL_VARS: Readonly<Record<string, null>> = Object.fromEntries(
  Object.keys(KNOWN_VARS).map((name) => [name, null]),
);
/** Problems of filters that are printed, and how many characters of each. */
const PROBLEMS = 20;
const PROBLEM_LIMIT = 400;

/** A remark, and lines that belong to it. */
interface Note {
  readonly note: string;
  readonly lines: readonly string[];
}

type Lambda = (text: string, render: (text: string) => string) => string;

/** What a mail is written in: its parts say the same, each in its own way. */
export type Form = 'text' | 'html';

const ROOM: Readonly<Record<Form, Room>> = {
  text: { characters: 400_000, rowCost: ({ text }) => text.length, sourceCost: 0 },
  // Big mail services cut what is longer than 102 kB; most of it is here.
  html: {
    characters: 68_000,
    rowCost: ({ label, value }) => label.length + value.length + 40,
    sourceCost: 300,
  },
};

/** What stands above everything else. */
export interface Headline {
  /** As the header has it. */
  readonly subject: string;
  /** What happened. */
  readonly title: string;
}

/** The content id of the picture within its mail. */
export const CHART_ID = 'chart@mentat-reporter';

/**
 * The view of a mail: facts, sections, notes, and the lambda `t` (text of a key). Text has the lambdas `p`, `hang` and `indent` (paragraphs),
 * too; in HTML what `t` gives is escaped.
 */
export function mailView(
  model: MailModel,
  catalogue: Catalogue,
  words: Words,
  {
    vars: templateVars,
    form,
    headline,
    made = new Map(),
  }: {
    readonly vars: Readonly<Record<string, unknown>>;
    readonly form: Form;
    readonly headline: Headline;
    readonly made?: MadeSources;
  },
): Record<string, unknown> {
  const { record, settings } = model;
  const vars: Record<string, unknown> = { ...OPTIONAL_VARS, ...templateVars };
  const contact = vars['contact_email'];
  const askable = typeof contact === 'string' && contact !== '';
  const sections = new SectionViews(model, catalogue, words, askable, ROOM[form], made);
  const [regular, relapsed] = [sections.part('regular'), sections.part('relapsed')];
  const accessUrl = vars['report_access_url'];
  const root: Record<string, unknown> = {
    ...headline,
    lang: settings.locale,
    label: record.label,
    type: record.type,
    severity: record.severity,
    severity_title: words.t(`severity.${record.severity}.title`),
    severity_short: words.t(`severity.${record.severity}.${record.flag_testdata ? 'test' : 'short'}`),
    group: oneLine(record.group),
    source: record.source === null ? null : words.source(record.source),
    source_kind: record.source === null ? null : sourceKind(record.source),
    parent: model.summaryMailed ? record.parent : null,
    mark: model.mark ?? null,
    test_data: record.flag_testdata,
    facts: facts(model, words, form),
    chart: model.chart === undefined ? null : { ...model.chart, cid: CHART_ID },
    kinds: kinds(regular, relapsed),
    todo: record.flag_testdata ? null : onlyAdvice(regular, relapsed),
    regular,
    relapsed,
    notes: notes(model, words),
    attached: attached(model, words),
    contact,
    url: typeof accessUrl === 'string' && accessUrl !== '' ? `${accessUrl}${record.label}/unauth` : null,
    vars,
    rule: RULE,
    double_rule: DOUBLE_RULE,
  };
  return { ...root, ...lambdas(root, words, form) };
}

/** Every kind of problem in a line: what an overview is made of; empty when there is one only. */
function kinds(...parts: readonly (PartView | null)[]): unknown[] {
  const rows = parts.flatMap((part) => part?.classes ?? []);
  return rows.length < 2
    ? []
    : rows.map(({ heading, state, state_name, source_count, event_count }) => ({
        heading,
        state,
        state_name,
        source_count,
        event_count,
      }));
}

/** The advice of the one kind of problem that there is; null where it has none, or there are more: then it stands with each. */
function onlyAdvice(...parts: readonly (PartView | null)[]): string | null {
  const present = parts.filter((part) => part !== null);
  const [first, ...others] = present.flatMap(({ classes }) => classes);
  if (first === undefined || present.some(({ more }) => more !== null)) return null;
  return others.every(({ name }) => name === first.name) ? first.advice : null;
}

/** In HTML the severity stands in the heading. */
function facts({ record, events, sources }: MailModel, words: Words, form: Form): Row[] {
  const { t, time } = words;
  const severity = `severity.${record.severity}.${record.flag_testdata ? 'test' : 'short'}`;
  const rows = form === 'html' ? [] : [words.row(t('fact.severity'), t(severity))];
  if (record.source === null) rows.push(words.row(t('fact.sources'), words.number(sources)));
  else rows.push(words.row(t('fact.source'), words.source(record.source)));
  if (events.regular > 0) {
    rows.push(words.row(t('fact.regular'), words.number(events.regular)));
    // Of continuing events the window says nothing: they came earlier.
    rows.push(words.row(t('fact.from'), time(Date.parse(record.dt_from))));
    rows.push(words.row(t('fact.to'), time(Date.parse(record.dt_to))));
  }
  if (events.relapsed > 0) rows.push(words.row(t('fact.relapsed'), words.number(events.relapsed)));
  return rows;
}

function notes({ record }: MailModel, words: Words): Note[] {
  const { t, time } = words;
  const found: Note[] = [];
  if (record.dt_cut_from !== undefined) {
    const span = { from: time(Date.parse(record.dt_cut_from)), to: time(Date.parse(record.dt_from)) };
    found.push({ note: t('note.cut', span), lines: [] });
  }
  if (record.filter_faults.length > 0) {
    const lines = record.filter_faults
      .slice(0, PROBLEMS)
      .map((problem) => cutText(oneLine(problem), PROBLEM_LIMIT));
    found.push({ note: t('note.filters', { count: record.filter_faults.length }), lines });
  }
  if (record.extra_left_out > 0) {
    found.push({ note: t('summary.extra_left_out', { count: record.extra_left_out }), lines: [] });
  }
  const { xarf_left_out: withoutXarf = 0 } = record;
  if (withoutXarf > 0) found.push({ note: t('note.xarf_left_out', { count: withoutXarf }), lines: [] });
  return [...found, ...fileNotes(record, words).map((note) => ({ note, lines: [] }))];
}

/** What the mail does not carry, and where it lies. Of X-ARF documents there may be many: one note is for all of them. */
function fileNotes({ files, label, dt_to: to }: MailModel['record'], words: Words): string[] {
  const leftOut = files.filter((file) => file.left_out !== undefined);
  const documents = leftOut.filter((file) => file.kind === 'xarf');
  const folder = dayOf(Date.parse(to));
  const values = { count: documents.length, label, folder };
  const together = documents.length > 1 ? [words.t('note.xarf_too_big', values)] : [];
  const alone = leftOut
    .filter((file) => documents.length < 2 || file.kind !== 'xarf')
    .map((file) => {
      const copy = files.find((other) => other.cut_of === file.name);
      const values = {
        name: file.name,
        size: words.size(file.size),
        label,
        path: placeOfFile(Date.parse(to), file.name),
      };
      if (copy === undefined) return words.t('note.too_big', values);
      return words.t('note.file_cut', {
        ...values,
        copy: copy.name,
        all: words.number(file.events),
        count: file.events - copy.events,
      });
    });
  return [...alone, ...together];
}

function attached({ record }: MailModel, words: Words): string[] {
  return record.files
    .filter((file) => file.attached)
    .map((file) => {
      const key = file.cut_of === undefined ? file.kind : `${file.kind}_cut`;
      return words.t(`attached.${key}`, { name: file.name, size: words.size(file.size), count: file.events });
    });
}

/**
 * `t` sees the values of the innermost section, then those of the mail. Texts that speak of a source have a form for each of its kinds
 * (`_named`, `_unnamed`; an address is the plain one).
 */
function lambdas(
  root: Readonly<Record<string, unknown>>,
  words: Words,
  form: Form,
): Record<string, (this: unknown) => Lambda> {
  const t = function (this: unknown): Lambda {
    const values = { ...plainValues(root), ...plainValues(this), context: root['source_kind'] };
    const write = form === 'html' ? escapeHtml : (text: string) => text;
    return (text, render) => write(words.t(render(text).trim(), values));
  };
  if (form === 'html') return { t };
  return {
    t,
    p: () => (text, render) => wrap(render(text)),
    hang: () => (text, render) => wrap(render(text), '', INDENT),
    indent: () => (text, render) => wrap(render(text), ' '.repeat(INDENT)),
  };
}

function plainValues(view: unknown): Record<string, unknown> {
  if (typeof view !== 'object' || view === null) return {};
  return Object.fromEntries(
    Object.entries(view).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
  );
}
