import { cutText } from '../../report/render/plain.ts';
import { formatCount } from '../../model/text/format.ts';
import { cell, type Output } from '../output.ts';
import type {
  EventFacts,
  FilterFacts,
  LaneFacts,
  ReportFacts,
  SourceFacts,
  WindowFacts,
  WorkFacts,
} from '../../explain/facts.ts';
import { groupBy } from '../../model/group-by.ts';
import { deliveryWords, few } from '../../explain/verdict.ts';

/** Width of the column of names. */
const NAME = 11;

/** Longest line, in characters, because nothing bounds the texts of an event. JSON output has all. */
const LINE = 2000;

/** Skipped filters, and reports, that are shown of each lane. JSON output has all. */
const MOST = 10;

/** Prints what an event is, for people. */
export function printEvent(event: EventFacts, output: Output): void {
  output.line(output.colors.bold(`event ${cell(event.id)}`));
  const say = printTo(output);
  say('stored', event.stored);
  say('class', event.class);
  say('severity', event.severity ?? 'none');
  say('groups', event.groups.length === 0 ? 'none' : few(event.groups));
  say('sources', `${few(event.sources)}${event.fallback ? ', for want of an address that can be read' : ''}`);
  say('valid', event.invalid === null ? 'yes' : `no: ${event.invalid}`);
  say('test data', event.test_data ? 'yes' : 'no');
}

/** Prints the facts about one group and the verdict, for people. */
export function printLane(facts: LaneFacts, output: Output): void {
  output.line('');
  const title = facts.lane === null ? `group ${facts.group}` : `lane ${facts.lane}`;
  output.line(output.colors.bold(shown(title)));
  const say = printTo(output);
  if (!facts.enabled && facts.known) say('group', 'is disabled now');
  if (facts.work !== null) say('processed', workWords(facts.work));
  if (facts.window !== null) say('window', windowWords(facts.window));
  printNetworks(facts.sources, say);
  if (facts.filters !== null && facts.sources.some((source) => source.inside))
    printFilters(facts.filters, say);
  for (const [words, sources] of bySame(facts.sources, heldWords))
    say('suppressed', `${few(sources)}: ${words}`);
  for (const [words, sources] of bySame(facts.sources, thresholdWords))
    say('threshold', `${few(sources)}: ${words}`);
  for (const report of facts.reports.slice(0, MOST)) printReport(report, say);
  printMore('report', facts.reports.length, say);
  if (facts.reports_looked_at !== null)
    say('reports', `only the newest ${facts.reports_looked_at} of the lane were searched`);
  say('verdict', facts.verdict);
}

type Say = (name: string, text: string) => void;

function printTo(output: Output): Say {
  return (name, text) => {
    const words = name === 'verdict' ? output.colors.bold(shown(text)) : shown(text);
    output.line(`  ${output.colors.dim(name.padEnd(NAME))}${words}`);
  };
}

/** A text that is safe on a terminal, in one line of bounded length. */
function shown(text: string): string {
  return cell(cutText(text, LINE));
}

function printMore(name: string, count: number, say: Say): void {
  if (count > MOST) say(name, `and ${count - MOST} more: --output json has all`);
}

function workWords({ to, run, state, due, due_now: now, from }: WorkFacts): string {
  const place =
    to === null
      ? 'never'
      : run === null
        ? `by no run of this store; begins at ${to}`
        : `up to ${to}, by run ${run}`;
  if (state === 'worked' || (state === 'waiting' && due === null)) return place;
  if (state === 'waiting')
    return `${place}; this event is due ${now ? 'now' : `at the earliest with a run that reaches ${due}`}`;
  return `${place}; the next window begins at ${from}`;
}

function windowWords({ from, to, run, report, filtering }: WindowFacts): string {
  const hits = Object.entries(filtering).map(([filter, hits]) => `${JSON.stringify(filter)} ${hits}`);
  const removed = hits.length === 0 ? '' : `; events by filter then: ${few(hits)}`;
  return `${from} to ${to} contains it: processed by run ${run}, report ${report}${removed}`;
}

function printNetworks(sources: readonly SourceFacts[], say: Say): void {
  const named = (which: (source: SourceFacts) => boolean) => sources.filter(which).map((s) => s.source);
  const inside = named((s) => s.inside);
  const spread = named((s) => !s.inside && s.spread);
  const outside = named((s) => !s.inside && !s.spread);
  if (inside.length > 0) say('inside', `${few(inside)}: in the networks of the group, now`);
  if (spread.length > 0)
    say('outside', `${few(spread)}: only several of its networks together hold all of it; one has to`);
  if (outside.length > 0) say('outside', `${few(outside)}: in none of its networks, now`);
}

function printFilters({ at, removed, idle, faults: problems }: FilterFacts, say: Say): void {
  const byFilter = groupBy(
    removed,
    ({ filter }) => filter,
    ({ source }) => source,
  );
  for (const [filter, sources] of byFilter)
    say('filter', `${JSON.stringify(filter)} removes ${few(sources)}, as it is now, for a run at ${at}`);
  for (const { filter, why } of idle.slice(0, MOST))
    say('filter', `${JSON.stringify(filter)} ${why}: not asked for a run at ${at}`);
  printMore('filter', idle.length, say);
  for (const problem of problems) say('filter', `invalid, matches nothing: ${problem}`);
  if (removed.length + idle.length + problems.length === 0) say('filter', 'none removes it now');
}

function heldWords({ held, threshold }: SourceFacts): string | undefined {
  if (held === null) return undefined;
  const missing = threshold === null ? '; its threshold was deleted' : '';
  return `as ${held.class}, by the run up to ${held.created}${missing}`;
}

function thresholdWords({ threshold, held }: SourceFacts): string | undefined {
  if (threshold === null) return undefined;
  const { run, thresholdtime, ttl, relapsetime, relapse, reports } = threshold;
  const by = `run ${run}${reports.length === 0 ? '' : ` (${few(reports)})`}`;
  const set = `${held === null ? 'holds now, ' : ''}set at ${thresholdtime} by ${by}, suppresses until ${ttl}`;
  if (relapse === 'never') return `${set}, no relapse`;
  const seen = relapse === 'sure' ? ', when something was suppressed' : '';
  return `${set}, relapse from ${relapsetime} on${seen}`;
}

/** Groups sources by their description. */
function bySame(
  sources: readonly SourceFacts[],
  words: (source: SourceFacts) => string | undefined,
): ReadonlyMap<string, readonly string[]> {
  return groupBy(sources, words, ({ source }) => source);
}

function printReport(report: ReportFacts, say: Say): void {
  const { label, type, part, sources, from, to, delivery } = report;
  const what = part === 'regular' ? 'as new' : 'as relapsed';
  say('report', `${label} (${type}, ${from} to ${to}) names ${few(sources)} ${what}`);
  say('', `made ${report.created}; ${mailedWords(report)}`);
  for (const { recipient, state, attempts, reply, reason } of delivery) {
    if (state === 'sent') continue;
    const why = [reason, reply].filter((text) => text !== null).join(', ');
    say(
      '',
      `  ${recipient}: ${state} after ${formatCount(attempts, 'attempt')}${why === '' ? '' : `: ${why}`}`,
    );
  }
}

/** Names the intended recipients only where mails went elsewhere, to a test or the administrator. */
function mailedWords({ mailed, mail_to: meant, delivery }: ReportFacts): string {
  if (!mailed) return 'not mailed';
  if (delivery.length === 0) return `mailed to ${few(meant)}`;
  const went = new Set(delivery.map(({ recipient }) => recipient));
  const elsewhere = meant.some((recipient) => !went.has(recipient));
  return `${deliveryWords(delivery)}${elsewhere ? `; meant for ${few(meant)}` : ''}`;
}
