import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simpleParser, type ParsedMail } from 'mailparser';
import { describe, it } from 'mocha';
import { admitEvent } from '../../lib/model/event/admit-event.ts';
import { runReporter } from '../../lib/run/run.ts';
import { basicExpression } from '../../lib/filter/index.ts';
import type { RawEvent } from '../../lib/model/event/event.ts';
import type { Group, GroupDocument, SettingsDocument } from '../../lib/model/group/group.ts';
import { parseGroup } from '../../lib/model/group/group-schema.ts';
import { NetworkIndex } from '../../lib/model/network/network-index.ts';
import { UserError } from '../../lib/model/user-error.ts';
import { openEmbeddedStore } from '../../lib/store/embedded/index.ts';
import type { Store } from '../../lib/store/port.ts';
import { openMongoForSpec } from '../lib/store/mongodb/open.ts';
import { END, rawEvent } from '../support/builders.ts';
import { needsMongod } from '../support/mongod.ts';
import { runDeps, runOptions } from '../support/run.ts';

const HOUR = 3_600_000;
const SECRET = { random: () => new Uint8Array(32).fill(3) };
/** Reported every hour, then quiet for four; what comes in the last two of these comes back at their end. */
const TIMING = {
  timing: 'custom',
  timing_per_lo: 3600,
  timing_thr_lo: 4 * 3600,
  timing_rel_lo: 2 * 3600,
} as const;

/** Hours after the first run: an event stored half an hour before each. */
function at(hours: number, source: string, eventClass = 'recon-scanning'): RawEvent {
  const id = `${eventClass}-${source}-${hours}`;
  return rawEvent({ id, sources: [source], eventClass, stored: END + hours * HOUR - HOUR / 2 });
}

/** As an import would store them. */
function admitted(events: readonly RawEvent[], groups: readonly Group[]): RawEvent[] {
  const owners = new NetworkIndex(groups);
  return events.map((event) => {
    const done = admitEvent(event, 'spec', END, owners);
    if (done instanceof UserError) throw done;
    return done.event;
  });
}

interface Thread {
  readonly mails: ParsedMail[];
  readonly store: Store;
}

type Open = () => Promise<{ store: Store; reopen: () => Promise<Store>; destroy: () => Promise<void> }>;

const ENGINES: Record<string, Open> = {
  embedded: async () => {
    const directory = await mkdtemp(join(tmpdir(), 'threads-'));
    const reopen = () => Promise.resolve(openEmbeddedStore(join(directory, 'store.db'), SECRET));
    const store = await reopen();
    const destroy = async () => {
      await store.close();
      await rm(directory, { recursive: true });
    };
    return { store, reopen, destroy };
  },
  MongoDB: async () => {
    const mongo = await openMongoForSpec();
    return { store: await mongo.open(SECRET), reopen: () => mongo.open(SECRET), destroy: mongo.destroy };
  },
};

/** Runs at these hours over these events, each as if on a machine of its own, and hands over every mail of the last run. */
async function thread(
  open: Open,
  {
    events,
    runs,
    settings = {},
    maxExtraReports = 100,
  }: {
    events: readonly RawEvent[];
    runs: readonly number[];
    settings?: SettingsDocument;
    maxExtraReports?: number;
  },
  look: (thread: Thread) => Promise<void>,
): Promise<void> {
  const { store, reopen, destroy } = await open();
  const document: GroupDocument = {
    name: 'abuse@example.org',
    networks: [{ network: '192.0.2.0/24' }],
    settings: { mode: 'extra', ...TIMING, ...settings },
  };
  const groups = [parseGroup(document, 'spec', basicExpression)];
  await store.groups.replace([document]);
  await store.events.insert(admitted(events, groups));
  let mails: ParsedMail[] = [];
  for (const hours of runs) {
    const directory = await mkdtemp(join(tmpdir(), 'threads-'));
    const own = await reopen();
    const to = END + hours * HOUR;
    const usual = runOptions(directory, {
      mode: 'regular',
      severities: ['low'],
      timeLow: END - HOUR,
      timeHigh: to,
    });
    const options = { ...usual, report: { ...usual.report, maxExtraReports } };
    const deps = runDeps({ directory, store: own, groups, run: `run-${hours}`, now: to });
    assert.deepEqual((await runReporter(options, deps)).failures, []);
    const spool = join(directory, 'spool');
    const names = (await readdir(spool).catch(() => [])).filter((name) => name.endsWith('.eml')).sort();
    mails = await Promise.all(names.map(async (name) => simpleParser(await readFile(join(spool, name)))));
    if (own !== store) await own.close();
    await rm(directory, { recursive: true });
  }
  try {
    await look({ mails, store });
  } finally {
    await destroy();
  }
}

describe('threads', function () {
  this.timeout(120_000);

  for (const [engine, open] of Object.entries(ENGINES)) {
    describe(`on ${engine}`, () => {
      if (engine === 'MongoDB') needsMongod();

      const labelOf = (mail: ParsedMail): string => mail.headers.get('x-mentat-report-id') as string;
      const extraOf = async (store: Store, hours: number, source: string) =>
        (await store.reports.list()).find(
          (report) =>
            report.type === 'extra' &&
            report.source === source &&
            Date.parse(report.dt_to) === END + hours * HOUR,
        );

      it('an extra report on a relapse answers the one that told of the problem, the next relapse that answer', async () => {
        const events = [at(0, '192.0.2.1'), at(3, '192.0.2.1'), at(7, '192.0.2.1'), at(8, '192.0.2.2')];
        await thread(open, { events, runs: [0, 3, 4, 7, 8] }, async ({ mails, store }) => {
          const [first, second, third] = await Promise.all(
            [0, 4, 8].map((hours) => extraOf(store, hours, '192.0.2.1')),
          );
          const mail = mails.find((one) => labelOf(one) === third!.label)!;
          assert.equal(mail.inReplyTo, second!.message_id);
          assert.deepEqual([mail.references].flat(), [second!.message_id]);
          const record = (await store.reports.get(third!.label))!;
          const [entry] = Object.values(record.structured_data.relapsed['recon-scanning']!);
          assert.equal(entry!.reference, second!.label);
          const old = (await store.reports.get(second!.label))!;
          assert.equal(old.structured_data.relapsed['recon-scanning']!['192.0.2.1']!.reference, first!.label);
          for await (const placed of store.reports.entries(third!.label))
            assert.equal(placed.entry.reference, placed.part === 'relapsed' ? second!.label : undefined);
          assert.match(record.message, new RegExp(`Reported in +${second!.label}`));
          const other = mails.find((one) => one.headers.get('x-mentat-report-src-ip') === '192.0.2.2')!;
          assert.equal(other.inReplyTo, undefined, 'what is new answers nothing');
          assert.equal(other.references, undefined);
        });
      });

      it('refers to every report that told of one of its problems, the latest last', async () => {
        const ssh = 'attempt-login-ssh';
        const events = [
          at(0, '192.0.2.1'),
          at(1, '192.0.2.1', ssh),
          at(4, '192.0.2.1'),
          at(5, '192.0.2.1', ssh),
        ];
        // The run at the end of the first threshold is missed, so that both end in one window.
        await thread(open, { events, runs: [0, 1, 3, 5] }, async ({ mails, store }) => {
          const told = await Promise.all([0, 1].map((hours) => extraOf(store, hours, '192.0.2.1')));
          const mail = mails.find((one) => one.references !== undefined);
          assert.deepEqual(
            mail?.references,
            told.map((report) => report!.message_id),
          );
          assert.equal(mail.inReplyTo, told[1]!.message_id);
        });
      });

      it('answers the summary where the source had no mail of its own, and nothing where nothing was mailed', async () => {
        const events = [at(0, '192.0.2.1'), at(0, '192.0.2.1', 'b'), at(0, '192.0.2.2'), at(3, '192.0.2.2')];
        const order = { events, runs: [0, 3, 4], maxExtraReports: 1 };
        await thread(open, { ...order, settings: { mode: 'both' } }, async ({ mails, store }) => {
          const first = (await store.reports.list()).find(
            (report) => report.type === 'summary' && Date.parse(report.dt_to) === END,
          )!;
          assert.equal(first.extra_left_out, 1);
          const mail = mails.find((one) => one.headers.get('x-mentat-report-type') === 'extra')!;
          assert.equal(mail.headers.get('x-mentat-report-src-ip'), '192.0.2.2');
          assert.equal(mail.inReplyTo, first.message_id);
        });
        await thread(open, order, async ({ mails }) => {
          assert.equal(mails.length, 1);
          assert.equal(mails[0]!.inReplyTo, undefined);
          await Promise.resolve();
        });
      });
    });
  }
});
