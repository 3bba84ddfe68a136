import { routeSources, routeTo } from '../../stages/group-router.ts';
import type { EventView, Source } from '../model/event/event.ts';
import { NetworkSet } from '../model/network/network-set.ts';
import { formatInstant, type Instant } from '../model/time.ts';
import type { ReportSummary, Store } from '../store/port.ts';
import type { PlannedLane } from '../run/plan/plan.ts';
import type { LaneFacts, SourceFacts, ThresholdFacts, WindowFacts, WorkFacts } from './facts.ts';
import { judge } from './filters.ts';
import { suppressedBy, readJournal, type JournalFacts, type Threshold } from './journal.ts';
import { findReports, MOST_REPORTS } from './reports.ts';
import { verdictOf } from './verdict.ts';
import { progressOf } from './progress.ts';

/**
 * Collects what groups and store know of an event in one of its lanes. Memory: what concerns the event; the lane's journal and reports
 * are read as streams.
 * @param planned the lane as a scheduled run would find it now
 * @param now.interval seconds that upper bounds are floored to
 * @param now.idle why no scheduled run processes the lane, if none does
 */
export async function explainLane(
  event: EventView,
  planned: PlannedLane,
  { interval, idle }: { readonly interval: number; readonly idle: string | null },
  store: Store,
): Promise<LaneFacts> {
  const { group, key, severity } = planned;
  const all = sourcesOf(event);
  const names = new Set(all.map((source) => source.text));
  const journal = await readJournal(store.journal, key, event, names);
  const { reports, window, cut } = await findReports(store, key, event, names, journal.held);
  const found = progressOf(planned, event.storageTime, interval);
  const work = idle === null ? found : { ...found, due: null, due_now: false };
  const inside = routeSources(event, routeTo(group));
  const filters = judge(group, event, inside, instantOf(event, work, journal, window));
  const routed = new Set(inside.map((source) => source.text));
  const removed = new Map(filters.removed.map(({ source, filter }) => [source, filter]));
  const reportsOf = reportsByRun(store, key);
  const sources: SourceFacts[] = [];
  const networks = new NetworkSet(group.networks.map(({ range }) => range));
  for (const { text, range } of all) {
    const held = journal.held.get(text);
    const threshold = thresholdOf(text, event, planned, journal);
    sources.push({
      source: text,
      inside: routed.has(text),
      spread: range !== undefined && networks.coverTogether(range),
      filter: removed.get(text) ?? null,
      held: held === undefined ? null : { class: held.class, created: formatInstant(held.created) },
      threshold: threshold === undefined ? null : await thresholdFacts(threshold, text, journal, reportsOf),
    });
  }
  const facts = {
    group: group.name,
    known: true,
    enabled: group.enabled,
    lane: key,
    severity,
    idle,
    work,
    window,
    sources,
    filters,
    reports,
    reports_looked_at: cut ? MOST_REPORTS : null,
    last_run_unseen: await isUnseen(planned, store),
  };
  return { ...facts, verdict: verdictOf(event, facts, group) };
}

/** Whether what the lane's last run wrote was committed, and is not visible yet. */
async function isUnseen({ key, state }: PlannedLane, { lanes }: Store): Promise<boolean> {
  return (await lanes.pending()).some(({ lane, run }) => lane === key && run === state.run);
}

/** The sources of an event for a lane: its addresses, else their fallback. */
export function sourcesOf(event: EventView): readonly Source[] {
  return event.sources.length === 0 ? [event.fallback] : event.sources;
}

/** The `to` of the run that read the event, or will; the event's storage time where that is unknown. */
function instantOf(
  event: EventView,
  work: WorkFacts,
  { held }: JournalFacts,
  window: WindowFacts | null,
): Instant {
  const [quiet] = held.values();
  const told = window?.to ?? work.due;
  return quiet?.created ?? (told === null ? event.storageTime : Date.parse(told));
}

/** The threshold that kept the event quiet under a source; where none did the one that holds now. */
function thresholdOf(
  source: string,
  event: EventView,
  { state }: PlannedLane,
  journal: JournalFacts,
): Threshold | undefined {
  const thresholds = journal.thresholds.get(source) ?? [];
  const held = journal.held.get(source);
  if (held !== undefined) return suppressedBy(thresholds, held, event.storageTime);
  const last = thresholds.at(-1);
  return last !== undefined && last.ttl > (state.to ?? -Infinity) ? last : undefined;
}

/** Reports of a lane by run, each run asked for once: the sources of an event share few. */
function reportsByRun(store: Store, lane: string): (run: string) => Promise<readonly ReportSummary[]> {
  const known = new Map<string, Promise<readonly ReportSummary[]>>();
  return (run) => {
    const reports = known.get(run) ?? store.reports.ofRun({ lane, run });
    known.set(run, reports);
    return reports;
  };
}

async function thresholdFacts(
  { run, thresholdtime, ttl, relapsetime }: Threshold,
  source: string,
  { lastHeld }: JournalFacts,
  reportsOf: (run: string) => Promise<readonly ReportSummary[]>,
): Promise<ThresholdFacts> {
  const labels = (await reportsOf(run))
    .filter((report) => report.type === 'summary' || report.source === source)
    .map((report) => report.label);
  const triggered = (lastHeld.get(source) ?? -Infinity) >= relapsetime;
  return {
    run,
    thresholdtime: formatInstant(thresholdtime),
    ttl: formatInstant(ttl),
    relapsetime: formatInstant(relapsetime),
    relapse: relapsetime >= ttl ? 'never' : triggered ? 'sure' : 'open',
    reports: labels,
  };
}
