import type { SettingsDocument } from '../../../../lib/model/group/group.ts';
import type { EventView, RawEvent } from '../../../../lib/model/event/event.ts';
import { ObjectView } from '../../../../lib/model/event/object-view.ts';
import type { Part } from '../../../../lib/model/report.ts';
import type { Severity } from '../../../../lib/model/severity.ts';
import { Aggregation } from '../../../../lib/report/content/aggregate.ts';
import { loadCatalogue } from '../../../../lib/report/render/catalogue.ts';
import { mergeEntries } from '../../../../lib/report/content/entry.ts';
import type { ReportOptions } from '../../../../lib/report/options.ts';
import { createRenderer } from '../../../../lib/report/render/renderer.ts';
import {
  createReports,
  type PreparedReport,
  type ReportRequest,
  type ReportsDeps,
} from '../../../../lib/report/reports.ts';
import type { Scratch } from '../../../../lib/scratch/port.ts';
import { END, group } from '../../../support/builders.ts';
import { ArrayScratch } from '../../../support/scratch.ts';

/** Events that a lane reports, as the aggregator would hand them on. */
export interface LaneEvents {
  readonly regular?: readonly RawEvent[];
  readonly relapsed?: readonly RawEvent[];
}

export interface LaneOptions {
  readonly settings?: SettingsDocument;
  readonly severity?: Severity;
  readonly options?: Partial<ReportOptions>;
  readonly deps?: Partial<ReportsDeps>;
  readonly lane?: Partial<ReportRequest['lane']>;
  readonly wanted?: Partial<ReportRequest['wanted']>;
  readonly request?: Partial<Omit<ReportRequest, 'lane' | 'wanted'>>;
}

export const DAY = 86_400_000;
const LANE = 0;

export function scratchOf(events: LaneEvents): ArrayScratch {
  const scratch = new ArrayScratch(mergeEntries);
  const aggregation = new Aggregation(LANE, scratch);
  for (const part of ['regular', 'relapsed'] as const) {
    for (const raw of events[part] ?? []) add(scratch, aggregation, new ObjectView(raw), part);
  }
  aggregation.spill();
  return scratch;
}

function add(scratch: Scratch, aggregation: Aggregation, view: EventView, part: Part): void {
  const { id, storageTime, eventClass } = view;
  const sources = (view.sources.length === 0 ? [view.fallback] : view.sources).map((source) => source.text);
  scratch.addEvent(LANE, { part, id, storageTime, eventClass, sources, body: view.bodyText() });
  aggregation.add(view, sources, part);
}

export function requestOf(events: LaneEvents, options: LaneOptions = {}): ReportRequest {
  const [thr, rlp] = [events.regular?.length ?? 0, events.relapsed?.length ?? 0];
  return {
    lane: {
      group: group({ settings: { mode: 'both', ...options.settings } }),
      severity: options.severity ?? 'low',
      window: { from: END - DAY, to: END },
      counts: {
        evcount_new: thr + 5,
        evcount_inv: 1,
        evcount_net: 1,
        evcount_flt: thr + 2,
        evcount_flt_blk: 1,
        evcount_thr: thr,
        evcount_thr_blk: 2,
        evcount_rlp: rlp,
        evcount_rlp_flt: 0,
        evcount_rlp_gone: 0,
        evcount_rep: thr + rlp,
        evcount_all: thr + 5 + rlp,
      },
      filtering: { 'own scanner': 1 },
      filterProblems: [],
      number: LANE,
      ...options.lane,
    },
    track: 'live',
    testData: false,
    run: 'run-1',
    adHoc: false,
    earlier: () => Promise.resolve(undefined),
    createtime: END + 60_000,
    ...options.request,
    wanted: {
      extras: true,
      mailSummary: true,
      mailExtra: true,
      mailTo: ['abuse@example.org'],
      mark: undefined,
      subject: undefined,
      domain: 'example.net',
      ...options.wanted,
    },
  };
}

const TEMPLATE_VARS = {
  team: 'Example CSIRT',
  contact_email: 'csirt@example.net',
  team_url: 'https://csirt.example.net/',
};
const RENDERER = createRenderer({ templatesDir: undefined, templateVars: TEMPLATE_VARS }, loadCatalogue());

/** All reports of a lane. Record files go to `reportsDir`. */
export async function laneReports(
  reportsDir: string,
  events: LaneEvents,
  options: LaneOptions = {},
): Promise<PreparedReport[]> {
  const shipped = options.options?.templatesDir === undefined && options.options?.templateVars === undefined;
  const reports = createReports(
    {
      reportsDir,
      templatesDir: undefined,
      templateVars: TEMPLATE_VARS,
      reportMaxSources: 1000,
      maxExtraReports: 100,
      ...options.options,
    },
    {
      secret: Buffer.alloc(32, 1),
      taken: () => Promise.resolve(false),
      ...(shipped ? { renderer: RENDERER } : {}),
      ...options.deps,
    },
  );
  const prepared: PreparedReport[] = [];
  for await (const report of reports.prepare(requestOf(events, options), scratchOf(events)))
    prepared.push(report);
  return prepared;
}
