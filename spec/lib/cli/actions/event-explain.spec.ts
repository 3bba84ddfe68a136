import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { Database } from '../../../../lib/store/embedded/database.ts';
import { at, FIRST, GROUP, GROUPS, iso, World } from '../../../support/cli/explained-world.ts';
import { rawEvent } from '../../../support/builders.ts';
import { needsMongod } from '../../../support/mongod.ts';
import { openMongoForSpec } from '../../store/mongodb/open.ts';

describe('event-explain', () => {
  let world: World;
  beforeEach(async () => {
    world = new World();
    await world.fill();
  });
  afterEach(() => world.folder.remove());

  it('names the reports that tell of an event, and what became of their mails', async () => {
    await world.run(6, 7);
    const { event, lanes } = await world.explain('first', 7);
    assert.deepEqual(event, {
      id: 'first',
      stored: '2026-01-05T10:00:00Z',
      class: 'recon-scanning',
      severity: 'low',
      groups: [GROUP],
      sources: ['192.0.2.1'],
      fallback: false,
      test_data: false,
      invalid: null,
    });
    const [lane] = lanes;
    assert.equal(lane!.lane, `live/low/${GROUP}`);
    assert.equal(lane!.work?.state, 'worked');
    assert.equal(lane!.work.to, iso(7));
    const [summary, extra] = lane!.reports;
    const delivery = [
      {
        recipient: GROUP,
        state: 'sent',
        attempts: 1,
        reply: `written to ${summary!.label}.1.eml`,
        reason: null,
      },
    ];
    assert.deepEqual(
      { ...summary, label: '', run: '' },
      {
        ...{ label: '', type: 'summary', part: 'regular', sources: ['192.0.2.1'], run: '', created: iso(6) },
        ...{ from: FIRST, to: iso(6), mailed: true, mail_to: [GROUP], delivery },
      },
    );
    assert.deepEqual([extra?.type, extra?.sources, extra?.run], ['extra', ['192.0.2.1'], summary?.run]);
    assert.equal(lane!.reports.length, 2);
    assert.equal(
      lane!.verdict,
      `reported, if it was in the store when its window was read: ${summary!.label} names its class and source in the window that holds it; mail sent: ${GROUP}`,
    );
  });

  it('tells which report keeps an event quiet, until when, and what it would take to come back', async () => {
    await world.run(6, 7);
    const [summary, extra] = (await world.lane('first', 7)).reports;
    const lane = await world.lane('again', 7);
    const [source] = lane.sources;
    assert.deepEqual(source?.held, { class: 'recon-scanning', created: iso(7) });
    assert.deepEqual(
      { ...source.threshold, reports: [...source.threshold!.reports].sort() },
      {
        ...{ run: summary!.run, thresholdtime: iso(6), ttl: iso(12), relapsetime: iso(10), relapse: 'open' },
        reports: [summary!.label, extra!.label].sort(),
      },
    );
    assert.deepEqual(lane.reports, []);
    assert.match(
      lane.verdict,
      /^suppressed until 2026-01-12T00:00:00Z, as run \S+ \(\S+, \S+\) had reported/,
    );
    assert.match(lane.verdict, /comes back then only if the same is suppressed again from 2026-01-10T/);
    await world.run(11);
    const sure = await world.lane('again', 11);
    assert.equal(sure.sources[0]?.threshold?.relapse, 'sure');
    assert.match(sure.verdict, /it comes back then, unless networks or filters remove it$/);
    await world.import('groups', [{ ...GROUPS[0], enabled: false }]);
    assert.match((await world.lane('again', 11)).verdict, /; nothing brings it back while the group is disabled$/); // prettier-ignore
  });

  it('says that nothing comes back where there is no relapse', async () => {
    const settings = { timing: 'custom', timing_rel_lo: 0 };
    await world.import('groups', [{ ...GROUPS[0], settings }]);
    await world.run(6, 11);
    const lane = await world.lane('late', 11);
    assert.equal(lane.sources[0]?.threshold?.relapse, 'never');
    assert.match(lane.verdict, /; it does not come back, as there is no relapse$/);
  });

  it('finds what came back, once its threshold is gone', async () => {
    await world.run(6, 7, 11, 12);
    for (const id of ['again', 'late']) {
      const lane = await world.lane(id, 12);
      const [report] = lane.reports;
      assert.deepEqual(
        [report?.part, report?.to, report?.mailed, lane.sources[0]?.held],
        ['relapsed', iso(12), true, null],
      );
      assert.match(lane.verdict, new RegExp(`^came back: ${report!.label} \\(mail sent: ${GROUP}\\)`));
    }
    assert.equal((await world.lane('first', 12)).reports[0]?.part, 'regular');
  });

  it('says so when a threshold ended and nothing came back', async () => {
    // Of another class, and told a day later, so that the journal is kept beyond the first threshold.
    const other = rawEvent({ id: 'other', stored: at(6), eventClass: 'other' });
    await world.import('events', [other, rawEvent({ id: 'third', stored: at(7) })]);
    await world.run(6, 7, 8, 9);
    await world.import('groups', [{ ...GROUPS[0], networks: [{ network: '198.51.100.0/24' }] }]);
    await world.run(12);
    const { sources, verdict } = await world.lane('third', 12);
    assert.deepEqual([sources[0]?.held?.created, sources[0]?.threshold], [iso(8), null]);
    assert.match(verdict, /^was suppressed by the run up to 2026-01-08T.*ended since; no report shows that/);
  });

  it('does not take for reported what came into the store after its window was worked', async () => {
    await world.run(6);
    await world.import('events', [rawEvent({ id: 'latecomer', stored: at(5) })]);
    const { verdict } = await world.lane('latecomer', 6);
    assert.match(verdict, /^reported, if it was in the store when its window was read: \S+ names its class/);
  });

  it('promises no run of a lane that the configuration leaves out', async () => {
    await world.run(6, 7);
    for (const [key, value] of [
      ['severity', ['high']],
      ['abuse_group', ['muted@example.org']],
    ] as const) {
      world.configure({ [key]: value });
      const { work, idle, verdict } = await world.lane('new', 8);
      assert.deepEqual([work?.state, work?.due, work?.due_now], ['waiting', null, false]);
      assert.match(idle!, new RegExp(`^the configuration leaves this \\w+ out \\(key ${key}\\)$`));
      assert.equal(verdict, `not processed by a scheduled run, as ${idle} now`);
      assert.ok((await world.lane('again', 8)).verdict.endsWith(`; nothing brings it back while ${idle}`));
      const { stdout } = await world.call(['--action', 'event-explain', '--input', 'new'], at(8));
      assert.doesNotMatch(stdout, /is due/);
    }
  });

  it('takes no other report of the same class and source for one of the event', async () => {
    await world.run(6);
    await world.import('events', [rawEvent({ id: 'behind', stored: at(5), more: { DetectTime: iso(3) } })]);
    const lane = await world.lane('behind', 7);
    assert.deepEqual(lane.reports, []);
    assert.match(
      lane.verdict,
      /^no report of the lane names it.*the store does not show why.*after its window/,
    );
  });

  it('names filters that remove a source now, and those that are not asked', async () => {
    await world.run(6);
    const lane = await world.lane('filtered', 7);
    assert.deepEqual(lane.filters, {
      at: iso(6),
      removed: [{ source: '192.0.2.9', filter: 'scanner' }],
      idle: [
        { filter: 'off', why: 'is disabled' },
        { filter: 'over', why: 'held until 2026-01-01T00:00:00Z' },
      ],
      faults: [],
    });
    const { report, from, to, filtering } = lane.window!;
    assert.deepEqual([from, to, filtering], [FIRST, iso(6), { scanner: 1 }]);
    assert.equal(report, (await world.lane('first', 7)).reports[0]?.label);
    assert.match(lane.verdict, /: filter "scanner" removes it now, and removed 1 event of its window$/);
  });

  it('tells filters of now from what there was then', async () => {
    await world.import('events', [rawEvent({ id: 'twin', stored: at(5), sources: ['192.0.2.77'] })]);
    await world.run(6);
    const since = [{ name: 'since', filter: 'Source.IP4 in [192.0.2.66, 192.0.2.77]' }];
    await world.import('groups', [{ ...GROUPS[0], filters: since }]);
    const twin = await world.lane('twin', 7);
    assert.equal(twin.sources[0]?.filter, 'since');
    assert.match(twin.verdict, /^reported, if /);
    await world.import('events', [rawEvent({ id: 'missed', stored: at(5), sources: ['192.0.2.66'] })]);
    assert.match(
      (await world.lane('missed', 7)).verdict,
      /: filter "since" removes it now, but removed nothing in its window$/,
    );
  });

  it('does not take an event for reported that a filter may have removed beside others of its class and source', async () => {
    const filters = [{ name: 'port', filter: 'Target.Port in [22]' }];
    await world.import('groups', [{ ...GROUPS[0], filters }]);
    const [sources, more] = [['192.0.2.50'], { Target: [{ Port: [22] }] }];
    await world.import('events', [
      ...[9, 11].map((hour) => rawEvent({ id: `web-${hour}`, stored: at(5, hour), sources })),
      rawEvent({ id: 'shell', stored: at(5), sources, more }),
    ]);
    await world.run(6);
    assert.match(
      (await world.lane('shell', 6)).verdict,
      /^perhaps reported: \S+ names .*, but filter "port" removes it now, and removed 1 event of its window; mail sent: /,
    );
    assert.match((await world.lane('web-9', 6)).verdict, /^reported, if /);
  });

  it('names filters that are invalid', async () => {
    const groups = world.folder.write(
      'groups.json',
      JSON.stringify([{ ...GROUPS[0], filters: [{ name: 'broken', filter: 'Source.IP4 in [' }] }]),
    );
    const args = ['--action', 'event-explain', '--groups', groups, '--input', 'first'];
    const { code, stdout } = await world.call(args, at(6));
    assert.equal(code, 0);
    assert.match(stdout, /filter +invalid, matches nothing: group abuse@example\.org, filter broken: /);
  });

  it('tells sources inside the networks of the group from those outside', async () => {
    await world.run(6);
    assert.match((await world.lane('outside', 6)).verdict, /outside the group's networks now$/);
    const { sources, verdict } = await world.lane('half', 6);
    assert.deepEqual(
      sources.map(({ source, inside }) => [source, inside]),
      [
        ['192.0.2.3', true],
        ['10.0.0.1', false],
      ],
    );
    assert.match(verdict, /^192\.0\.2\.3: reported, if .* \/ 10\.0\.0\.1: no report .* networks now$/);
  });

  it('takes a fallback source for what it is', async () => {
    const mail = { Source: [{ Email: ['someone@example.org'] }] };
    await world.import('events', [rawEvent({ id: 'mail', stored: at(5), more: mail })]);
    await world.run(6);
    const { event, lanes } = await world.explain('mail', 6);
    assert.deepEqual([event.sources, event.fallback], [['someone@example.org'], true]);
    assert.match(lanes[0]!.verdict, /^reported, if /);
  });

  describe('of an event that is not processed yet', () => {
    it('says when it is due, and what will become of it as things are', async () => {
      await world.run(6);
      const due = await world.lane('new', 6);
      assert.deepEqual([due.work?.state, due.work?.due, due.work?.due_now], ['waiting', '2026-01-13T00:00:00Z', false]); // prettier-ignore
      assert.match(due.verdict, /^not yet processed by a scheduled run: due at the earliest with one that reaches 2026-01-13T00:00:00Z; as things are now it will be reported$/); // prettier-ignore
      const soon = await world.lane('again', 6);
      assert.equal(soon.work?.due, iso(7));
      assert.match(soon.verdict, /now it will be suppressed until 2026-01-12T00:00:00Z, as run /);
      assert.match((await world.lane('again', 8)).verdict, /: the next one processes it; as things are/);
      assert.match(
        (await world.lane('late', 13)).verdict,
        /it will be reported as relapsed, as the threshold/,
      );
    });

    it('is right about that', async () => {
      await world.run(6, 13);
      assert.equal((await world.lane('new', 13)).reports[0]?.part, 'regular');
      assert.equal((await world.lane('late', 13)).reports[0]?.part, 'relapsed');
    });

    it('knows what no run will ever look at', async () => {
      const before = await world.lane('early', 6);
      assert.match(
        before.verdict,
        /^no scheduled run reads it, unless --time-low .* stored before 2026-01-05T00/,
      );
      await world.run(6);
      const passed = await world.lane('early', 6);
      assert.equal(passed.work?.state, 'worked');
      assert.match(passed.verdict, /does not show why: .* no window of the lane contained it, /);
      const test = await world.lane('test', 6);
      assert.equal(test.lane, `test-data/low/${GROUP}`);
      assert.match(test.verdict, /^test data, which only runs with --test-data read: not yet processed/);
    });
  });

  it('says which groups and severities there are no lanes for', async () => {
    await world.run(6);
    const { lanes } = await world.explain('unknown', 6);
    assert.deepEqual(
      lanes.map(({ group, known, lane }) => [group, known, lane]),
      [
        ['who@example.org', false, null],
        ['muted@example.org', true, 'live/low/muted@example.org'],
      ],
    );
    assert.match(lanes[0]!.verdict, /^no lane now: there is no usable group of this name, .* not searched$/);
    assert.match(lanes[1]!.verdict, /; no mail was written \(the group is muted now\)$/);
    assert.match((await world.lane('odd', 6)).verdict, /^no lane: it has an unknown severity \("High"\)/);
    const disabled = await world.lane('disabled', 6);
    assert.equal(disabled.enabled, false);
    assert.match(disabled.verdict, /group is disabled now$/);
  });

  it('names the owners of an event that names no group', async () => {
    await world.import('events', [rawEvent({ id: 'nobody', groups: [], sources: ['172.16.0.1'] })]);
    await world.import('groups', [{ name: 'since@example.org', networks: [{ network: '172.16.0.0/12' }] }]);
    const { event, lanes, owners } = await world.explain('nobody', 6);
    assert.deepEqual([event.groups, lanes, owners], [[], [], ['since@example.org']]);
    const { stdout } = await world.call(['--action', 'event-explain', '--input', 'nobody'], at(6));
    assert.match(
      stdout,
      /it names no group, and is never fetched\nits sources are in networks of since@example\.org/,
    );
  });

  it('says so when the last run died after its commit, and the next one brings to light what it wrote', async () => {
    await runUnseen(world);
    const { last_run_unseen, verdict, work } = await world.lane('first', 6);
    assert.equal(last_run_unseen, true);
    assert.equal(verdict, `no report of the lane names it so far: what run ${work?.run} wrote is not visible yet, and the next scheduled run makes it so`); // prettier-ignore
    await world.run(6);
    assert.match((await world.lane('first', 6)).verdict, /^reported, if /);
  });

  it('changes nothing', async () => {
    await world.run(6, 7);
    const file = world.folder.at('var/mentat/run/mentat-reporter.db');
    const before = readFileSync(file);
    for (const id of ['first', 'again', 'new']) await world.explain(id, 8);
    assert.ok(readFileSync(file).equals(before));
  });

  it('is one line and 1 for an ID that nobody has, and a matter of usage without one', async () => {
    const none = await world.call(['--action', 'event-explain', '--input', 'no\u001b'], at(6));
    assert.deepEqual([none.code, none.stdout], [1, '']);
    assert.match(
      none.stderr,
      /^mentat-reporter: --input: no event with this ID in sqlite:[^\n]*, got "no\\u001b"\n$/,
    );
    const unnamed = await world.call(['--action', 'event-explain'], at(6));
    assert.equal(unnamed.code, 2);
    assert.match(unnamed.stderr, /--input: no event named, expected the ID of an event/);
  });

  it('shows people the facts and what they come to, and lets no text drive their terminal', async () => {
    await world.run(6, 7);
    const text = async (id: string) =>
      (await world.call(['--action', 'event-explain', '--input', id], at(7))).stdout;
    const again = await text('again');
    assert.match(again, /^event again\n {2}stored +2026-01-06T10:00:00Z\n {2}class +recon-scanning\n/);
    assert.match(
      again,
      /\n\nlane live\/low\/abuse@example\.org\n {2}processed +up to 2026-01-07T00:00:00Z, by run /,
    );
    assert.match(
      again,
      /\n {2}suppressed 192\.0\.2\.1: as recon-scanning, by the run up to 2026-01-07T00:00:00Z\n/,
    );
    assert.match(
      again,
      /\n {2}threshold +192\.0\.2\.1: set at 2026-01-06T00:00:00Z by run .*suppresses until 2026-01-12T/,
    );
    assert.match(again, /\n {2}verdict +suppressed until [^\n]*\n$/);
    const hostile = await text('hostile');
    assert.ok(hostile.includes('a\\u{1b}[2J') && hostile.includes('\\u{1b}[31mred'));
    assert.doesNotMatch(hostile, /\u001b/u);
    assert.ok(hostile.split('\n').every((line) => line.length < 3000));
  });
});

/** A run that dies after its commit, and before its rows are live: as if it had not come to that. */
async function runUnseen(world: World): Promise<void> {
  await world.run(6);
  const db = new Database(world.folder.at('var/mentat/run/mentat-reporter.db'), 'spec');
  db.write(() => db.prepare('UPDATE stamps SET pending = 1').run());
  db.close();
}

describe('event-explain on MongoDB', function () {
  this.timeout(60_000);
  needsMongod();

  it('says of reported, kept and relapsed events what the other engine says', async () => {
    const opened = await openMongoForSpec();
    const world = new World({ store: opened.uri, database: opened.database });
    try {
      await world.fill();
      await world.run(6, 7);
      assert.match(
        (await world.lane('first', 7)).verdict,
        /^reported, if .*; mail sent: abuse@example\.org$/,
      );
      assert.match((await world.lane('again', 7)).verdict, /^suppressed until 2026-01-12T00:00:00Z, as run/);
      assert.match(
        (await world.lane('filtered', 7)).verdict,
        /filter "scanner" removes it now, and removed 1 event/,
      );
      await world.run(11, 12);
      assert.match((await world.lane('again', 12)).verdict, /^came back: /);
      const events = opened.client.db(opened.database).collection('alerts');
      await events.updateOne({ ID: 'outside' }, { $set: { Format: 'IDEA1' } });
      const { event, lanes } = await world.explain('outside', 12);
      assert.equal(event.invalid, 'Format is not IDEA0');
      assert.match(lanes[0]!.verdict, /^cannot be used: Format is not IDEA0/);
      const none = await world.call(['--action', 'event-explain', '--input', 'none'], at(12));
      assert.equal(none.code, 1);
      assert.doesNotMatch(none.stderr, /\n./);
    } finally {
      await opened.destroy();
      world.folder.remove();
    }
  });
});
