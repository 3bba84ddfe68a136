import { formatCount } from '../model/text/format.ts';
import { createHash } from 'node:crypto';
import { accessSync, constants, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type { ReportRecord } from '../model/report.ts';
import { messageOf } from '../model/user-error.ts';
import { colorsFor } from '../system/colors.ts';
import type { Io } from '../system/io.ts';
import { shipped } from '../config/locations.ts';
import { main } from './main.ts';
import { cell, createOutput, guardOutput, type Output } from './output.ts';
import { COUNT_COLUMNS } from './run-summary.ts';

/*
 * `npm start`: the shipped events and groups, worked by a reporter that believes it is November 2026. Everything happens through the program's
 * own command line, in a folder of its own that is wiped at each start; clock and chance are fixed, so it always shows the same.
 */

/** Ends of the windows of six scheduled runs: nightly, once after a weekend off. */
const NIGHTS = ['2026-11-11', '2026-11-12', '2026-11-13', '2026-11-16', '2026-11-17', '2026-11-18'];
const FIRST = '2026-11-10T00:00:00Z';
/** The report that is printed is the last summary of this lane that brings something back. */
function isShown(lane: LaneLine): boolean {
  return lane.group === 'csirt@example.net' && lane.severity === 'medium' && Number(lane['evcount_rlp']) > 0;
}

/** An event that was suppressed in the last night. */
const ASKED_ABOUT = '2fde0a3f-c856-40a8-b699-2210cf88b544';

type Run = (args: string[], now: string) => Promise<string>;

interface LaneLine {
  readonly group: string;
  readonly severity: string;
  readonly result: string;
  readonly summary_id?: string;
  readonly [count: string]: unknown;
}

async function demo(): Promise<void> {
  guardOutput(process.stdout);
  const output = createOutput(process.stdout, 'text', colorsFor('auto', process.stdout, process.env));
  const place = freshPlace();
  const config = writeConfig(place);
  const run: Run = (args, now) => call(['--config-file', config, '--config-dir', '', ...args], now);

  await run(['--action', 'groups-import', '--input', shipped('conf/sample/groups.json')], FIRST);
  // One event of the sample is in nobody's networks, and most are stored ahead of the clock of these runs, both on purpose.
  const quietly = ['--log-level', 'error'];
  await run(
    ['--action', 'events-import', '--input', shipped('conf/sample/events.ndjson'), ...quietly],
    FIRST,
  );
  const lanes: { night: string; lane: LaneLine }[] = [];
  for (const night of NIGHTS) {
    const to = `${night}T00:00:00Z`;
    const printed = await run(
      ['--regular', '--output', 'json', '--time-low', FIRST, '--time-high', to, ...quietly],
      to,
    );
    lanes.push(...lanesIn(printed).map((lane) => ({ night, lane })));
  }

  output.line('Six scheduled runs over a week of sample events; critical lanes are worked first.\n');
  await output.table(
    ['Run', 'Group', 'Severity', ...COUNT_COLUMNS],
    lanes.map(({ night, lane }) => [night, lane.group, lane.severity, ...numbersOf(lane)]),
  );
  explain(output);
  const label = lanes.findLast(({ lane }) => isShown(lane))?.lane.summary_id ?? '';
  await showMail(output, label, run);
  showNext(output, config, place, label);
}

/** A fresh folder: below the package, or where that cannot be written below the system's temporary folder. */
function freshPlace(): string {
  const root = shipped();
  let base = join(tmpdir(), 'mentat-reporter');
  try {
    accessSync(root, constants.W_OK);
    base = join(root, 'var');
  } catch {
    // An installed package belongs to somebody else.
  }
  const place = join(base, 'demo');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place, { recursive: true });
  return place;
}

function writeConfig(place: string): string {
  const path = join(place, 'demo.conf');
  const config = {
    interval: '10_minutes',
    store: `sqlite:${join(place, 'store.db')}`,
    mail: `spool:${join(place, 'spool')}`,
    mail_from: 'reports@reporter.example',
    reports_dir: join(place, 'reports'),
    log_file: join(place, 'reporter.log'),
    lock_file: join(place, 'run.lock'),
    pstate_file: join(place, 'state.json'),
    runlog_dir: join(place, 'runlogs'),
    log_level: 'warning',
  };
  writeFileSync(path, `# Configuration of the demonstration\n${JSON.stringify(config, null, 2)}\n`);
  return path;
}

/** Calls the program at a given instant and returns what it printed. */
async function call(args: readonly string[], now: string): Promise<string> {
  const printed: Buffer[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      printed.push(chunk);
      done();
    },
  });
  const io: Io = {
    stdin: Readable.from([]),
    stdout,
    stderr: process.stderr,
    environment: {},
    clock: () => Date.parse(now),
    random: () => 0.5,
    // Labels are made from the secret: a fixed one gives the same labels each time.
    randomBytes: (bytes) => createHash('shake256', { outputLength: bytes }).update('demonstration').digest(),
    onSignal: () => () => undefined,
    onCrash: () => () => undefined,
    end: () => undefined,
  };
  const code = await main(args, io);
  if (code !== 0) throw new Error(`mentat-reporter ${args.join(' ')} ended with ${code}`);
  return Buffer.concat(printed).toString();
}

/** The lanes of a run that had something to say. */
function lanesIn(printed: string): LaneLine[] {
  const lines = printed.split('\n').filter((line) => line !== '');
  const lanes = lines
    .map((line) => JSON.parse(line) as Partial<LaneLine>)
    .filter((line) => line.group !== undefined) as LaneLine[];
  return lanes.filter((lane) => numbersOf(lane).some((count) => count > 0));
}

function numbersOf(lane: LaneLine): number[] {
  const keys = [
    'evcount_new',
    'evcount_net',
    'evcount_flt_blk',
    'evcount_thr_blk',
    'evcount_rlp',
    'evcount_rep',
    'mails',
  ];
  return keys.map((key) => Number(lane[key] ?? 0));
}

function explain(output: Output): void {
  const lines = [
    '',
    'What to see in it:',
    '  11-11  first reports: nothing was known of these sources before',
    '  11-12  critical lanes stand before the low ones, and go out first',
    '  11-13  198.51.100.23 is at it again and suppressed: its group was told two days ago; a miner of abuse@example.org is filtered away',
    '  11-16  one run makes up for three nights; an event outside the networks of its group reaches nobody',
    '  11-17  198.51.100.23 comes back: its threshold ended, and it had been seen shortly before that',
    '  always noc@lab.example is muted: its reports are kept, no mail goes out',
  ];
  for (const line of lines) output.line(line);
}

/** One mail as its reader sees it. */
async function showMail(output: Output, label: string, run: Run): Promise<void> {
  const printed = await run(['--action', 'report-view', '--output', 'json', '--input', label], FIRST);
  const record = JSON.parse(printed) as ReportRecord;
  output.line('\nOne of the mails:\n');
  for (const line of [
    `To: ${record.mail_to.join(', ')}`,
    `Subject: ${record.subject}`,
    '',
    ...record.message.trimEnd().split('\n'),
  ]) {
    output.line(`  | ${cell(line)}`);
  }
}

function showNext(output: Output, config: string, place: string, label: string): void {
  const here = (path: string): string => relative(process.cwd(), path);
  const spool = join(place, 'spool');
  const program = `${here(shipped('bin/mentat-reporter'))} --config-file ${here(config)}`;
  const lines = [
    '',
    `${formatCount(readdirSync(spool).length, 'mail')} in ${here(spool)}/*.eml`,
    '',
    'What to try next:',
    `  ${program} --action reports-list`,
    `  ${program} --action report-view --input ${label}`,
    `  ${program} --action report-view --input ${label} --output html > report.html`,
    `  ${program} --action event-explain --input ${ASKED_ABOUT}`,
    `  ${program} --events - < ${here(shipped('conf/sample/events.ndjson'))}`,
  ];
  for (const line of lines) output.line(line);
}

try {
  await demo();
} catch (error) {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
}
