import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync } from 'node:fs';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { shipped } from '../../../lib/config/locations.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';
import { callProgram } from '../../support/program.ts';

/*
 * What people get wrong, and the one line they get for it: what, where, what was found, what belongs there. No stack trace, and no exit
 * codes but 1 for what is set up wrongly and 2 for what is called wrongly.
 */

interface Call {
  /** The usual configuration file. */
  readonly conf?: string;
  /** More files below the root, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const CONF = 'etc/mentat/mentat-reporter.conf';
const CORE = 'etc/mentat/core/a.json.conf';
/** A file that is there, where a folder is wanted. */
const FILE = 'file';
const REGULAR = ['--regular'];

// What is wrong, the call (@ stands for the root), the exit code, and the line.
const table: readonly (readonly [what: string, call: Call, code: 1 | 2, line: RegExp])[] = [
  [
    'a named file that is missing',
    { args: ['--config-file', '@/no.conf'] },
    1,
    /@\/no\.conf: configuration file is missing \(--config-file-silent /,
  ],
  [
    'a dry run of what writes all the same',
    { args: ['--dry-run', '@/out', '--action', 'events-import'] },
    2,
    /--dry-run: --action events-import would write all the same \(nothing was done: /,
  ],
  [
    'a dry run by configuration of what writes all the same',
    { conf: '{"dry_run": "@/out"}', args: ['--action', 'groups-import'] },
    2,
    /mentat-reporter\.conf: dry_run: --action groups-import would write all the same/,
  ],
  [
    'a file of groups that has no end',
    { args: ['--groups', '/dev/zero', '--action', 'groups-list'] },
    1,
    /\/dev\/zero: larger than 268435456 bytes, expected groups/,
  ],
  [
    'an input that is not there',
    { args: ['--action', 'filter-test', '--input', '/proc/self/fd/99'] },
    1,
    /\/proc\/self\/fd\/99: there is no such file/,
  ],
  [
    'an input without an action that reads it',
    { args: ['--input', 'events.ndjson'] },
    2,
    /--input: a run reads no input \(--events replays events from a file\)/,
  ],
  [
    'a replay that is an action',
    { args: ['--events', 'x', '--action', 'plan-view'] },
    2,
    /--events: --action plan-view is no replay \(--input says what an action reads\)/,
  ],
  [
    'a named folder that is missing',
    { conf: '{}', args: ['--config-dir', '@/no'] },
    1,
    /@\/no: configuration directory is missing \(--config-dir-silent /,
  ],
  [
    'both missing: the file is named',
    { args: ['--config-file', '@/no.conf', '--config-dir', '@/no'] },
    1,
    /@\/no\.conf: configuration file is missing/,
  ],
  ['a folder for a file', { args: ['--config-file', '@/etc'] }, 1, /@\/etc: it is a directory/],
  [
    'a folder for a file, silenced',
    { args: ['--config-file', '@/etc', '--config-file-silent'] },
    1,
    /@\/etc: it is a directory/,
  ],
  [
    'a file for a folder',
    { conf: '{}', args: ['--config-dir', `@/${FILE}`, '--config-dir-silent'] },
    1,
    /@\/file: it, or a part of its path, is no directory/,
  ],
  [
    'a part of the path that is a file',
    { args: ['--config-file', `@/${FILE}/x`] },
    1,
    /@\/file\/x: it, or a part of its path, is no directory/,
  ],
  [
    'bad JSON',
    { conf: '{\n# c\n  "limit": 1,\n  "x" 2\n}' },
    1,
    /mentat-reporter\.conf, line 4, column 7: no valid JSON/,
  ],
  ['a comment behind a value', { conf: '{"limit": 1 # one\n}' }, 1, /line 1, column 13: no valid JSON/],
  ['a trailing comma', { conf: '{"limit": 1,\n}' }, 1, /line 2, column 1: no valid JSON/],
  [
    'a file without an end',
    { args: ['--config-file', '/dev/zero'] },
    1,
    /\/dev\/zero: larger than 16777216 bytes, expected a configuration/,
  ],
  [
    'a bottomless value',
    { conf: `{"template_vars": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_001)}` },
    1,
    /mentat-reporter\.conf: nested deeper than 64 levels/,
  ],
  ['a brace without its end', { conf: '# nothing\n{' }, 1, /mentat-reporter\.conf, line 2.*: no valid JSON/],
  [
    'Windows line ends of an environment file',
    { env: { MENTAT_REPORTER_STORE: 'sqlite:x.db\r' } },
    1,
    /MENTAT_REPORTER_STORE: control character \\r in the value \(remove it\)/,
  ],
  [
    'a control character in a list of a file',
    { conf: '{"mail_admin": ["a@example.org\\u0000"]}' },
    1,
    /mail_admin.*/,
  ],
  ['a list', { conf: '[1]' }, 1, /mentat-reporter\.conf: wrong content, got \[1\], expected a JSON object/],
  ['a bare text', { conf: '"x"' }, 1, /wrong content, got "x", expected a JSON object/],
  [
    'bad JSON in a folder',
    { conf: '{}', files: { [CORE]: '{' } },
    1,
    /core\/a\.json\.conf, line 1, column 2: no valid JSON/,
  ],
  [
    'a wrong value in a folder',
    { conf: '{}', files: { [CORE]: '{"limit": -1}' } },
    1,
    /core\/a\.json\.conf: limit: wrong value, got -1, expected a whole number, 0 or more/,
  ],
  [
    'a text for a number',
    { conf: '{"limit": "3"}' },
    1,
    /mentat-reporter\.conf: limit: wrong value, got "3", expected a whole number/,
  ],
  [
    'a number for a flag',
    { conf: '{"regular": 1}' },
    1,
    /regular: wrong value, got 1, expected true or false/,
  ],
  ['a fraction for a whole number', { conf: '{"settle": 1.5}' }, 1, /settle: wrong value, got 1\.5/],
  [
    'an unknown interval',
    { conf: '{"interval": "hour"}' },
    1,
    /interval: wrong value, got "hour", expected one of 5_minutes, 10_minutes/,
  ],
  [
    'an unknown level',
    { conf: '{"log_level": "INFO"}' },
    1,
    /log_level: wrong value, got "INFO", expected one of debug, info, warning, error, critical/,
  ],
  [
    'an unknown command',
    { conf: '{"command": "rep"}' },
    1,
    /command: wrong value, got "rep", expected one of report/,
  ],
  [
    'an unknown action',
    { conf: '{"action": "view"}' },
    1,
    /action: wrong value, got "view", expected one of config-view/,
  ],
  [
    'both modes',
    { conf: '{"regular": true, "shell": true}' },
    1,
    /mentat-reporter\.conf: regular and shell exclude each other/,
  ],
  [
    'a variable that is no flag',
    { conf: '{}', env: { MENTAT_REPORTER_REGULAR: 'maybe' } },
    1,
    /MENTAT_REPORTER_REGULAR: wrong value, got "maybe", expected true or false/,
  ],
  ['a name that is a path', { args: ['--name', '../x'] }, 1, /--name: invalid name, got "\.\.\/x"/],
  [
    'an unknown option',
    { args: ['--intervall', 'daily'] },
    2,
    /unknown option --intervall \(did you mean --interval\?\)/,
  ],
  [
    'a mistyped value of several',
    { args: ['--action', 'report-veiw'] },
    2,
    /--action: wrong value, got "report-veiw", expected .* \(did you mean report-view\?\)/,
  ],
  ['an option that lacks its value', { args: ['--limit'] }, 2, /--limit needs a value/],
  ['a flag with a value', { args: ['--quiet=no'] }, 2, /--quiet takes no value, got "no"/],
  ['an argument', { args: ['report'] }, 2, /[Uu]nknown argument: report/],
  ['quiet and verbose', { args: ['--quiet', '--verbose'] }, 2, /--quiet and --verbose exclude each other/],
  ['both modes at once', { args: ['--regular', '--shell'] }, 2, /--regular and --shell exclude each other/],
  [
    'a replay that is to remember',
    { args: ['--regular', '--events', '-'] },
    2,
    /--events and --regular exclude each other/,
  ],
  [
    'a wrong interval',
    { args: ['--interval', 'Daily'] },
    2,
    /--interval: wrong value, got "Daily", expected one of 5_minutes/,
  ],
  [
    'a wrong command',
    { args: ['--command', 'cleanup'] },
    2,
    /--command: wrong value, got "cleanup", expected one of report/,
  ],
  [
    'a wrong action',
    { args: ['--action', 'groups-lst'] },
    2,
    /--action: wrong value, got "groups-lst", expected one of .*groups-list/,
  ],
  [
    'a negative limit',
    { args: ['--limit', '-1'] },
    2,
    /--limit: wrong value, got -1, expected a whole number, 0 or more/,
  ],
  [
    'a port that is none',
    { args: ['--db-port', 'mongo'] },
    2,
    /--db-port: wrong value, got "mongo", expected a whole number from 1 to 65535/,
  ],
  ['a port beyond all ports', { args: ['--db-port', '65536'] }, 2, /--db-port: wrong value, got 65536/],
  ['a timeout that is none', { args: ['--db-timeout', '1h'] }, 2, /--db-timeout: wrong value, got "1h"/],
  [
    'a store of no kind',
    { args: ['--store', 'postgres://u:hidden@h'] },
    2,
    /--store: wrong value, got "postgres:\/\/u:\*\*\*@h", expected sqlite:PATH/,
  ],
  [
    'the same in the environment',
    { env: { MENTAT_REPORTER_STORE: 'here.db' } },
    1,
    /MENTAT_REPORTER_STORE: wrong value, got "here\.db", expected sqlite:PATH/,
  ],
  [
    'a store that is a folder',
    { args: ['--store', 'sqlite:@/etc', '--shell'] },
    1,
    /sqlite:@\/etc: the database cannot be opened/,
  ],
  [
    'a way of mail that is none',
    { args: ['--mail', 'ftp://h'] },
    2,
    /--mail: wrong value, got "ftp:\/\/h", expected smtp:\/\/HOST/,
  ],
  [
    'a mail server without a name',
    { args: ['--mail', 'smtp:///'] },
    2,
    /--mail: no mail server in the address, expected smtp:\/\/host:port/,
  ],
  [
    'a spool that is a file',
    { conf: '{"mail": "spool:@/file"}' },
    1,
    /mentat-reporter\.conf: mail: is no folder, got "@\/file"/,
  ],
  [
    'a sender that is none',
    { conf: '{"mail_from": "reporter"}' },
    1,
    /mentat-reporter\.conf: mail_from: no mail address, got "reporter", expected name@example\.org/,
  ],
  [
    'a recipient that is none',
    { args: ['--mail-to', 'a b@c'] },
    2,
    /--mail-to: no mail address, got "a b@c"/,
  ],
  [
    'a recipient with a line break',
    { args: ['--mail-cc', 'a@b.cz\nBcc: c@d.cz'] },
    2,
    /--mail-cc: wrong value, got "a@b\.cz\\nBcc/,
  ],
  [
    'a mode that is none',
    { args: ['--force-mode', 'all'] },
    2,
    /--force-mode: wrong value, got "all", expected one of summary, extra, both, none/,
  ],
  [
    'a mode in a file that is none',
    { conf: '{"force_mode": "all"}' },
    1,
    /force_mode: wrong value, got "all"/,
  ],
  [
    'a zone that is none',
    { args: ['--force-timezone', 'Prague'] },
    2,
    /--force-timezone: wrong value, got "Prague", expected an IANA zone/,
  ],
  [
    'a template that is not there',
    { args: ['--template-id', 'another'] },
    2,
    /--template-id: no such template, got "another\./,
  ],
  [
    'the same in a file',
    { conf: '{"force_template": "another"}' },
    1,
    /mentat-reporter\.conf: force_template: no such template/,
  ],
  [
    'a language that is not there',
    { args: ['--locale', 'xx'] },
    2,
    /--locale: no such locale, got "xx", expected .*cs or en/,
  ],
  [
    'a share beyond the last',
    { args: ['--shard', '4/4'] },
    2,
    /--shard: invalid shard, got "4\/4", expected I\/N with I from 0 to N - 1/,
  ],
  [
    'the same in the environment',
    { env: { MENTAT_REPORTER_SHARD: '4/4' } },
    1,
    /MENTAT_REPORTER_SHARD: invalid shard, got "4\/4"/,
  ],
  [
    'a severity that is none',
    { args: ['--severity', 'low', '--severity', 'info'] },
    2,
    / --severity: wrong value, got "info", expected one of low, medium, high, critical/,
  ],
  [
    'a mistyped severity',
    { args: ['--severity', 'hgh'] },
    2,
    / --severity: wrong value, got "hgh", expected one of low, medium, high, critical \(did you mean high\?\)/,
  ],
  [
    'a mistyped severity in the environment',
    { env: { MENTAT_REPORTER_SEVERITY: 'low,hgh' } },
    1,
    / MENTAT_REPORTER_SEVERITY: wrong value, got "hgh"/,
  ],
  [
    'a mistyped severity where a single one stands for a list',
    { conf: '{"severity": "hgh"}' },
    1,
    /mentat-reporter\.conf: severity: wrong value, got "hgh"/,
  ],
  [
    'a mistyped severity in a list that somebody wrote',
    { conf: '{"severity": ["low", "hgh"]}' },
    1,
    /mentat-reporter\.conf: severity\[1\]: wrong value, got "hgh"/,
  ],
  [
    'a group of nobody',
    { args: ['--abuse-group', 'abuse@exmple.org', '--groups', '@/groups.json'] },
    2,
    /--abuse-group: no such group, got "abuse@exmple\.org" \(did you mean abuse@example\.org\?\)|--abuse-group: no such group/,
  ],
  ['groups that are not there', { args: ['--groups', '@/no.json'] }, 1, /@\/no\.json: there is no such file/],
  [
    'events that are not there',
    { args: ['--events', '@/no.ndjson'] },
    1,
    /@\/no\.ndjson: there is no such file/,
  ],
  ['events that are a folder', { args: ['--events', '@/etc'] }, 1, /@\/etc: it is a directory/],
  [
    'input that is not there',
    { args: ['--action', 'groups-import', '--input', '@/no.json'] },
    1,
    /@\/no\.json: there is no such file/,
  ],
  [
    'a runlog that is not there',
    { args: ['--action', 'runlog-view', '--input', '@/no.runlog'] },
    1,
    /@\/no\.runlog: there is no such file/,
  ],
  ['a runlog that is none', { args: ['--action', 'runlog-dump', '--input', '@/file'] }, 1, /@\/file/],
  ['no report named', { args: ['--action', 'report-view'] }, 2, /--input: no report named, expected a label/],
  ['a dry run into a file', { args: ['--dry-run', '@/file'] }, 2, /--dry-run: is no folder, got "@\/file"/],
  [
    'a language under its short name',
    { args: ['--force-locale', 'en', '--locale', 'cz'] },
    2,
    /^mentat-reporter: --locale: /,
  ],
  ['the same in one word', { args: ['--locale=cz'] }, 2, /^mentat-reporter: --locale: /],
  [
    'a language under its long name',
    { args: ['--locale', 'en', '--force-locale', 'cz'] },
    2,
    /^mentat-reporter: --force-locale: /,
  ],
  [
    'an empty template under its other name',
    { args: ['--template-id', ''] },
    2,
    /^mentat-reporter: --template-id: wrong value/,
  ],
  [
    'a dry run below a file',
    { args: ['--dry-run', '@/file/out'] },
    2,
    /--dry-run: is no folder, got "@\/file\/out"/,
  ],
  [
    'a replay whose bounds are turned round',
    {
      args: [
        '--events',
        '@/file',
        '--time-low',
        '2026-01-02T00:00:00Z',
        '--time-high',
        '2026-01-02T00:00:00Z',
      ],
    },
    2,
    /--time-low: the lower bound is not before the upper one, got "2026-01-02T00:00:00Z", expected before 2026-01-02T00:00:00Z/,
  ],
  [
    'a dry run into nowhere',
    { args: ['--dry-run', ''] },
    2,
    /--dry-run: wrong value, got "", expected a text that is not empty/,
  ],
  ['a log file that is a folder', { args: ['--log-file', '@/etc'] }, 1, /@\/etc: cannot write the log file/],
  [
    'a log file below a file',
    { args: ['--log-file', '@/file/x.log'] },
    1,
    /@\/file\/x\.log: cannot write the log file/,
  ],
  [
    'a lock below a file',
    { args: REGULAR, env: { MENTAT_REPORTER_LOCK_FILE: '@/file/lock' } },
    1,
    /@\/file\/lock: cannot make the lock file/,
  ],
  ['runlogs below a file', { args: ['--runlog-dir', '@/file/x'] }, 1, /@\/file\/x: cannot make the folder/],
  ['a state below a file', { args: [...REGULAR, '--pstate-file', '@/file/x'] }, 1, /@\/file/],
  [
    'a state that is damaged',
    { args: REGULAR, files: { 'var/mentat/run/mentat-reporter.pstate': '{"ts_last_' } },
    1,
    /mentat-reporter\.pstate.*/,
  ],
  [
    'metrics below a file',
    { args: [...REGULAR, '--metrics-file', '@/file/x.prom'] },
    1,
    /@\/file: cannot write into the folder/,
  ],
  [
    'a folder for metrics',
    { args: [...REGULAR, '--metrics-file', '@/etc'] },
    1,
    /@\/etc: is a folder, expected the name of a file for the metrics/,
  ],
  [
    'reports below a file',
    { env: { MENTAT_REPORTER_REPORTS_DIR: '@/file' } },
    1,
    /MENTAT_REPORTER_REPORTS_DIR: is no folder, got "@\/file"/,
  ],
];

describe('what people get wrong', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
    mkdirSync(folder.at('etc'));
    folder.write(FILE, 'no folder');
    folder.write('groups.json', '{"name": "abuse@example.org", "networks": [{"network": "192.0.2.0/24"}]}');
  });
  afterEach(() => folder.remove());

  const rooted = (text: string): string => text.replaceAll('@/', `${folder.path}/`);

  for (const [what, { conf, files = {}, args = [], env = {} }, code, line] of table) {
    it(`${what}: ${code}`, async () => {
      if (conf !== undefined) folder.write(CONF, rooted(conf));
      for (const [path, text] of Object.entries(files)) folder.write(path, text);
      const environment = Object.fromEntries(Object.entries(env).map(([name, text]) => [name, rooted(text)]));
      const ended = await callProgram(args.map(rooted), {
        environment: { APP_ROOT_PATH: folder.path, ...environment },
      });
      const told = ended.stderr
        .split('\n')
        .filter(
          (one) =>
            one !== '' &&
            !/^\d{4}-\d\d-\d\d .* INFO: |^\d{4}-\d\d-\d\d .* WARNING: there are no groups/.test(one),
        );
      assert.deepEqual([ended.code, ended.stdout], [code, ''], ended.stderr);
      assert.equal(told.length, 1, ended.stderr);
      const shown = told[0]!.replaceAll(`${folder.path}/`, '@/');
      assert.match(shown, /^mentat-reporter: /);
      assert.match(shown, line);
      assert.doesNotMatch(shown, /hidden|\n\s+at /);
    });
  }

  it('names several things at once, a line each', async () => {
    folder.write(CONF, '{"interval": "often", "limit": -1, "mail": "x"}');
    const { code, stderr } = await callProgram([], { environment: { APP_ROOT_PATH: folder.path } });
    assert.equal(code, 1);
    assert.deepEqual(stderr.match(/: (\w+): wrong value/g), [
      ': interval: wrong value',
      ': limit: wrong value',
      ': mail: wrong value',
    ]);
  });

  describe('rights that are missing', () => {
    const [uid, gid] = [61_234, 61_235];
    const isRoot = process.geteuid?.() === 0;
    const run = (args: string[]) =>
      spawnSync(process.execPath, [shipped('bin/mentat-reporter'), ...args], {
        encoding: 'utf8',
        cwd: folder.path,
        env: { PATH: process.env['PATH'], APP_ROOT_PATH: folder.path },
        ...(isRoot ? { uid, gid } : {}),
      });
    beforeEach(function () {
      if (run(['--version']).status !== 0) this.skip();
      chmodSync(folder.path, 0o777);
      chmodSync(folder.at('etc'), 0o777);
      folder.write(CONF, '{}');
    });
    afterEach(() => {
      for (const name of readdirSync(folder.path)) chmodSync(folder.at(name), 0o777);
    });

    it('to read the configuration', () => {
      chmodSync(folder.at(CONF), 0);
      const { status, stderr } = run(['--config-file-silent']);
      assert.deepEqual(
        [status, stderr],
        [1, `mentat-reporter: ${folder.at(CONF)}: no permission to read it\n`],
      );
    });

    it('to read the folder of configuration', () => {
      folder.write(CORE, '{}');
      chmodSync(folder.at('etc/mentat/core'), 0);
      const { status, stderr } = run([]);
      assert.deepEqual(
        [status, stderr],
        [1, `mentat-reporter: ${folder.at('etc/mentat/core')}: no permission to read it\n`],
      );
      chmodSync(folder.at('etc/mentat/core'), 0o777);
    });

    it('to make folders', () => {
      mkdirSync(folder.at('var'));
      chmodSync(folder.at('var'), 0o555);
      const { status, stderr } = run([]);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^mentat-reporter: \S+\/var\/mentat\/\w+: cannot make the folder \(.*EACCES.*\)\n$/,
      );
    });

    it('to write the log', () => {
      folder.write('log.json', '');
      chmodSync(folder.at('log.json'), 0o444);
      const { status, stderr } = run(['--log-file', folder.at('log.json')]);
      assert.equal(status, 1);
      assert.match(stderr, /^mentat-reporter: \S+\/log\.json: cannot write the log file \(EACCES.*\)\n$/);
    });

    it('to write anything, as config-check tells beforehand, all of it', () => {
      mkdirSync(folder.at('var/mentat/log'), { recursive: true });
      mkdirSync(folder.at('var/mentat/run'), { recursive: true });
      for (const name of ['var/mentat/log', 'var/mentat/run']) chmodSync(folder.at(name), 0o777);
      folder.write('shut/x', '');
      chmodSync(folder.at('shut'), 0o555);
      folder.write(
        CONF,
        JSON.stringify({ reports_dir: folder.at('shut/reports'), mail: `spool:${folder.at('shut')}` }),
      );
      const { status, stdout } = run(['--action', 'config-check']);
      assert.equal(status, 1);
      assert.match(stdout, /shut\/reports: cannot make the folder \(EACCES/);
      assert.match(stdout, /shut: cannot write into the folder \(EACCES/);
    });
  });
});

describe('config-check', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  it('names every problem with its place, and goes on', async () => {
    folder.write(FILE, '');
    folder.write(
      CONF,
      JSON.stringify({
        intervall: 'x',
        interval: 'often',
        mail_from: 'nobody',
        mail_to: ['a@b.cz', 'x y'],
        shard: '5/5',
        force_template: 'nope',
        reports_dir: folder.at(FILE),
        template_vars: { contact_email: 'x', n: {}, report_access_url: 'javascript:x' },
        groups: folder.at('no.json'),
      }),
    );
    const { code, objects, stderr } = await callProgram(['--action', 'config-check', '--output', 'json'], {
      environment: { APP_ROOT_PATH: folder.path, MENTAT_REPORTER_LIMIT: 'x' },
    });
    assert.equal(code, 1);
    assert.equal(stderr, '');
    const problems = objects().flatMap(({ problem }) => (problem === undefined ? [] : [problem as string]));
    const expected = [
      /conf: unknown key "intervall" is ignored \(did you mean interval\?\)/,
      /conf: interval: wrong value, got "often"/,
      /MENTAT_REPORTER_LIMIT: wrong value, got "x"/,
      /conf: mail_from: no mail address, got "nobody"/,
      /conf: mail_to: no mail address, got "x y"/,
      /conf: shard: invalid shard, got "5\/5"/,
      /conf: force_template: no such template/,
      /conf: reports_dir: is no folder/,
      /conf: template_vars: contact_email: no mail address/,
      /template_vars: n: wrong value, got \{\}/,
      /template_vars: report_access_url: no address of a page/,
      /no\.json: there is no such file/,
    ];
    for (const line of expected)
      assert.ok(
        problems.some((problem) => line.test(problem)),
        `${line}\n${problems.join('\n')}`,
      );
    assert.deepEqual(objects().at(-1), { ok: false, groups: 0, problems: problems.length });
  });
});
