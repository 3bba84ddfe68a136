import { existsSync } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodePoint } from '../../model/event/object-view.ts';
import { SEVERITIES, type Severity } from '../../model/severity.ts';
import { messageOf, UserError } from '../../model/user-error.ts';
import { writeFileWhole } from '../files/write-file.ts';
import { dayOfLabel, type DayIndex, type DaySum, type TopIndex } from './index-view.ts';
import { readPageFacts, type PageFacts } from './page-facts.ts';

/*
 * Indexes of the pages in a folder of reports: one a day, one of all days. They are made from what lies there, not from a store, so their links
 * lead somewhere; of pages that an earlier index lists only the name is read, so years of reports cost a run no more than one day.
 */

const NEWEST = 200;
const DAYS = 5_000;
const INDEX = 'index.html';
/** Where a page and an index say what they are about. */
const PAGE_DATA = /<meta name="mentat-report" content="([^"]*)">/;
const INDEX_DATA = /<script type="application\/json" id="data">([^<]*)<\/script>/;
/** Bytes of a page that are looked through for it. */
const HEAD = 16 * 1024;
const DAY = /^\d{8}$/;
const PAGE = /^(M\d{8}[SE][LMHC]-[A-Z0-9]{5})\.html$/;

/** Both kinds of index as HTML. */
export type RenderIndex = (index: DayIndex | TopIndex) => string;

/**
 * Writes `<reportsDir>/<day>/index.html` for the days given, and `<reportsDir>/index.html`. What another reporter writes at the same time is
 * reported by the next reader. Rejects with a UserError when the medium is at fault.
 */
export async function writeIndexes(
  reportsDir: string,
  days: ReadonlySet<string>,
  render: RenderIndex,
): Promise<void> {
  const fresh = new Map<string, DayIndex>();
  for (const day of days) {
    const index = await dayIndex(reportsDir, day);
    if (index === undefined) continue;
    fresh.set(day, index);
    await writeFileWhole(join(reportsDir, day, INDEX), [render(index)]);
  }
  const top = await topIndex(reportsDir, fresh);
  await writeFileWhole(join(reportsDir, INDEX), [render(top)]);
}

async function dayIndex(reportsDir: string, day: string): Promise<DayIndex | undefined> {
  const folder = join(reportsDir, day);
  const names = await list(folder);
  if (names === undefined) return undefined;
  const known = new Map<string, PageFacts>();
  for (const facts of factsIn((await dataIn(join(folder, INDEX)))?.['reports']))
    known.set(facts.label, facts);
  const reports: PageFacts[] = [];
  for (const name of names) {
    const label = PAGE.exec(name)?.[1];
    if (label === undefined || dayOfLabel(label) !== day) continue;
    const facts = known.get(label) ?? (await factsOfPage(join(folder, name)));
    if (facts?.label === label) reports.push(facts);
  }
  return { day, reports: reports.sort(newestFirst) };
}

async function topIndex(reportsDir: string, fresh: ReadonlyMap<string, DayIndex>): Promise<TopIndex> {
  const before = await dataIn(join(reportsDir, INDEX));
  const known = new Map(daysIn(before?.['days']).map((sum) => [sum.day, sum]));
  const names = ((await list(reportsDir)) ?? [])
    .filter((name) => DAY.test(name))
    .sort()
    .reverse();
  const days: DaySum[] = [];
  for (const day of names.slice(0, DAYS)) {
    const index = fresh.get(day);
    const sum =
      index === undefined ? (known.get(day) ?? (await sumOfDay(reportsDir, day))) : sumOf(day, index.reports);
    if (sum !== undefined && sum.reports > 0) days.push(sum);
  }
  const there = new Set(days.map(({ day }) => day));
  const old = factsIn(before?.['newest']).filter(
    ({ label }) =>
      there.has(dayOfLabel(label)) &&
      !fresh.has(dayOfLabel(label)) &&
      existsSync(join(reportsDir, dayOfLabel(label), `${label}.html`)),
  );
  const newest = [...old, ...[...fresh.values()].flatMap(({ reports }) => reports.slice(0, NEWEST))];
  return { days, newest: newest.sort(newestFirst).slice(0, NEWEST) };
}

async function sumOfDay(reportsDir: string, day: string): Promise<DaySum | undefined> {
  const data = await dataIn(join(reportsDir, day, INDEX));
  return data === undefined ? undefined : sumOf(day, factsIn(data['reports']));
}

function sumOf(day: string, reports: readonly PageFacts[]): DaySum {
  const severities = Object.fromEntries(SEVERITIES.map((severity) => [severity, 0])) as Record<
    Severity,
    number
  >;
  let events = 0;
  for (const { severity, events: own, type } of reports) {
    severities[severity]++;
    // An extra report is listed through its summary.
    if (type === 'summary') events += own;
  }
  return { day, reports: reports.length, events, severities };
}

function newestFirst(a: PageFacts, b: PageFacts): number {
  return (
    byCodePoint(b.to, a.to) ||
    SEVERITIES.indexOf(b.severity) - SEVERITIES.indexOf(a.severity) ||
    byCodePoint(a.group, b.group) ||
    byCodePoint(b.type, a.type) ||
    byCodePoint(a.label, b.label)
  );
}

function factsIn(list: unknown): PageFacts[] {
  return Array.isArray(list) ? list.map(readPageFacts).filter((facts) => facts !== undefined) : [];
}

function daysIn(list: unknown): DaySum[] {
  if (!Array.isArray(list)) return [];
  return (list as (Partial<DaySum> | null)[]).filter(
    (sum): sum is DaySum =>
      typeof sum?.day === 'string' &&
      DAY.test(sum.day) &&
      Number.isSafeInteger(sum.reports) &&
      Number.isSafeInteger(sum.events) &&
      SEVERITIES.every((severity) => Number.isSafeInteger(sum.severities?.[severity])),
  );
}

/** The names in a folder; undefined when there is none. */
async function list(folder: string): Promise<string[] | undefined> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new UserError(
      { what: 'folder of reports cannot be read', where: folder, got: messageOf(error) },
      { cause: error },
    );
  }
}

/** The data of an index; undefined when there is none, or not as it should be: then it is made anew. */
async function dataIn(path: string): Promise<Record<string, unknown> | undefined> {
  try {
    const found = INDEX_DATA.exec(await readFile(path, 'utf8'))?.[1];
    return found === undefined ? undefined : (JSON.parse(found) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

async function factsOfPage(path: string): Promise<PageFacts | undefined> {
  let page;
  try {
    page = await open(path);
    const head = Buffer.alloc(HEAD);
    const { bytesRead } = await page.read(head, 0, HEAD, 0);
    const content = PAGE_DATA.exec(head.toString('utf8', 0, bytesRead))?.[1];
    return content === undefined ? undefined : readPageFacts(JSON.parse(decodeURIComponent(content)));
  } catch {
    return undefined;
  } finally {
    await page?.close();
  }
}
