import type { EventView } from '../model/event/event.ts';
import type { Group } from '../model/group/group.ts';
import type { Severity } from '../model/severity.ts';
import { formatCount } from '../model/text/format.ts';
import type {
  DeliveryFacts,
  LaneFacts,
  ReportFacts,
  SourceFacts,
  ThresholdFacts,
  WorkFacts,
} from './facts.ts';
import { groupBy } from '../model/group-by.ts';

/** Of an event that has a lane. */
export interface Known extends Omit<LaneFacts, 'verdict'> {
  readonly severity: Severity;
  readonly work: WorkFacts;
}

/**
 * What became of an event in one lane, in one line. Says no more than the facts do: what is of now and may have been different is called so,
 * and a report is said to name the event's class and source, which is all that it shows.
 */
export function verdictOf(event: EventView, facts: Known, group: Group): string {
  if (event.invalid !== undefined) return `cannot be used: ${event.invalid}; a run counts it as invalid`;
  const named = facts.reports.flatMap((report) => report.sources.map((source) => ({ source, report })));
  const reportsOn = groupBy(
    named,
    ({ source }) => source,
    ({ report }) => report,
  );
  const sentences = [
    ...groupBy(
      facts.sources,
      (source) => sentenceOn(source, reportsOn.get(source.source) ?? [], event, facts, group),
      ({ source }) => source,
    ),
  ];
  const told =
    sentences.length === 1
      ? sentences[0]![0]
      : sentences.map(([sentence, sources]) => `${few(sources)}: ${sentence}`).join(' / ');
  return event.test ? `test data, which only runs with --test-data read: ${told}` : told;
}

const FEW = 5;

/** The first of a list that may be long. */
export function few(texts: readonly string[]): string {
  const more = texts.length - FEW;
  return more > 0 ? `${texts.slice(0, FEW).join(', ')} and ${more} more` : texts.join(', ');
}

/** @param reports those that name the source */
function sentenceOn(
  source: SourceFacts,
  reports: readonly ReportFacts[],
  event: EventView,
  facts: Known,
  group: Group,
): string {
  const [report] = reports;
  if (report?.part === 'regular')
    return reportedWords(report, doubtWords(source, facts), mailWords(reports, group));
  if (source.held !== null) return quietWords(source.held.created, source, reports, group, facts.idle);
  if (report !== undefined) return `${cameBack(report, reports, group)}, for times that include its own`;
  return unseen(source, event, facts, facts.work, group);
}

/** A store does not know when an event was inserted: a late one is not in the report that names others of its class and source. */
function reportedWords({ label }: ReportFacts, doubt: string, mails: string): string {
  const told =
    doubt === '' ? 'reported, if it was in the store when its window was read' : 'perhaps reported';
  return `${told}: ${label} names its class and source in the window that holds it${doubt}; ${mails}`;
}

/** A filter may have removed the event where another one of its class and source passed. */
function doubtWords(source: SourceFacts, facts: Known): string {
  return hitsOf(source, facts) > 0 ? `, but ${whyNot(source)!} now${hitWords(source, facts)}` : '';
}

function cameBack(report: ReportFacts, reports: readonly ReportFacts[], group: Group): string {
  return `came back: ${report.label} (${mailWords(reports, group)}) names its class and source among what relapsed`;
}

function quietWords(
  created: string,
  { threshold }: SourceFacts,
  reports: readonly ReportFacts[],
  group: Group,
  idle: string | null,
): string {
  const [report] = reports;
  const after = report === undefined ? undefined : cameBack(report, reports, group);
  if (threshold === null) {
    const ended = `was suppressed by the run up to ${created}, under a threshold that has ended since`;
    return `${ended}; ${after ?? 'no report shows that it came back'}`;
  }
  const { run, ttl, reports: labels } = threshold;
  const told = labels.length === 0 ? '' : ` (${few(labels)})`;
  const quiet = `suppressed until ${ttl}, as run ${run}${told} had reported its class and source`;
  return `${quiet}; ${after ?? (idle === null ? relapseWords(threshold) : `nothing brings it back while ${idle}`)}`;
}

function relapseWords({ relapse, relapsetime }: ThresholdFacts): string {
  switch (relapse) {
    case 'never':
      return 'it does not come back, as there is no relapse';
    case 'sure':
      return 'it comes back then, unless networks or filters remove it';
    case 'open':
      return `it comes back then only if the same is suppressed again from ${relapsetime} on`;
  }
}

/** Of a source that neither registry nor reports know. */
function unseen(source: SourceFacts, event: EventView, facts: Known, work: WorkFacts, group: Group): string {
  if (work.state === 'before') {
    const unless = work.to === null ? ', unless --time-low has it begin earlier' : '';
    return `no scheduled run reads it${unless}: it was stored before ${work.from}, where the lane's next window begins now`;
  }
  if (work.state === 'waiting') {
    if (facts.idle !== null) return `not processed by a scheduled run, as ${facts.idle} now`;
    const what = prospect(source, event, work, group.settings.timings[facts.severity].threshold);
    return `${dueWords(work)}; as things are now ${what}`;
  }
  const reports =
    facts.reports_looked_at === null
      ? 'no report of the lane names it'
      : `none of the newest ${formatCount(facts.reports_looked_at, 'report')} of the lane names it`;
  if (facts.last_run_unseen)
    return `${reports} so far: what run ${work.run} wrote is not visible yet, and the next scheduled run makes it so`;
  const why = whyNot(source);
  if (why !== undefined)
    return `${reports}, nor is it being suppressed: ${why} now${hitWords(source, facts)}`;
  return `${reports}, nor is it being suppressed, and the store does not show why: networks or filters were different then, no window of the lane contained it, it was stored after its window had been processed, or the threshold that kept it quiet has ended`;
}

/** What the filter did in the window that held the event: to which events is not stored. */
function hitWords(source: SourceFacts, facts: Known): string {
  if (!source.inside || source.filter === null || facts.window === null) return '';
  const hits = hitsOf(source, facts);
  return hits === 0
    ? ', but removed nothing in its window'
    : `, and removed ${formatCount(hits, 'event')} of its window`;
}

/** Events of the window from which the filter that removes the source now removed a source then. */
function hitsOf({ inside, filter }: SourceFacts, { window }: Known): number {
  if (!inside || filter === null || window === null) return 0;
  return Object.hasOwn(window.filtering, filter) ? window.filtering[filter]! : 0;
}

function dueWords({ due, due_now: now }: WorkFacts): string {
  const run = now ? 'the next one processes it' : `due at the earliest with one that reaches ${due}`;
  return `not yet processed by a scheduled run: ${run}`;
}

/** @param seconds how long the lane suppresses what it has reported */
function prospect(source: SourceFacts, event: EventView, { due }: WorkFacts, seconds: number): string {
  const why = whyNot(source);
  if (why !== undefined) return `${why}, so it will not be reported`;
  const { threshold } = source;
  if (threshold === null || seconds === 0 || event.storageTime >= Date.parse(threshold.ttl))
    return 'it will be reported';
  const { run, ttl, relapse } = threshold;
  // An event suppressed by a threshold that ends in the same window relapses in that run.
  if (relapse !== 'never' && Date.parse(ttl) <= Date.parse(due!))
    return `it will be reported as relapsed, as the threshold that run ${run} set ends at ${ttl}`;
  return `it will be suppressed until ${ttl}, as run ${run} has reported its class and source`;
}

function whyNot({ inside, spread, filter }: SourceFacts): string | undefined {
  if (spread && !inside) return 'its source fills several networks of the group, and none holds all of it';
  if (!inside) return "its source lies outside the group's networks";
  return filter === null ? undefined : `filter ${JSON.stringify(filter)} removes it`;
}

/** States of the mails of these reports, from the outbox. */
function mailWords(reports: readonly ReportFacts[], { settings }: Group): string {
  const mailed = reports.filter((report) => report.mailed);
  if (mailed.length === 0) {
    const why = settings.mute
      ? ' (the group is muted now)'
      : settings.mode === 'none'
        ? ' (the mode of the group is none now)'
        : '';
    return `no mail was written${why}`;
  }
  const rows = mailed.flatMap((report) => report.delivery);
  return rows.length === 0 ? 'mailed' : deliveryWords(rows);
}

/** Recipients by state, each once. */
export function deliveryWords(rows: readonly DeliveryFacts[]): string {
  const byState = new Map<string, Set<string>>();
  for (const { state, recipient } of rows) {
    const recipients = byState.get(state) ?? new Set();
    byState.set(state, recipients.add(recipient));
  }
  return [...byState].map(([state, to]) => `mail ${state}: ${few([...to])}`).join(', ');
}
