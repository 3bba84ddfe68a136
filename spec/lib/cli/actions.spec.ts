import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { callProgram, type Call, type Ended } from '../../support/program.ts';
import { shipped } from '../../../lib/config/locations.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

const NOW = Date.UTC(2026, 10, 11, 0, 5);
const GROUPS = [
  { name: 'b@example.org', networks: [{ network: '192.0.2.0/24' }], settings: { mode: 'both', mute: true } },
  {
    name: 'a@example.org',
    networks: [{ network: '192.0.2.128/25' }],
    filters: [{ name: 'f', filter: "Category in ['Test']" }],
  },
];
const event = (id: string, more: object = {}) => ({
  Format: 'IDEA0',
  ID: id,
  DetectTime: '2026-11-10T10:00:00Z',
  Category: ['Recon.Scanning'],
  Source: [{ IP4: ['192.0.2.200'] }],
  ...more,
});
const lines = (...values: unknown[]) =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');

describe('actions', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
    folder.write('etc/mentat/mentat-reporter.conf', '{}');
  });
  afterEach(() => folder.remove());

  const call = (args: string[], more: Call = {}): Promise<Ended> =>
    callProgram(args, { now: NOW, environment: { APP_ROOT_PATH: folder.path }, ...more });
  const json = (action: string, args: string[] = [], more: Call = {}) =>
    call(['--action', action, '--output', 'json', ...args], more);

  describe('groups-import', () => {
    const forms: [string, string, number][] = [
      ['an array', JSON.stringify(GROUPS, null, 2), 2],
      ['one group a line', lines(...GROUPS), 2],
      ['one group', JSON.stringify(GROUPS[0], null, 2), 1],
      ['nothing', '', 0],
      ['a byte order mark', `\ufeff${JSON.stringify(GROUPS)}`, 2],
    ];
    for (const [what, stdin, imported] of forms) {
      it(`reads ${what} from stdin`, async () => {
        const { code, objects } = await json('groups-import', [], { stdin });
        assert.deepEqual([code, objects()], [0, [{ imported, unchanged: 0 }]]);
      });
    }

    it('refuses a group with a key that is there twice, whose first value nobody would see', async () => {
      const stdin = '{"name": "a@example.org", "networks": [{"network": "192.0.2.0/24"}],\n "networks": []}';
      const { code, stderr } = await json('groups-import', [], { stdin });
      assert.equal(code, 1);
      assert.match(stderr, /stdin: duplicate keys: "networks", line 2, column 2/);
      assert.deepEqual((await json('groups-list')).objects(), []);
      const file = folder.write('g.json', stdin);
      const listed = await json('groups-list', ['--groups', file]);
      assert.deepEqual([listed.code, listed.objects().length], [1, 1]);
      assert.match(listed.stderr, /g\.json: duplicate keys/);
    });

    it('refuses a language that there is none of, and takes none of the others', async () => {
      const stdin = lines({ name: 'a@example.org' }, { name: 'b@example.org', settings: { locale: 'cz' } });
      const { code, stderr } = await json('groups-import', [], { stdin });
      assert.equal(code, 1);
      assert.match(
        stderr,
        /stdin, group "b@example\.org", settings\.locale: no such locale, got "cz", expected cs or en \(did you mean cs\?\)\n$/,
      );
      assert.deepEqual((await json('groups-list')).objects(), []);
    });

    it('takes a language of the operator, and says how to make one', async () => {
      const stdin = lines({ name: 'b@example.org', settings: { locale: 'de' } });
      assert.match(
        (await json('groups-import', [], { stdin })).stderr,
        /got "de", expected cs or en \(a file de\.json in locales_dir makes one\)/,
      );
      folder.write('locales/de.json', '{}');
      folder.write('etc/mentat/mentat-reporter.conf', JSON.stringify({ locales_dir: folder.at('locales') }));
      assert.equal((await json('groups-import', [], { stdin })).code, 0);
    });

    it('reads a file, replaces by name, and counts what is the same', async () => {
      await json('groups-import', [], { stdin: lines(...GROUPS) });
      const changed = [GROUPS[0], { ...GROUPS[1], enabled: false }, { name: 'c@example.org' }];
      const { objects } = await json('groups-import', [
        '--input',
        folder.write('g.json', JSON.stringify(changed)),
      ]);
      assert.deepEqual(objects(), [{ imported: 2, unchanged: 1 }]);
    });

    // What is wrong, the input, and what the lines say.
    const broken: [string, string, RegExp[]][] = [
      [
        'a network that is none',
        lines(GROUPS[0], { name: 'x', networks: [{ network: '1.2.3' }] }),
        [/stdin, line 2, group "x", networks\[0\]\.network: wrong value, got "1\.2\.3"/],
      ],
      [
        'a filter that is none',
        lines({ name: 'x', filters: [{ name: 'bad', filter: 'Source.IP4 in [' }] }),
        [/stdin, group "x", filter "bad": /],
      ],
      [
        'a name used twice',
        lines(GROUPS[0], GROUPS[0]),
        [/stdin, line 2: a second group named "b@example\.org"/],
      ],
      ['a broken line among good ones', lines(GROUPS[0], '{"name": "x"'), [/stdin, line 2: no valid JSON/]],
      [
        'a broken line with a key that is none',
        lines(GROUPS[0], '{"na\\xme": "x"}', '{"name": "y", "networks": [], "networks": []}'),
        [/stdin: duplicate keys: "networks", line 3, column 31 /, /stdin, line 2: no valid JSON/],
      ],
      ['a key that is none', '{"na\\xme": "x"}', [/stdin, line 1, column \d+: no valid JSON/]],
      ['broken JSON', '[\n  {"name": "x",}\n]', [/stdin, line 2, column 16: no valid JSON/]],
      [
        'several things',
        lines({ name: 'x', mode: 'both' }, { nam: 'y' }),
        [/it belongs into "settings"/, /line 2: name is missing/, /did you mean name\?/],
      ],
    ];
    for (const [what, stdin, expected] of broken) {
      it(`takes nothing when there is ${what}, and names it`, async () => {
        const { code, stdout, stderr } = await json('groups-import', [], { stdin });
        assert.deepEqual([code, stdout], [1, '']);
        const told = stderr.trimEnd().split('\n');
        assert.equal(told.length, expected.length, stderr);
        for (const [i, line] of expected.entries()) assert.match(told[i]!, line);
        assert.deepEqual((await json('groups-list')).objects(), []);
      });
    }
  });

  it('config-check and groups-import warn of X-ARF without extra reports, which carry it', async () => {
    const group = (name: string, mode?: string) => ({
      name,
      settings: { xarf: true, ...(mode === undefined ? {} : { mode }) },
    });
    const stdin = lines(
      group('a@example.org'),
      group('b@example.org', 'none'),
      group('c@example.org', 'both'),
    );
    const warned =
      /WARNING: [^\n]*group "a@example\.org", settings\.xarf: has no effect with mode summary: X-ARF documents go with extra reports, expected mode extra or both beside it\n[^\n]*WARNING: [^\n]*group "b@example\.org", settings\.xarf: has no effect with mode none/;
    const FROM = ['--mail-from', 'csirt@example.org'];
    const imported = await json('groups-import', [], { stdin });
    assert.equal(imported.code, 0);
    assert.match(imported.stderr, warned);
    assert.doesNotMatch(imported.stderr, /c@example\.org/);
    const checked = await json('config-check', FROM);
    assert.equal(checked.code, 0, checked.stdout);
    assert.match(checked.stderr, warned);
    assert.doesNotMatch(
      (await json('config-check', [...FROM, '--force-mode', 'extra'])).stderr,
      /settings\.xarf/,
    );
  });

  it('a metrics file that no collector would read is warned of, by config-check and by each scheduled run', async () => {
    const warned =
      /WARNING: --metrics-file: the node exporter's textfile collector passes over a file of this name, got "[^"]+", expected a name ending with \.prom\n/;
    const args = ['--metrics-file', folder.at('metrics.txt')];
    const checked = await json('config-check', args);
    assert.equal(checked.code, 0, checked.stdout);
    assert.match(checked.stderr, warned);
    assert.match((await call(['--regular', ...args])).stderr, warned);
    assert.doesNotMatch((await call(args)).stderr, /collector/);
    assert.doesNotMatch(
      (await call(['--regular', '--metrics-file', folder.at('m.prom')])).stderr,
      /collector/,
    );
  });

  it('groups-export gives back what was imported, in both forms', async () => {
    await json('groups-import', [], { stdin: lines(...GROUPS) });
    const sorted = [GROUPS[1], GROUPS[0]];
    assert.deepEqual((await json('groups-export')).objects(), sorted);
    const { stdout } = await call(['--action', 'groups-export']);
    assert.deepEqual(JSON.parse(stdout), sorted);
    assert.deepEqual((await json('groups-import', [], { stdin: stdout })).objects(), [
      { imported: 0, unchanged: 2 },
    ]);
  });

  it('groups-list says where there are no groups', async () => {
    const { code, stdout } = await call(['--action', 'groups-list']);
    assert.deepEqual([code, stdout.replace(/sqlite:\S+/, 'STORE')], [0, 'there are no groups in STORE\n']);
  });

  it('groups-list shows one line a group, of the store or of files', async () => {
    await json('groups-import', [], { stdin: lines(...GROUPS) });
    assert.deepEqual((await json('groups-list')).objects(), [
      { name: 'a@example.org', enabled: true, networks: 1, filters: 1, mode: 'summary', mute: false },
      { name: 'b@example.org', enabled: true, networks: 1, filters: 0, mode: 'both', mute: true },
    ]);
    folder.write('groups/z.json', '{"name": "z"}');
    folder.write('groups/other.txt', 'not read');
    folder.write('groups/bad.json', '{"name": ""}');
    const { code, objects, stderr } = await json('groups-list', ['--groups', folder.at('groups')]);
    assert.deepEqual([code, objects().map((row) => row['name'])], [1, ['z']]);
    assert.match(stderr, /bad\.json.*name: wrong value/);
  });

  describe('events-import', () => {
    beforeEach(async () => {
      await json('groups-import', [], { stdin: lines(...GROUPS) });
    });

    it('stores what it can, names what it cannot, and stores nothing twice', async () => {
      const stdin = lines(
        event('e1'),
        '',
        event('e2'),
        '{"ID": ',
        '[]',
        event('e1', { Category: ['Other'] }),
        event(''),
        '{"a":'.repeat(70) + '1' + '}'.repeat(70),
      );
      const { code, objects, stderr } = await json('events-import', [], { stdin });
      assert.deepEqual(objects(), [{ read: 7, stored: 2, duplicate: 1, rejected: 4 }]);
      assert.equal(code, 1);
      const told = stderr.trimEnd().split('\n');
      assert.deepEqual(
        told.map((line) => /line (\d+): /.exec(line)?.[1]),
        ['4', '5', '7', '8'],
      );
      const again = await json('events-import', [], { stdin: lines(event('e1'), event('e2')) });
      assert.deepEqual(
        [again.code, again.objects()],
        [0, [{ read: 2, stored: 0, duplicate: 2, rejected: 0 }]],
      );
    });

    it('refuses a line that is too long, and goes on', async () => {
      const stdin = lines(event('e1', { Note: 'x'.repeat(1024 * 1024) }), event('e2'));
      assert.deepEqual((await json('events-import', [], { stdin })).objects(), [
        { read: 2, stored: 1, duplicate: 0, rejected: 1 },
      ]);
    });

    it('ends with 1 on an input without a usable event, and says what to do', async () => {
      for (const [stdin, expected] of [
        [
          JSON.stringify(event('e1'), null, 2),
          /usable event, .*: try … \| jq -c \. \| mentat-reporter … --input -/,
        ],
        ['', /stdin: the input is empty/],
      ] as const) {
        const { code, stderr } = await json('events-import', [], { stdin });
        assert.equal(code, 1);
        assert.match(stderr, expected);
      }
    });

    it('ends with 1 on a file that is missing', async () => {
      const { code, stderr } = await json('events-import', ['--input', folder.at('none')]);
      assert.equal(code, 1);
      assert.match(stderr, /^mentat-reporter: .*none: there is no such file\n$/);
    });
  });

  it('plan-view shows the window of a scheduled run, and every lane in processing order', async () => {
    await json('groups-import', [], { stdin: lines(...GROUPS) });
    const args = ['--regular', '--interval', 'hourly', '--severity', 'low', '--severity', 'critical'];
    const [window, ...lanes] = (await json('plan-view', args)).objects();
    assert.deepEqual(window, {
      interval: 'hourly',
      low: '2026-11-10T23:00:00Z',
      high: '2026-11-11T00:00:00Z',
    });
    assert.deepEqual(
      lanes.map((lane) => [
        lane['severity'],
        lane['group'],
        lane['from'],
        lane['to'],
        lane['due'],
        lane['reason'],
      ]),
      [
        ['critical', 'a@example.org', '2026-11-10T23:50:00Z', '2026-11-11T00:00:00Z', true, 'due'],
        ['critical', 'b@example.org', '2026-11-10T23:50:00Z', '2026-11-11T00:00:00Z', true, 'due'],
        ['low', 'a@example.org', '2026-11-10T00:00:00Z', '2026-11-11T00:00:00Z', true, 'due'],
        ['low', 'b@example.org', '2026-11-10T00:00:00Z', '2026-11-11T00:00:00Z', true, 'due'],
      ],
    );
  });

  describe('plan-view without --regular', () => {
    const HALF_PAST = ['--interval', 'hourly', '--time-high', '2026-11-11T10:30:00Z', '--severity', 'high'];
    const bounds = async (...args: string[]) => {
      await json('groups-import', [], { stdin: lines(GROUPS[0]!) });
      const found = (await json('plan-view', [...HALF_PAST, ...args])).objects();
      const [window, lane, last] = found as [Lane, Lane, { ad_hoc: { high: string; lanes: Lane[] } }];
      assert.equal(found.length, 3);
      return [window['high'], lane['to'], last.ad_hoc.high, last.ad_hoc.lanes[0]!['to']];
    };
    type Lane = Record<string, unknown>;
    const [TEN, HALF] = ['2026-11-11T10:00:00Z', '2026-11-11T10:30:00Z'];

    it('also shows the ad-hoc run that the command line would be', async () => {
      assert.deepEqual(await bounds(), [TEN, TEN, HALF, HALF]);
    });

    it('floors that run with --adjust-thresholds only', async () => {
      assert.deepEqual(await bounds('--adjust-thresholds'), [TEN, TEN, TEN, TEN]);
    });

    it('says for people which run is which', async () => {
      await json('groups-import', [], { stdin: lines(...GROUPS) });
      const { stdout } = await call(['--action', 'plan-view', ...HALF_PAST]);
      assert.match(stdout, /^A scheduled run \(--regular\), interval hourly: .* to 2026-11-11T10:00:00Z$/m);
      assert.match(
        stdout,
        /^This command line as a run: ad hoc, .* up to 2026-11-11T10:30:00Z, not floored/m,
      );
    });
  });

  describe('filter-test', () => {
    const scan = { Source: [{ IP4: ['192.0.2.1'] }] };
    const filter = 'Source.IP4 in [192.0.2.0/24]';

    it('evaluates filters, names errors with their column, and compares with what is expected', async () => {
      const stdin = lines(
        { filter, event: scan },
        { name: 'other', filter, event: {}, expect: false },
        { name: 'broken', filter: 'Source.IP4 in [', event: {}, expect: 'error' },
      );
      const { code, objects } = await json('filter-test', [], { stdin });
      const [first, other, broken] = objects();
      assert.equal(code, 0);
      assert.deepEqual(first, { name: 'line 1', result: true });
      assert.deepEqual(other, { name: 'other', result: false, ok: true });
      assert.deepEqual([broken!['ok'], (broken!['error'] as { column: number }).column], [true, 16]);
    });

    it('shows people why, and what a basic filter stands for', async () => {
      const body = { Source: [{ IP4: ['192.0.2.7'] }] };
      const stdin = lines(
        { name: 'basic', ips: ['192.0.2.0/24'], categories: ['Test'], event: body },
        { name: 'wrong', filter: 'Category = 3', event: body },
      );
      const { stdout } = await call(['--action', 'filter-test'], { stdin });
      assert.match(stdout, /Category IN \["Test"\] OR Source\.IP4 IN \["192\.0\.2\.0\/24"\]/);
      assert.match(stdout, /unknown +Category in/);
      assert.match(stdout, /Category = 3\n +\^/);
    });

    it('ends with 1 when something is not as expected, or no test', async () => {
      const wrong = await json('filter-test', [], { stdin: lines({ filter, event: scan, expect: false }) });
      assert.deepEqual([wrong.code, wrong.objects()], [1, [{ name: 'line 1', result: true, ok: false }]]);
      const none = await json('filter-test', [], { stdin: lines('{', { filter }) });
      assert.equal(none.code, 1);
      assert.match(none.stderr, /line 1: no JSON.*\n.*line 2: no filter test/);
    });

    it('refuses a key that nobody knows: a mistyped expectation would never fail', async () => {
      const stdin = lines({ filter, event: scan, expct: false });
      const { code, stderr, objects } = await json('filter-test', [], { stdin });
      assert.deepEqual([code, objects()], [1, []]);
      assert.match(stderr, /line 1: unknown key "expct" \(did you mean expect\?\)/);
    });
  });

  describe('config-check', () => {
    it('finds nothing wrong with the shipped sample', async () => {
      const { code, objects } = await json('config-check', ['--groups', shipped('conf/sample/groups.json')]);
      assert.deepEqual([code, objects()], [0, [{ ok: true, groups: 4, problems: 0 }]]);
    });

    it('names what is wrong in a template once, however many groups share it', async () => {
      folder.write('own/default.summary.txt.mustache', 'Dear {{#x}} colleagues');
      folder.write('etc/mentat/mentat-reporter.conf', JSON.stringify({ templates_dir: folder.at('own') }));
      const { code, objects } = await json('config-check', ['--groups', shipped('conf/sample/groups.json')]);
      const [problem, last] = objects();
      assert.deepEqual([code, last], [1, { ok: false, groups: 4, problems: 1 }]);
      assert.match(String(problem!['problem']), /group "abuse@example\.com" and 3 more groups: .*mustache, line 1: template is invalid/); // prettier-ignore
    });

    it('names every problem with its place', async () => {
      const groups = [
        { name: 'a', settings: { emails: ['a@example.org'], template: 'none-such' } },
        { name: 'b', settings: { emails: ['b@example.org'], locale: 'xx' } },
        { name: 'c', filters: [{ name: 'f', filter: '(' }] },
        { name: 'd', networks: [{ network: 'x' }] },
        { name: 'e' },
        { name: 'told nothing', settings: { mute: true } },
      ];
      const { code, objects } = await json('config-check', [
        '--groups',
        folder.write('g.json', JSON.stringify(groups)),
      ]);
      assert.equal(code, 1);
      const problems = objects()
        .slice(0, -1)
        .map((object) => String(object['problem']));
      const expected = [
        /number 4, group "d", networks\[0\]/,
        /group "c", filter "f": column 2/,
        /group "e": no valid mail recipient.*add "emails"/,
        /group "a": .*template/,
        /group "b": .*locale/,
      ];
      assert.equal(problems.length, expected.length, problems.join('\n'));
      for (const [i, line] of expected.entries()) assert.match(problems[i]!, line);
    });
  });

  const LOOKS = ['config-check', 'plan-view', 'groups-list', 'groups-export', 'reports-list'];
  for (const action of LOOKS) {
    it(`${action} makes no store where there is none, and says so where one was named`, async () => {
      assert.equal((await json(action)).code, 0);
      const named = await json(action, ['--store', `sqlite:${folder.at('named.db')}`]);
      assert.equal(named.code, 1);
      assert.match(named.stdout + named.stderr, /named\.db: there is no store/);
      for (const path of ['var/mentat/run/mentat-reporter.db', 'named.db'])
        assert.ok(!existsSync(folder.at(path)), path);
    });
  }

  for (const action of ['config-check', 'groups-list']) {
    it(`${action} needs no store when groups come from a file`, async () => {
      const down = ['--store', 'mongodb://127.0.0.1:1/?serverSelectionTimeoutMS=1'];
      const { code, objects } = await json(action, [...down, '--groups', shipped('conf/sample/groups.json')]);
      assert.equal(code, 0);
      assert.equal(objects().length, action === 'groups-list' ? 4 : 1);
    });
  }

  it('store-init makes the store once; store-check counts, and names events that nobody would ever fetch', async () => {
    assert.equal((await json('store-check')).code, 1);
    const made = (await json('store-init')).objects()[0]!;
    assert.deepEqual([made['made'], made['there']], [['tables and indexes'], []]);
    assert.deepEqual((await json('store-init')).objects()[0]!['made'], []);
    await json('groups-import', [], { stdin: lines(...GROUPS) });
    await json('events-import', [], { stdin: lines(event('fine')) });
    const fine = await json('store-check');
    const [found] = fine.objects();
    assert.deepEqual(
      [fine.code, found!['ok'], found!['events'], found!['groups'], found!['problems']],
      [0, true, 1, 2, []],
    );
    const lost = [
      event('nobody', { Source: [{ IP4: ['10.0.0.1'] }] }),
      event('unknown', { _CESNET: { ResolvedAbuses: ['who@example.org'], EventSeverity: 'High' } }),
    ];
    await json('events-import', [], { stdin: lines(...lost) });
    const bad = await json('store-check');
    assert.equal(bad.code, 1);
    assert.deepEqual(bad.objects()[0]!['problems'], [
      '1 event has no known severity ("High", which is not "high"), and is never fetched',
      '1 event has no known group ("who@example.org"), and is never fetched',
    ]);
  });

  it('looking needs no right to write, and changes nothing', async () => {
    await json('groups-import', [], { stdin: lines(...GROUPS) });
    const file = `${folder.path}/var/mentat/run/mentat-reporter.db`;
    const before = readFileSync(file);
    for (const action of ['plan-view', 'groups-list', 'groups-export', 'reports-list'])
      assert.equal((await json(action)).code, 0);
    assert.ok(readFileSync(file).equals(before));
  });

  it('a MongoDB that is not there is one line, without the password', async () => {
    const uri = 'mongodb://user:secret@127.0.0.1:1/mentat?serverSelectionTimeoutMS=200';
    const { code, stderr } = await call(['--action', 'store-check', '--store', uri]);
    assert.equal(code, 1);
    assert.match(stderr, /^[^\n]*127\.0\.0\.1:1[^\n]*\n$/);
    assert.doesNotMatch(stderr, /secret/);
  });

  it('reports-list and report-view have nothing before the first run', async () => {
    assert.deepEqual((await json('reports-list')).objects(), []);
    assert.match(
      (await json('report-view', ['--input', 'X1'])).stderr,
      /no report with this label, got "X1" \(see --action reports-list\)/,
    );
    assert.equal((await call(['--action', 'reports-list'])).stdout, 'there are no reports yet\n');
    assert.equal((await json('report-view')).code, 2);
    const page = await call(['--action', 'report-view', '--output', 'html', '--input', 'X1']);
    assert.deepEqual([page.code, page.stdout], [1, '']);
  });

  it('looking where no store is named the place, and makes none; a run that makes one says so', async () => {
    const uri = `sqlite:${folder.at('stroe.db')}`;
    for (const action of ['plan-view', 'groups-list', 'groups-export', 'reports-list', 'store-check']) {
      const { code, stderr } = await json(action, ['--store', uri]);
      assert.equal(code, 1, action);
      assert.match(
        stderr,
        /^mentat-reporter: sqlite:\S+stroe\.db: there is no store \([^\n]*--action store-init makes one\)\n$/,
      );
    }
    const dry = await call(['--store', uri, '--dry-run', folder.at('out')]);
    assert.match(dry.stderr, /WARNING: there is no store at sqlite:\S+stroe\.db: taking it as empty\n/);
    assert.equal(existsSync(folder.at('stroe.db')), false);
    const made = /WARNING: made a new store, sqlite:\S+stroe\.db: there was none\n/;
    assert.match((await call(['--regular', '--store', uri])).stderr, made);
    assert.doesNotMatch((await call(['--regular', '--store', uri])).stderr, /made a new store/);
  });

  it('groups-import says so when runs take their groups from somewhere else', async () => {
    const path = folder.write('elsewhere.json', '[]');
    const { code, stderr } = await json('groups-import', ['--groups', path], { stdin: lines(...GROUPS) });
    assert.equal(code, 0);
    assert.match(stderr, /runs take their groups from .*elsewhere\.json \(key groups\), not from the store/);
  });

  describe('print', () => {
    it('tables for people, without colour where there is no terminal', async () => {
      await json('groups-import', [], { stdin: lines(...GROUPS) });
      const { stdout } = await call(['--action', 'groups-list']);
      assert.match(stdout, /│ a@example\.org │ +1 │ +1 │ summary │/);
      assert.doesNotMatch(stdout, /\u001b/u);
      assert.ok((await call(['--action', 'groups-list', '--color', 'always'])).stdout.includes('\u001b['));
    });

    it('nothing under --quiet and --regular', async () => {
      for (const flag of ['--quiet', '--regular'])
        assert.equal((await call(['--action', 'plan-view', flag])).stdout, '');
    });
  });

  it('an unknown store is a matter of usage, and its password is not shown', async () => {
    const { code, stderr } = await json('groups-list', ['--store', 'nosuchdb://me:secret@host/x']);
    assert.equal(code, 2);
    assert.match(stderr, /wrong value, got "nosuchdb:\/\/me:\*\*\*@host\/x", expected sqlite/);
  });

  it('the log file is written, and not by --shell', async () => {
    await json('groups-list');
    const log = folder.at('var/mentat/log/mentat-reporter.log');
    assert.equal(readFileSync(log, 'utf8'), '');
    await json('groups-list', ['--shell', '--name', 'by-hand', '--config-file-silent']);
    assert.equal(existsSync(folder.at('var/mentat/log/by-hand.log')), false);
  });
});
