// What filters cost: single filters of the usual kinds, and whole groups of them, where a hundred should cost less than twice as much as ten.
// Events and filters are the same every time.
import { compileFilter, FilterSet, FilterSubject, type CompiledFilter } from '../../lib/filter/index.ts';
import { fieldEvents, seeded } from '../events.ts';
import { grouped, markdownTable } from '../text.ts';
import type { BenchCase } from './case.ts';

const TO = Date.UTC(2026, 0, 6);
const DAY = 86_400_000;
const random = seeded(7);
const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
const address = () => `10.0.${Math.floor(random() * 256)}.${Math.floor(random() * 256)}`;
const network = () => `10.0.${Math.floor(random() * 256)}.${Math.floor(random() * 16) * 16}/28`;
const several = (make: () => string) => Array.from({ length: 1 + Math.floor(random() * 5) }, make).join(',');
const category = () =>
  pick(['Recon.Scanning', 'Attempt.Login', 'Abusive.Spam', 'Vulnerable.Open', 'Fraud.Phishing']);
const detector = () => `${pick(['net', 'org', 'com'])}.example.detector${Math.floor(random() * 50)}`;

/** One of each for every ten filters of a group; the one on `like` alone has to be asked for every event. */
const KINDS: readonly (() => string)[] = [
  () => `Source.IP4 IN [${several(() => `"${network()}"`)}]`,
  () => `Node.Name IN ["${detector()}"] OR Source.IP4 IN ["${address()}","${network()}"]`,
  () => `Category in ["${category()}"] and Source.IP4 in [${several(address)}]`,
  () => `Node.Name == "${detector()}" and Category == "${category()}"`,
  () => `Source.IP4 in [${several(network)}] and Target.Port in [22, 23, 3389]`,
  () => `Category == "${category()}" and Node.Name == "${detector()}" and ConnCount < 10`,
  () => `(Source.IP4 == ${address()} || Source.IP4 == ${address()}) and not Target.Port == 25`,
  () => `Node.Name like "^cz\\.example\\.${pick(['north', 'south'])}"`,
  () => `Source.IP4 in [${several(network)}] and DetectTime < 2026-01-05T12:00:00Z`,
  () => `Node.Name == "${detector()}" and Description like "(?i)ssh|telnet"`,
];

function filtersOfGroup(count: number): readonly CompiledFilter[] {
  return Array.from({ length: count }, (_, i) => compileFilter(KINDS[i % KINDS.length]!()));
}

/** One way to judge an event; the answer counts matches, so that nothing is optimised away. */
interface Contender {
  readonly label: string;
  readonly filters: number;
  readonly judge: (subject: FilterSubject) => number;
  /** Nanoseconds. */
  spent: bigint;
  matched: number;
}

function contender(label: string, filters: number, judge: Contender['judge']): Contender {
  return { label, filters, judge, spent: 0n, matched: 0 };
}

function contenders(): readonly Contender[] {
  const all = filtersOfGroup(1000);
  const single = contender('each filter by itself', 1000, (subject) => {
    let matched = 0;
    for (const filter of all) if (filter.matches(subject)) matched++;
    return matched;
  });
  const groups = [10, 100, 1000].map((size) => {
    const set = new FilterSet(all.slice(0, size));
    return contender(`group of ${size}`, size, (subject) => (set.firstMatch(subject) === undefined ? 0 : 1));
  });
  const inTurn = [10, 100].map((size) => {
    const some = all.slice(0, size);
    return contender(`${size} asked in turn`, size, (subject) =>
      some.some((filter) => filter.matches(subject)) ? 1 : 0,
    );
  });
  return [...groups, ...inTurn, single];
}

/** Every contender is given the events as they come out of a decoder, and reads and converts their fields anew. */
function judge(row: Contender, lines: readonly string[]): void {
  const events = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  const begun = process.hrtime.bigint();
  for (const event of events) row.matched += row.judge(new FilterSubject(event, TO));
  row.spent += process.hrtime.bigint() - begun;
}

const BATCH = 1000;

function run(events: number): string[] {
  const started = process.hrtime.bigint();
  const table = contenders();
  const compiled = Number(process.hrtime.bigint() - started) / 1e6;
  let batch: string[] = [];
  const judgeBatch = () => {
    for (const row of table) judge(row, batch);
    batch = [];
  };
  for (const { event } of fieldEvents({ events, groups: 1, sources: 20_000, from: TO - DAY, to: TO })) {
    batch.push(JSON.stringify(event));
    if (batch.length === BATCH) judgeBatch();
  }
  judgeBatch();
  return linesOf(events, compiled, table);
}

function linesOf(events: number, compiled: number, table: readonly Contender[]): string[] {
  const nanos = (row: Contender) => Number(row.spent) / events;
  const rows = table.map((row) => [
    row.label,
    nanos(row).toFixed(0),
    (nanos(row) / row.filters).toFixed(1),
    String(row.matched),
  ]);
  const ratio = nanos(table[1]!) / nanos(table[0]!);
  return [
    ...markdownTable(['filters', 'ns per event', 'ns per filter', 'matches'], rows),
    '',
    `${grouped(events)} events; 1,000 filters compiled and indexed in ${compiled.toFixed(0)} ms.`,
    `A group of 100 costs ${ratio.toFixed(2)} times a group of 10 (target: at most 2).`,
  ];
}

export const FILTER: BenchCase = {
  name: 'filter',
  title: 'Filters: single ones, and groups of 10, 100 and 1,000',
  events: 100_000,
  run: ({ events }) => Promise.resolve(run(events)),
};
