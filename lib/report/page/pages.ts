import { createHash } from 'node:crypto';
import type { Settings } from '../../model/group/group.ts';
import type { Catalogue } from '../render/catalogue.ts';
import { escapeHtml } from '../render/html.ts';
import { Locales } from '../render/locale.ts';
import type { ReportOptions } from '../options.ts';
import { foldersOf } from '../render/shipped.ts';
import { Templates } from '../render/template.ts';
import { Words } from '../render/words.ts';
import { indexPageView, type DayIndex, type TopIndex } from './index-view.ts';
import { reportPageView, type ReportPage } from './report-page.ts';

const TEMPLATES = ['page.report.html', 'page.index.html', 'page.head.html', 'page.css', 'page.js'];

/** Who reads a page. */
export type PageReader = Pick<Settings, 'locale' | 'timezone'>;

/** Makes HTML pages: each is one file that needs nothing else, and whose policy lets nothing else in. */
export interface Pages {
  /** Throws a UserError that names the template, text or zone at problem. */
  report(page: ReportPage, reader: PageReader): Promise<string>;
  index(index: DayIndex | TopIndex, reader: PageReader): string;
  /** Throws a UserError when a template is missing or invalid. */
  check(): void;
}

/** Reads templates and texts: the operator's, then the shipped ones. */
export function createPages(
  options: Pick<ReportOptions, 'templatesDir' | 'localesDir'>,
  catalogue: Catalogue,
): Pages {
  const templates = new Templates(foldersOf(options.templatesDir, 'templates'));
  const locales = new Locales(foldersOf(options.localesDir, 'locales'));
  // Nothing on a page is a link but what we made one: text out of events can stand as it is.
  const wordsFor = ({ locale, timezone }: PageReader): Words =>
    new Words(locales.translate(locale), { locale, timezone, defang: 'none' });

  const render = (name: string, view: Record<string, unknown>, words: Words, locale: string): string => {
    const script = templates.text('page.js').trim();
    const all = {
      ...view,
      lang: locale,
      script,
      // The one script of the page, named by what is in it: no text that got into the page could run as another.
      script_hash: `sha256-${createHash('sha256').update(script).digest('base64')}`,
      t: () => (key: string, inner: (text: string) => string) => escapeHtml(words.t(inner(key).trim())),
    };
    return templates.render(name, all, escapeHtml);
  };

  return {
    async report(page, reader) {
      const words = wordsFor(reader);
      const view = await reportPageView(page, catalogue, words, reader.locale);
      return render('page.report.html', view, words, reader.locale);
    },
    index(index, reader) {
      const words = wordsFor(reader);
      return render('page.index.html', indexPageView(index, words), words, reader.locale);
    },
    check() {
      for (const name of TEMPLATES) templates.text(name);
    },
  };
}
