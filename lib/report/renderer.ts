import type { Settings } from '../model/group.ts';
import { inLanguage, type Catalogue } from './catalogue.ts';
import { Locales } from './locale.ts';
import type { MailModel } from './mail-model.ts';
import { mailView } from './mail-view.ts';
import type { ReportOptions } from './options.ts';
import { cutText, manyLines, oneLine } from './plain.ts';
import { shippedPath } from './shipped.ts';
import { sourceKind } from './source-kind.ts';
import { Templates } from './template.ts';
import { Words } from './words.ts';

/** Characters of a kind of problem, and of a source, that a subject shows. */
const SUBJECT_PROBLEM = 80;
const SUBJECT_SOURCE = 60;
/** Mails of test runs, redirected ones, and such about test events. */
const TEST_MARK = '[TEST]';

export interface Renderer {
  /** Subject and text of a mail. Throws a UserError that names the template, text or zone at fault. */
  render(model: MailModel): { readonly subject: string; readonly text: string };
  /** Throws a UserError when mails cannot be made with these settings. */
  check(settings: Pick<Settings, 'template' | 'locale' | 'timezone'>): void;
}

/** Reads templates and locales: the operator's templates, then the shipped ones. */
export function createRenderer(
  options: Pick<ReportOptions, 'templatesDir' | 'templateVars'>,
  catalogue: Catalogue,
): Renderer {
  const shipped = shippedPath('templates');
  const templates = new Templates(
    options.templatesDir === undefined ? [shipped] : [options.templatesDir, shipped],
  );
  const locales = new Locales(shippedPath('locales'));
  const known = new Map<string, Words>();

  const wordsFor = ({ locale, timezone }: Pick<Settings, 'locale' | 'timezone'>): Words => {
    const key = `${locale} ${timezone}`;
    let words = known.get(key);
    if (words === undefined) known.set(key, (words = new Words(locales.translate(locale), locale, timezone)));
    return words;
  };

  return {
    render(model) {
      const words = wordsFor(model.settings);
      const view = mailView(model, catalogue, words, options.templateVars);
      const text = templates.render(templateName(model.settings.template, model.record.type), view);
      return { subject: subjectOf(model, problemOf(model, catalogue), words), text: tidy(text) };
    },
    check(settings) {
      wordsFor(settings);
      for (const type of ['summary', 'extra'] as const) templates.text(templateName(settings.template, type));
    },
  };
}

function templateName(template: string, type: MailModel['record']['type']): string {
  return `${template}.${type}.txt`;
}

/** `[label] Severity - what it is about`, marked when it is no real report or goes elsewhere. */
function subjectOf({ record, mark, subject }: MailModel, problem: string | undefined, words: Words): string {
  const test = mark !== undefined || record.flag_testdata ? `${TEST_MARK} ` : '';
  if (subject !== undefined) return oneLine(test + subject);
  const severity = words.t(`severity.${record.severity}.title`);
  const about = words.t(`subject.${problem === undefined ? record.type : `${record.type}_problem`}`, {
    problem: cutText(problem ?? '', SUBJECT_PROBLEM),
    source: cutText(words.source(record.source ?? ''), SUBJECT_SOURCE),
    context: record.source === null ? undefined : sourceKind(record.source),
  });
  return oneLine(`[${record.label}] ${test}${severity} - ${about}`);
}

/** The kind of problem that all entries of a mail are of, when it is one and known. */
function problemOf({ printed, settings }: MailModel, catalogue: Catalogue): string | undefined {
  const parts = Object.values(printed);
  const labels = new Set(
    parts.flatMap(({ classes }) =>
      classes.map(({ name }) => inLanguage(catalogue.find(name)?.label, settings.locale)),
    ),
  );
  const [label] = labels;
  return labels.size === 1 && parts.every((part) => part.classesLeftOut === 0) ? label : undefined;
}

/** No control characters, no blanks at ends of lines, no more than one empty line in a row. The line `-- ` keeps its blank: it begins a signature. */
function tidy(text: string): string {
  const lines = manyLines(text).split('\n');
  const trimmed = lines.map((line) => (line === '-- ' ? line : line.trimEnd())).join('\n');
  return `${trimmed.replace(/\n{3,}/g, '\n\n').trimEnd()}\n`;
}
