import { clean } from '../model/clean.ts';
import type { RawEvent } from '../model/event.ts';
import type { Part, PlacedEntry, ReportRecord, Statistics } from '../model/report.ts';
import { formatInstant } from '../model/time.ts';
import type { Scratch, SourceCount } from '../scratch/port.ts';
import { loadCatalogue } from './catalogue.ts';
import { removeFiles, writeFiles } from './files.ts';
import { labelOf, messageId, type ReportIdentity } from './label.ts';
import type { ReportOptions } from './options.ts';
import { entryParts, recordEntries } from './placed-entries.ts';
import { createRenderer, type Renderer } from './renderer.ts';
import type { PreparedReport, ReportRequest, Reports } from './request.ts';
import { chooseSections } from './sections.ts';
import { statisticsOf, Tally } from './statistics.ts';

export type { PreparedReport, ReportRequest, Reports } from './request.ts';

export interface ReportsDeps {
  /** The installation's secret. */
  readonly secret: Uint8Array;
  /** True when a live report bears the label. */
  taken(label: string): Promise<boolean>;
  /** One that reads the operator's and the shipped templates, texts and event classes when not given. */
  readonly renderer?: Renderer;
}

/** Values of one dimension that the statistics of an extra report count exactly. */
const EXTRA_VALUES = 20_000;

export function createReports(options: ReportOptions, deps: ReportsDeps): Reports {
  return new ReportMaker(options, deps);
}

/** What the summary and the extra reports of a lane differ in. */
interface Subject {
  readonly label: string;
  readonly type: ReportRecord['type'];
  readonly parent: string | null;
  readonly children: string[];
  readonly source: string | null;
  readonly mailed: boolean;
  readonly counts: Pick<ReportRecord, 'evcount_rep' | 'evcount_all'>;
  readonly statistics: Statistics;
  readonly events: Readonly<Record<Part, number>>;
  readonly sources: number;
  readonly extraLeftOut: number;
  readonly limit: Iterable<PlacedEntry>;
  readonly entryCount: number;
}

class ReportMaker implements Reports {
  readonly #options: ReportOptions;
  readonly #deps: Omit<ReportsDeps, 'renderer'>;
  readonly #renderer: Renderer;
  /** Labels of this process with what they stand for: a lane that is done again gets its own ones again. */
  readonly #issued = new Map<string, string>();

  constructor(options: ReportOptions, deps: ReportsDeps) {
    this.#options = options;
    this.#deps = deps;
    this.#renderer = deps.renderer ?? createRenderer(options, loadCatalogue());
  }

  async *prepare(request: ReportRequest, scratch: Scratch): AsyncGenerator<PreparedReport, void, undefined> {
    const { wanted, lane } = request;
    const extras = wanted.extras ? scratch.largestSources(lane.number, this.#options.maxExtraReports) : [];
    const label = await this.#label(request, 'summary', null);
    const children: string[] = [];
    for (const { source } of extras) children.push(await this.#label(request, 'extra', source));
    yield await this.#make(request, scratch, this.#summary(request, scratch, label, children));
    for (const [i, extra] of extras.entries()) {
      yield await this.#make(request, scratch, this.#extra(request, scratch, label, children[i]!, extra));
    }
  }

  async discard(prepared: PreparedReport): Promise<void> {
    await removeFiles(prepared.files);
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
      const owner = this.#issued.get(label);
      if (owner === meaning) return label;
      if (owner !== undefined || (await this.#deps.taken(label))) continue;
      this.#issued.set(label, meaning);
      return label;
    }
  }

  #summary({ lane, wanted }: ReportRequest, scratch: Scratch, label: string, children: string[]): Subject {
    const { counts, number } = lane;
    const sources = scratch.countSources(number);
    return {
      label,
      type: 'summary',
      parent: null,
      children,
      source: null,
      mailed: wanted.mailSummary,
      counts,
      statistics: statisticsOf(counts.evcount_rep, {
        largestCounts: (dimension, limit) => scratch.largestCounts(number, dimension, limit),
      }),
      events: { regular: counts.evcount_thr, relapsed: counts.evcount_rlp },
      sources,
      extraLeftOut: wanted.extras ? sources - children.length : 0,
      limit: scratch.largestEntries(number, this.#options.reportMaxSources),
      entryCount: scratch.countEntries(number),
    };
  }

  #extra(
    { lane, wanted }: ReportRequest,
    scratch: Scratch,
    parent: string,
    label: string,
    { source }: SourceCount,
  ): Subject {
    const tally = new Tally(EXTRA_VALUES);
    const events = { regular: 0, relapsed: 0 };
    for (const { part, body } of scratch.events(lane.number, source)) {
      events[part]++;
      tally.add(clean(JSON.parse(body) as RawEvent));
    }
    let entryCount = 0;
    for (const entry of scratch.entries(lane.number, source)) entryCount += entry.source === source ? 1 : 0;
    const reported = events.regular + events.relapsed;
    return {
      label,
      type: 'extra',
      parent,
      children: [],
      source,
      mailed: wanted.mailExtra,
      counts: { evcount_rep: reported, evcount_all: lane.counts.evcount_rep },
      statistics: statisticsOf(reported, tally),
      events,
      sources: 1,
      extraLeftOut: 0,
      limit: scratch.entries(lane.number, source),
      entryCount,
    };
  }

  /** Writes the files, then the text that speaks of them. */
  async #make(request: ReportRequest, scratch: Scratch, subject: Subject): Promise<PreparedReport> {
    const { lane, wanted } = request;
    const { settings } = lane.group;
    const one = subject.source ?? undefined;
    const files = await writeFiles({
      reportsDir: this.#options.reportsDir,
      label: subject.label,
      day: lane.window.to,
      settings,
      mailed: subject.mailed,
      events: () => scratch.events(lane.number, one),
    });
    try {
      const record = this.#record(
        request,
        subject,
        files.map(({ file }) => file),
      );
      const { subject: subjectLine, text } = this.#renderer.render({
        record,
        settings,
        printed: chooseSections((source) => scratch.entries(lane.number, source ?? one)),
        events: subject.events,
        sources: subject.sources,
        mark: wanted.mark,
        subject: wanted.subject,
      });
      return {
        record: { ...record, subject: subjectLine, message: text },
        files,
        entryParts: () => entryParts(scratch.entries(lane.number, one)),
      };
    } catch (error) {
      await removeFiles(files);
      throw error;
    }
  }

  #record(
    request: ReportRequest,
    subject: Subject,
    files: ReportRecord['files'],
  ): Omit<ReportRecord, 'subject' | 'message'> {
    const { lane, wanted, track, run } = request;
    const { from, to, cutFrom } = lane.window;
    const { kept, regular, relapsed } = recordEntries(subject.limit, this.#options.reportMaxSources);
    return {
      label: subject.label,
      type: subject.type,
      severity: lane.severity,
      group: lane.group.name,
      track,
      parent: subject.parent,
      children: subject.children,
      source: subject.source,
      run,
      createtime: formatInstant(request.createtime),
      dt_from: formatInstant(from),
      dt_to: formatInstant(to),
      delta: Math.round((to - from) / 1000),
      ...(cutFrom === undefined ? {} : { dt_cut_from: formatInstant(cutFrom) }),
      flag_testdata: request.testData,
      flag_mailed: subject.mailed,
      mail_to: subject.mailed ? [...wanted.mailTo] : [],
      message_id: messageId(subject.label, wanted.domain),
      ...subject.counts,
      statistics: subject.statistics,
      filtering: subject.type === 'summary' ? { ...lane.filtering } : {},
      filter_faults: [...lane.filterFaults],
      structured_data: {
        timezone: lane.group.settings.timezone,
        regular,
        relapsed,
        entries_left_out: subject.entryCount - kept,
      },
      extra_left_out: subject.extraLeftOut,
      files,
    };
  }
}
