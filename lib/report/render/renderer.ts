import { makesExtras, type Settings } from '../../model/group/group.ts';
import type { ReportRecord, ReportType } from '../../model/report.ts';
import { UserError } from '../../model/user-error.ts';
import { inLanguage, type Catalogue } from './catalogue.ts';
import { chartModel, type ChartModel } from '../chart/model.ts';
import { escapeHtml } from './html.ts';
import { Locales } from './locale.ts';
import type { MailModel } from './mail-model.ts';
import { mailView, type Form } from './mail-view.ts';
import type { ReportOptions } from '../options.ts';
import { cutText, manyLines, oneLine } from './plain.ts';
import { sampleModels } from './sample-models.ts';
import { foldersOf } from './shipped.ts';
import type { MadeSources } from './section-view.ts';
import { sourceKind } from '../content/source-kind.ts';
import { Templates } from './template.ts';
import { Words, type Reader } from './words.ts';

/** Characters of a kind of problem, and of a source, that a subject shows. */
const SUBJECT_PROBLEM = 80;
const SUBJECT_SOURCE = 60;
/** Events of one source from which on a picture says more than the list of them; most sources have fewer, and drawing takes 20 ms. */
const EXTRA_EVENTS = 20;
/** Mails of test runs, redirected ones, and such about test events. */
const TEST_MARK = '[TEST]';

export type MailSettings = Pick<Settings, 'template'> & Reader;

/** What is checked beforehand: a template for extra reports is needed only where there are any. */
export type CheckedSettings = MailSettings & Pick<Settings, 'mode'>;

export interface RenderedMail {
  readonly subject: string;
  readonly text: string;
  /** Undefined when the template has none, see {@link Templates.htmlFor}. */
  readonly html: string | undefined;
}

export interface Renderer {
  /** Subject and bodies of a mail. Throws a UserError that names the template, text or zone at problem. */
  render(model: MailModel): RenderedMail;
  /** What a picture in the mail would show; undefined when there is none to show, or no HTML to show it in. */
  chart(record: ChartRecord, settings: MailSettings): ChartModel | undefined;
  /**
   * Renders every kind of mail that the mode asks for once with these settings. Throws a UserError when that fails: a template or text is
   * missing, or names what does not exist. Returns what is not wrong but should be known, a line each.
   */
  check(settings: CheckedSettings): readonly string[];
}

type ChartRecord = Pick<ReportRecord, 'type' | 'timeline' | 'statistics'>;

type Options = Pick<ReportOptions, 'templatesDir' | 'localesDir' | 'templateVars' | 'mailFormat'>;

/** Reads templates and texts: the operator's, then the shipped ones. */
export function createRenderer(options: Options, catalogue: Catalogue): Renderer {
  return new MailRenderer(options, catalogue);
}

class MailRenderer implements Renderer {
  readonly #options: Options;
  readonly #catalogue: Catalogue;
  readonly #templates: Templates;
  readonly #locales: Locales;
  readonly #known = new Map<string, Words>();
  readonly #checked = new Map<string, readonly string[] | UserError>();

  constructor(options: Options, catalogue: Catalogue) {
    this.#options = options;
    this.#catalogue = catalogue;
    this.#templates = new Templates(foldersOf(options.templatesDir, 'templates'));
    this.#locales = new Locales(foldersOf(options.localesDir, 'locales'));
  }

  render(model: MailModel): RenderedMail {
    const words = this.#wordsFor(model.settings);
    const title = titleOf(model, this.#catalogue, words);
    const headline = { subject: subjectOf(model, title, words), title };
    const made: MadeSources = new Map();
    const view = (form: Form): Record<string, unknown> =>
      mailView(model, this.#catalogue, words, { vars: this.#options.templateVars, form, headline, made });
    const name = textTemplate(model.settings.template, model.record.type);
    const html = this.#htmlTemplate(name);
    return {
      subject: headline.subject,
      text: tidy(this.#templates.render(name, view('text'))),
      html:
        html === undefined ? undefined : manyLines(this.#templates.render(html, view('html'), escapeHtml)),
    };
  }

  chart(record: ChartRecord, settings: MailSettings): ChartModel | undefined {
    if (this.#options.mailFormat !== undefined && this.#options.mailFormat !== 'chart') return undefined;
    if (record.type === 'extra' && record.statistics.cnt_events < EXTRA_EVENTS) return undefined;
    const name = textTemplate(settings.template, record.type);
    if (this.#htmlTemplate(name) === undefined) return undefined;
    return chartModel(record, settings.locale, this.#catalogue, this.#wordsFor(settings));
  }

  check(settings: CheckedSettings): readonly string[] {
    const { template, locale, timezone, defang, mode } = settings;
    const types: readonly ReportType[] = makesExtras(mode) ? ['summary', 'extra'] : ['summary'];
    const key = JSON.stringify([template, locale, timezone, defang, types]);
    let checked = this.#checked.get(key);
    if (checked === undefined) this.#checked.set(key, (checked = this.#tried(settings, types)));
    if (checked instanceof UserError) throw checked;
    return checked;
  }

  #tried(settings: MailSettings, types: readonly ReportType[]): readonly string[] | UserError {
    try {
      return this.#try(settings, types);
    } catch (error) {
      if (error instanceof UserError) return error;
      throw error;
    }
  }

  #try(settings: MailSettings, types: readonly ReportType[]): readonly string[] {
    for (const model of sampleModels(settings)) {
      if (!types.includes(model.record.type)) continue;
      this.render(model);
      this.chart(model.record, settings);
    }
    if (this.#options.mailFormat === 'text') return [];
    return types
      .map((type) => textTemplate(settings.template, type))
      .filter((name) => this.#htmlTemplate(name) === undefined)
      .map(
        (name) => `mails of template ${name} go as text only: there is no HTML template that says the same`,
      );
  }

  #htmlTemplate(name: string): string | undefined {
    return this.#options.mailFormat === 'text' ? undefined : this.#templates.htmlFor(name);
  }

  #wordsFor(reader: Reader): Words {
    const key = JSON.stringify([reader.locale, reader.timezone, reader.defang]);
    let words = this.#known.get(key);
    if (words === undefined)
      this.#known.set(key, (words = new Words(this.#locales.translate(reader.locale), reader)));
    return words;
  }
}

function textTemplate(template: string, type: ReportType): string {
  return `${template}.${type}.txt`;
}

/** What a mail is about, in one line. */
function titleOf(model: MailModel, catalogue: Catalogue, words: Words): string {
  const { record } = model;
  const problem = problemOf(model, catalogue);
  return oneLine(
    words.t(`subject.${problem === undefined ? record.type : `${record.type}_problem`}`, {
      problem: cutText(problem ?? '', SUBJECT_PROBLEM),
      source: cutText(words.source(record.source ?? ''), SUBJECT_SOURCE),
      context: record.source === null ? undefined : sourceKind(record.source),
    }),
  );
}

/** `[label] Severity - what it is about`, marked when it is no real report or goes elsewhere. */
function subjectOf({ record, mark, subject }: MailModel, title: string, { t }: Words): string {
  const test = mark !== undefined || record.flag_testdata ? `${TEST_MARK} ` : '';
  if (subject !== undefined) return oneLine(test + subject);
  return oneLine(`[${record.label}] ${test}${t(`severity.${record.severity}.title`)} - ${title}`);
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
