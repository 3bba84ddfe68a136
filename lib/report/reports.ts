import type { PlacedEntry, ReportRecord } from '../model/report.ts';
import type { Scratch } from '../scratch/port.ts';
import { loadCatalogue, type Catalogue } from './render/catalogue.ts';
import { chartPicture } from './chart/picture.ts';
import { chartHeight, WIDTH } from './chart/size.ts';
import { pathOfFile, removeFiles, writeFiles, type Placed } from './files/files.ts';
import { labelOf, type ReportIdentity } from './content/label.ts';
import type { ReportOptions } from './options.ts';
import { extraOutline, summaryOutline } from './content/outline.ts';
import { CHART_ID } from './render/mail-view.ts';
import { withPictures } from './page/mail-html.ts';
import { createPages, type PageReader, type Pages } from './page/pages.ts';
import { entryParts } from './content/placed-entries.ts';
import { draftRecord, type Outline } from './content/record.ts';
import { createRenderer, type Renderer } from './render/renderer.ts';
import type { PreparedReport, ReportRequest, Reports } from './request.ts';
import { chooseSections } from './content/sections.ts';
import { Thread } from './content/thread.ts';
import { writeFileWhole } from './files/write-file.ts';
import type { XarfDocuments, XarfOrder } from './xarf/documents.ts';
import { loadTypeMap } from './xarf/type-map.ts';

export type { PreparedReport, ReportRequest, Reports } from './request.ts';

export interface ReportsDeps {
  /** The installation's secret. */
  readonly secret: Uint8Array;
  /** True when a live report bears the label. */
  taken(label: string): Promise<boolean>;
  /** One that reads the operator's and the shipped templates, texts and event classes when not given. */
  readonly renderer?: Renderer;
}

/** From this number of labels on the oldest are dropped. */
const LABELS = 1000;

export function createReports(options: ReportOptions, deps: ReportsDeps): Reports {
  const catalogue = loadCatalogue(options.eventClasses);
  return new ReportMaker(options, deps, catalogue, deps.renderer ?? createRenderer(options, catalogue));
}

class ReportMaker implements Reports {
  readonly #options: ReportOptions;
  readonly #deps: ReportsDeps;
  readonly #catalogue: Catalogue;
  readonly #renderer: Renderer;
  /**
   * Labels that the store may not know yet, with their identities: those of the two lanes in progress and some of earlier lanes. All labels
   * of a run would fill its memory.
   */
  #issued = new Map<string, string>();
  #issuedBefore = new Map<string, string>();
  /** Created at the first use. */
  #pages: Pages | undefined;
  #xarf: Pick<XarfOrder, 'parties' | 'types'> | undefined;

  constructor(options: ReportOptions, deps: ReportsDeps, catalogue: Catalogue, renderer: Renderer) {
    this.#options = options;
    this.#deps = deps;
    this.#catalogue = catalogue;
    this.#renderer = renderer;
  }

  async *prepare(request: ReportRequest, scratch: Scratch): AsyncGenerator<PreparedReport, void, undefined> {
    const { maxExtraReports, reportMaxSources } = this.#options;
    const { wanted, lane } = request;
    this.#forgetLabels();
    const extras = wanted.extras ? scratch.largestSources(lane.number, maxExtraReports) : [];
    const label = await this.#label(request, 'summary', null);
    const children: string[] = [];
    for (const { source } of extras) children.push(await this.#label(request, 'extra', source));

    const unfinished: { label: string; files: readonly Placed[] }[] = [];
    const make = async (outline: Outline): Promise<PreparedReport> => {
      const report = await this.#make(request, scratch, outline);
      const page = report.page === undefined ? [] : [{ path: report.page }];
      unfinished.push({ label: outline.label, files: [...report.files, ...page] });
      return report;
    };
    try {
      yield await make(summaryOutline(request, scratch, { label, children }, reportMaxSources));
      for (const [i, { source }] of extras.entries()) {
        yield await make(extraOutline(request, scratch, { label: children[i]!, parent: label }, source));
      }
      unfinished.length = 0;
    } finally {
      for (const { label, files } of unfinished) await this.#removeUnlessTaken(label, files);
    }
  }

  /**
   * Deletes files unless a live report has the label: then another reporter processed the same lane, and the files belong to that report.
   * An error is ignored, because it follows one that matters more and the files are overwritten when the lane is processed again.
   */
  async #removeUnlessTaken(label: string, files: readonly Placed[]): Promise<void> {
    try {
      if (!(await this.#deps.taken(label))) await removeFiles(files);
    } catch {
      // See the docstring.
    }
  }

  async #label(request: ReportRequest, type: ReportIdentity['type'], source: string | null): Promise<string> {
    const { lane, track } = request;
    const identity: ReportIdentity = {
      track,
      group: lane.group.name,
      severity: lane.severity,
      from: lane.window.from,
      to: lane.window.to,
      type,
      source,
      run: request.adHoc ? request.run : null,
    };
    const meaning = JSON.stringify(identity);
    for (let n = 0; ; n++) {
      const label = labelOf(this.#deps.secret, identity, n);
      const owner = this.#issued.get(label) ?? this.#issuedBefore.get(label);
      if (owner === meaning) return label;
      if (owner === undefined && (await this.#reserve(label, meaning))) return label;
    }
  }

  /** When a lane begins, the last but one has ended: the store knows its labels, or they are free again. */
  #forgetLabels(): void {
    if (this.#issued.size < LABELS) return;
    this.#issuedBefore = this.#issued;
    this.#issued = new Map();
  }

  /** Reserves a label before asking the store, because another lane may ask for the same one. */
  async #reserve(label: string, meaning: string): Promise<boolean> {
    this.#issued.set(label, meaning);
    let taken = true;
    try {
      taken = await this.#deps.taken(label);
    } finally {
      if (taken) this.#issued.delete(label);
    }
    return !taken;
  }

  /** @returns where it lies */
  async #writePage(
    record: ReportRecord,
    parts: Iterable<string>,
    mail: string | undefined,
    reader: PageReader,
  ): Promise<string> {
    this.#pages ??= createPages(this.#options, this.#catalogue);
    const page = { record, entries: entriesIn(parts), html: mail, beside: true };
    const html = await this.#pages.report(page, reader);
    const path = pathOfFile(this.#options.reportsDir, Date.parse(record.dt_to), `${record.label}.html`);
    await writeFileWhole(path, [html]);
    return path;
  }

  /** The X-ARF documents of an extra report whose group wants them. */
  async #xarfOf(
    { lane }: ReportRequest,
    scratch: Scratch,
    { label, source }: Outline,
  ): Promise<XarfDocuments> {
    const { xarf } = this.#options;
    if (source === null || xarf === undefined || !lane.group.settings.xarf)
      return { documents: [], leftOut: 0 };
    this.#xarf ??= {
      parties: xarf.parties(),
      types: loadTypeMap(xarf.typesFile),
    };
    const { xarfDocuments } = await import('./xarf/documents.ts');
    return xarfDocuments({
      ...this.#xarf,
      catalogue: this.#catalogue,
      label,
      severity: lane.severity,
      source,
      events: scratch.events(lane.number, source),
    });
  }

  /** Writes the files, then the text that names them. */
  async #make(request: ReportRequest, scratch: Scratch, outline: Outline): Promise<PreparedReport> {
    const { lane, wanted } = request;
    const { settings } = lane.group;
    const only = outline.source ?? undefined;
    const chart = outline.mailed ? this.#renderer.chart(outline, settings) : undefined;
    // Drawn while files are written. An error is thrown when the picture is awaited.
    const drawing = chart === undefined ? undefined : chartPicture(chart);
    drawing?.catch(() => undefined);
    const xarf = await this.#xarfOf(request, scratch, outline);
    const thread =
      only === undefined ? Thread.none : await Thread.of(scratch.places(lane.number, only), request.earlier);
    const entriesOf = (numbers?: ReadonlySet<number>) =>
      thread.marked(scratch.entries(lane.number, only, numbers));
    const files = await writeFiles({
      reportsDir: this.#options.reportsDir,
      label: outline.label,
      day: lane.window.to,
      settings,
      mailed: outline.mailed,
      count: outline.events.regular + outline.events.relapsed,
      events: () => scratch.events(lane.number, only),
      documents: xarf.documents,
    });
    try {
      const written = files.map(({ file }) => file);
      const largestEntries = thread.marked(outline.largestEntries);
      const draft = draftRecord(
        request,
        { ...outline, largestEntries },
        written,
        this.#options.reportMaxSources,
      );
      if (xarf.leftOut > 0) draft.xarf_left_out = xarf.leftOut;
      const { subject, text, html } = this.#renderer.render({
        record: draft,
        settings,
        printed: chooseSections(() => scratch.places(lane.number, only), entriesOf),
        events: outline.events,
        sources: outline.sources,
        summaryMailed: wanted.mailSummary,
        mark: wanted.mark,
        chart: chart === undefined ? undefined : { alt: chart.alt, width: WIDTH, height: chartHeight(chart) },
        subject: wanted.subject,
      });
      const record = { ...draft, subject, message: text };
      const parts = (): Iterable<string> => entryParts(entriesOf());
      const picture = await drawing;
      const pictures = picture === undefined ? [] : [{ id: CHART_ID, bytes: picture }];
      const mail = html === undefined ? undefined : withPictures(html, pictures);
      const page =
        this.#options.pages === true ? await this.#writePage(record, parts(), mail, settings) : undefined;
      return { record, references: thread.references, html, chart: picture, files, page, entryParts: parts };
    } catch (error) {
      await this.#removeUnlessTaken(outline.label, files);
      throw error;
    }
  }
}

function* entriesIn(parts: Iterable<string>): Iterable<PlacedEntry> {
  for (const part of parts) yield* JSON.parse(part) as PlacedEntry[];
}
