import { readEventContent, type EventContent } from '../model/event/event-content.ts';
import type { EventView } from '../model/event/event.ts';
import { PARTS, type Entry, type Part } from '../model/report.ts';
import type { ReportSummary, Store } from '../store/port.ts';
import type { DeliveryFacts, ReportFacts, WindowFacts } from './facts.ts';

/** Reports of one lane that are searched, newest first. */
export const MOST_REPORTS = 10_000;
/** Of these, the ones whose entries are: the oldest since the event, as what comes back does so before long. */
const MOST_RELAPSES = 100;
/** Windows of a lane follow each other as its runs do, but two reporters may overtake each other by a little: milliseconds. */
const SLACK = 3_600_000;

export interface FoundReports {
  readonly reports: readonly ReportFacts[];
  /** The window that contained the event; null when there is no report of it. */
  readonly window: WindowFacts | null;
  /** There are older ones that were not searched. */
  readonly cut: boolean;
}

/**
 * The live reports of a lane that name the event's class and sources of it for times that include the event's own: as new in the window that
 * holds its storage time, else as relapsed from then on, each source once. Memory: the summaries of a hundred runs.
 * @param held sources under which the event was suppressed: a report that names them as new does not mean this event
 */
export async function findReports(
  store: Pick<Store, 'reports' | 'outbox'>,
  lane: string,
  event: EventView,
  sources: ReadonlySet<string>,
  held: ReadonlyMap<string, unknown>,
): Promise<FoundReports> {
  const { candidates, cut } = await candidatesOf(store, lane, event);
  const left = new Set(sources);
  const reports: ReportFacts[] = [];
  const times = readEventContent(event.body());
  for (const summary of candidates) {
    if (left.size === 0) break;
    const named = await namedIn(summary, store, event, times, left);
    const told = { regular: named.regular.filter((source) => !held.has(source)), relapsed: named.relapsed };
    for (const part of PARTS) {
      const found = told[part].filter((source) => left.delete(source));
      if (found.length > 0) reports.push(...(await reportsOn(found, part, summary, lane, store)));
    }
  }
  const [oldest] = candidates;
  return { reports, window: oldest !== undefined && covers(oldest, event) ? windowOf(oldest) : null, cut };
}

function windowOf({ label, run, dt_from: from, dt_to: to, filtering }: ReportSummary): WindowFacts {
  return { report: label, run, from, to, filtering };
}

/** A summary and its run's extra reports on these sources. */
async function reportsOn(
  sources: readonly string[],
  part: Part,
  summary: ReportSummary,
  lane: string,
  store: Pick<Store, 'reports' | 'outbox'>,
): Promise<ReportFacts[]> {
  const ofRun = await store.reports.ofRun({ lane, run: summary.run });
  const facts = [await factsOf(summary, part, sources, lane, store)];
  for (const report of ofRun) {
    if (report.type !== 'extra' || report.source === null || !sources.includes(report.source)) continue;
    facts.push(await factsOf(report, part, [report.source], lane, store));
  }
  return facts;
}

/** Summaries that may name the event, the oldest first. */
async function candidatesOf(
  store: Pick<Store, 'reports'>,
  lane: string,
  event: EventView,
): Promise<{ candidates: ReportSummary[]; cut: boolean }> {
  const candidates: ReportSummary[] = [];
  let seen = 0;
  for await (const report of store.reports.ofLane(lane)) {
    if (Date.parse(report.dt_to) + SLACK <= event.storageTime) break;
    if (++seen > MOST_REPORTS) return { candidates: candidates.reverse(), cut: true };
    if (report.type !== 'summary' || Date.parse(report.dt_to) <= event.storageTime) continue;
    if (!covers(report, event) && (report.evcount_rlp ?? 0) === 0) continue;
    candidates.push(report);
    if (candidates.length > MOST_RELAPSES) candidates.shift();
  }
  return { candidates: candidates.reverse(), cut: false };
}

function covers(report: ReportSummary, event: EventView): boolean {
  return Date.parse(report.dt_from) <= event.storageTime && event.storageTime < Date.parse(report.dt_to);
}

/** Which of the sources a report names, by part. */
async function namedIn(
  report: ReportSummary,
  store: Pick<Store, 'reports'>,
  event: EventView,
  { first, last }: Pick<EventContent, 'first' | 'last'>,
  sources: ReadonlySet<string>,
): Promise<Record<Part, string[]>> {
  const named: Record<Part, string[]> = { regular: [], relapsed: [] };
  const covering = covers(report, event);
  const includes = (entry: Entry) =>
    Date.parse(entry.first_time) <= first && last <= Date.parse(entry.last_time);
  for await (const { part, class: eventClass, source, entry } of store.reports.entries(report.label)) {
    if (eventClass !== event.eventClass || !sources.has(source) || !includes(entry)) continue;
    if (part === 'relapsed' || covering) named[part].push(source);
  }
  return named;
}

async function factsOf(
  report: ReportSummary,
  part: Part,
  sources: readonly string[],
  lane: string,
  store: Pick<Store, 'outbox'>,
): Promise<ReportFacts> {
  const { label, type, run, createtime, dt_from, dt_to, flag_mailed, mail_to } = report;
  const rows = flag_mailed ? await store.outbox.ofReport({ lane, run }, label) : [];
  const delivery = rows.map((row): DeliveryFacts => ({
    recipient: row.recipient,
    state: row.state,
    attempts: row.attempt,
    reply: row.reply ?? null,
    reason: row.reason ?? null,
  }));
  const window = { created: createtime, from: dt_from, to: dt_to };
  return { label, type, part, sources, run, ...window, mailed: flag_mailed, mail_to, delivery };
}
