import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { parseCommandLine } from '../../../lib/cli/command-line.ts';
import { variableOf } from '../../../lib/config/layer.ts';
import { loadConfiguration, type Configuration } from '../../../lib/config/load.ts';
import { KEY_NAMES, KEYS, optionOf, type KeyName } from '../../../lib/config/keys/index.ts';
import { shipped } from '../../../lib/config/locations.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

/*
 * Every option of the documentation, written down once more by hand: names, keys, kinds and defaults are interfaces, and whoever changes
 * one changes this table.
 */

interface Row {
  readonly key: KeyName;
  readonly kind: 'flag' | 'count' | 'one' | 'list';
  /** What holds when nothing is given; undefined where that is worked out elsewhere, or nothing. */
  readonly otherwise: unknown;
  /** A value as it is typed, as JSON in a file, and as the program has it where that differs. */
  readonly typed: string;
  readonly json: unknown;
  readonly settled?: unknown;
  /** A typed value that is refused; undefined where any text will do. */
  readonly wrong?: string;
  readonly rival?: string;
  /** Not taken from files. */
  readonly early?: true;
}

const flag = (key: KeyName, more: Partial<Row> = {}): Row => ({
  key,
  kind: 'flag',
  otherwise: false,
  typed: 'true',
  json: true,
  wrong: 'yes',
  ...more,
});
const text = (key: KeyName, typed: string, otherwise?: unknown, more: Partial<Row> = {}): Row => ({
  key,
  kind: 'one',
  otherwise,
  typed,
  json: typed,
  ...more,
});
const number = (key: KeyName, json: number, otherwise?: unknown, more: Partial<Row> = {}): Row => ({
  key,
  kind: 'one',
  otherwise,
  typed: `${json}`,
  json,
  wrong: 'x',
  ...more,
});
const choice = (key: KeyName, typed: string, otherwise?: unknown): Row =>
  text(key, typed, otherwise, { wrong: 'nonsense' });
const list = (
  key: KeyName,
  item: string,
  otherwise?: unknown,
  wrong = ' ',
  more: Partial<Row> = {},
): Row => ({
  key,
  kind: 'list',
  otherwise,
  typed: item,
  json: [item],
  wrong,
  ...more,
});

const NOON = Date.UTC(2026, 0, 31, 12);
const time = (key: KeyName): Row =>
  text(key, '2026-01-31T12:00:00Z', undefined, { settled: NOON, wrong: '2026-01-31' });

const OPTIONS: Readonly<Record<string, Row>> = {
  // Common application options
  '--debug': flag('debug', { early: true }),
  '--quiet': flag('quiet', { rival: '--verbose' }),
  '--verbose': {
    key: 'verbosity',
    kind: 'count',
    otherwise: 0,
    typed: '1',
    json: 1,
    wrong: '-1',
    rival: '--quiet',
  },
  '--name': text('name', 'lab', 'mentat-reporter', { early: true, wrong: '../x' }),
  '--user': text('user', 'mentat', undefined, { wrong: 'a b' }),
  '--group': text('group', 'mentat', undefined, { wrong: '' }),
  '--config-file': text('config_file', '', undefined, { early: true }),
  '--config-file-silent': flag('config_file_silent', { early: true }),
  '--config-dir': text('config_dir', '', undefined, { early: true }),
  '--config-dir-silent': flag('config_dir_silent', { early: true }),
  '--log-file': text('log_file', 'here.log'),
  '--log-level': choice('log_level', 'warning', 'info'),
  '--runlog-dir': text('runlog_dir', 'runs'),
  '--runlog-dump': flag('runlog_dump'),
  '--runlog-log': flag('runlog_log'),
  '--pstate-file': text('pstate_file', 'here.pstate'),
  '--pstate-dump': flag('pstate_dump'),
  '--pstate-log': flag('pstate_log'),
  '--action': choice('action', 'config-view'),
  '--input': text('input', 'groups.json', undefined, { wrong: '' }),
  '--limit': number('limit', 3, undefined, { wrong: '-1' }),
  // Common script options
  '--regular': flag('regular', { rival: '--shell' }),
  '--shell': flag('shell', { rival: '--regular' }),
  '--command': choice('command', 'report', 'report'),
  '--interval': choice('interval', '10_minutes', 'daily'),
  '--adjust-thresholds': flag('adjust_thresholds'),
  '--time-high': time('time_high'),
  // Common fetcher options
  '--db-host': text('db_host', 'db1', 'localhost', { wrong: '' }),
  '--db-port': number('db_port', 27018, 27017, { wrong: '65536' }),
  '--db-timeout': number('db_timeout', 5000, 3_600_000),
  '--database': text('database', 'events', undefined, { wrong: '' }),
  '--collection': text('collection', 'idea', 'alerts', { wrong: '' }),
  // Mailer options
  '--mail-subject': text('mail_subject', 'Subject'),
  '--mail-from': text('mail_from', 'r@example.org', 'mentat-reporter@localhost'),
  '--mail-to': list('mail_to', 'a@example.org'),
  '--mail-cc': list('mail_cc', 'a@example.org'),
  '--mail-bcc': list('mail_bcc', 'a@example.org'),
  '--mail-reply-to': list('mail_reply_to', 'a@example.org'),
  '--mail-return-path': text('mail_return_path', 'b@example.org'),
  '--mail-admin': list('mail_admin', 'a@example.org', ['root']),
  '--mail-test-mode': flag('mail_test_mode'),
  // Reporter options
  '--force-mode': choice('force_mode', 'extra'),
  '--force-attachments': choice('force_attachments', 'csv'),
  '--force-template': text('force_template', 'default', undefined, { wrong: '../x' }),
  '--template-id': text('force_template', 'default', undefined, { wrong: '../x' }),
  '--force-locale': text('force_locale', 'cs', undefined, { wrong: 'c s' }),
  '--locale': text('force_locale', 'cs', undefined, { wrong: 'c s' }),
  '--force-timezone': text('force_timezone', 'Europe/Prague', undefined, { wrong: 'Prague' }),
  '--force-max-attachment-size': number('force_max_attachment_size', 1000, undefined, { wrong: '1M' }),
  '--test-data': flag('test_data'),
  // Outbox options
  '--label': list('label', 'M20261110SL-ABCDE', undefined, undefined, { early: true }),
  '--recipient': list('recipient', 'a@example.org', undefined, undefined, { early: true }),
  '--state': list('state', 'failed', undefined, 'lost', { early: true }),
  '--reason': text('reason', 'told by phone', undefined, { wrong: '', early: true }),
  '--forget': flag('forget', { early: true }),
  // Ours
  '--store': text('store', 'sqlite:here.db', undefined, { wrong: 'here.db' }),
  '--events': text('events', 'events.ndjson', undefined, { wrong: '', rival: '--regular' }),
  '--groups': text('groups', 'groups.json', undefined, { wrong: '' }),
  '--mail': text('mail', 'spool:here', undefined, { wrong: 'here' }),
  '--severity': list('severity', 'low', undefined, 'info'),
  '--abuse-group': list('abuse_group', 'abuse@example.org'),
  '--output': choice('output', 'json', 'text'),
  '--time-low': time('time_low'),
  '--default-severity': choice('default_severity', 'low'),
  '--dry-run': text('dry_run', 'out', undefined, { wrong: '' }),
  '--shard': text('shard', '0/4', undefined, { wrong: '1' }),
  '--color': choice('color', 'never', 'auto'),
  '--events-index': flag('events_index'),
  '--mail-format': choice('mail_format', 'text', 'chart'),
  '--metrics-file': text('metrics_file', 'here.prom'),
};

/** Keys that only files and the environment have. */
const FILE_ONLY: readonly Row[] = [
  number('lock_timeout', 30, 5),
  text('lock_file', 'here.lock', undefined, { wrong: '' }),
  number('runlog_keep', 5, 1000),
  number('settle', 60, 0),
  number('max_window', 600, 2_678_400, { wrong: '0' }),
  number('retry_for', 60, 432_000),
  choice('ambiguous', 'hold', 'resend'),
  number('message_keep', 1, 7),
  text('reporter_database', 'ours', undefined, { wrong: '' }),
  text('reports_dir', 'reports', undefined, { wrong: '' }),
  text('templates_dir', 'templates', undefined, { wrong: '' }),
  flag('reports_html'),
  text('locales_dir', 'locales'),
  text('event_classes_dir', 'classes'),
  text('xarf_org', 'Team'),
  text('xarf_contact', 'a@example.org'),
  text('xarf_types', 'types.json', undefined, { wrong: '' }),
  number('report_max_sources', 5, 1000, { wrong: '0' }),
  number('max_extra_reports', 5, 100),
  { key: 'template_vars', kind: 'one', otherwise: {}, typed: '{"a":"b"}', json: { a: 'b' }, wrong: '[]' },
];

describe('every option', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const load = (
    args: readonly string[],
    file: object,
    env: Readonly<Record<string, string>>,
  ): Configuration => {
    folder.write('etc/mentat/mentat-reporter.conf', JSON.stringify(file));
    return loadConfiguration(parseCommandLine(args), { APP_ROOT_PATH: folder.path, ...env });
  };
  const refusal = (...call: Parameters<typeof load>): UserError => {
    try {
      load(...call);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return error;
    }
    throw new assert.AssertionError({ message: 'nothing was refused' });
  };

  const all = [...Object.entries(OPTIONS), ...FILE_ONLY.map((row) => [undefined, row] as const)];
  for (const [option, { key, kind, otherwise, typed, json, settled, wrong, rival, early }] of all) {
    const value = settled ?? json;
    const variable = variableOf(key);
    describe(option ?? key, () => {
      it('has the key and the default that the documentation says', () => {
        assert.deepEqual(load([], {}, {}).config[key], otherwise);
        if (option !== undefined)
          assert.ok([optionOf(key), ...(KEYS[key].aliases ?? [])].includes(option.slice(2)), option);
      });

      if (option !== undefined) {
        it('works on the command line', () => {
          const args = kind === 'flag' || kind === 'count' ? [option] : [option, typed];
          assert.deepEqual(load(args, {}, {}).config[key], value);
          if (kind === 'one' || kind === 'list')
            assert.deepEqual(load([`${option}=${typed}`], {}, {}).config[key], value);
        });

        it(
          kind === 'list' || kind === 'count' ? 'adds up when given twice' : 'counts once when given twice',
          () => {
            if (kind === 'flag') assert.equal(load([option, option], {}, {}).config[key], true);
            else if (kind === 'count') assert.equal(load([option, option], {}, {}).config[key], 2);
            else if (kind === 'list')
              assert.deepEqual(load([option, typed, option, typed], {}, {}).config[key], [typed, typed]);
            else assert.deepEqual(load([option, 'refused?', option, typed], {}, {}).config[key], value);
          },
        );
      }

      it('works in the environment', () => {
        assert.deepEqual(load([], {}, { [variable]: typed }).config[key], value);
      });

      it(early === true ? 'comes too late in a file, which is said' : 'works in a file', () => {
        const { config, notes } = load([], { [key]: json }, {});
        if (early === true) {
          assert.deepEqual(config[key], otherwise);
          assert.match(notes.join(), new RegExp(`${key} has no effect in a configuration file`));
        } else assert.deepEqual([config[key], notes], [value, []]);
      });

      if (wrong !== undefined) {
        it('refuses a wrong value with one line that names the place', () => {
          const places: [UserError, boolean, RegExp][] = [
            [refusal([], {}, { [variable]: wrong }), false, new RegExp(key === 'name' ? '--name' : variable)],
          ];
          if (option !== undefined && (kind === 'one' || kind === 'list'))
            places.push([refusal([option, wrong], {}, {}), key !== 'name', new RegExp(`^${option}: `)]);
          if (early !== true)
            places.push([
              refusal([], { [key]: typed === wrong ? 0 : wrong }, {}),
              false,
              new RegExp(`mentat-reporter\\.conf: ${key}`),
            ]);
          for (const [{ message, usage }, isUsage, place] of places) {
            assert.match(message, place);
            assert.doesNotMatch(message, /\n/);
            assert.equal(usage, isUsage, message);
          }
        });
      }

      if (rival !== undefined) {
        it(`excludes ${rival}`, () => {
          const first = kind === 'one' ? [option!, typed] : [option!];
          assert.match(refusal([...first, rival], {}, {}).message, /exclude each other/);
        });
      }

      it('means something: the program asks for its key', () => {
        assert.match(SOURCES, new RegExp(`\\b${key}\\b`));
      });
    });
  }

  it('is in this table, and every key that has none', () => {
    const told = Object.keys(OPTIONS);
    const known = KEY_NAMES.flatMap((name) => {
      const option = optionOf(name);
      return option === undefined ? [] : [option, ...(KEYS[name].aliases ?? [])].map((word) => `--${word}`);
    });
    assert.deepEqual(
      known.filter((word) => !told.includes(word)),
      [],
    );
    const keys = all.map(([, { key }]) => key);
    assert.deepEqual(
      KEY_NAMES.filter((name) => !keys.includes(name)),
      [],
    );
  });
});

/** What the program consists of, but for the table of keys itself. */
const SOURCES = readdirSync(shipped('lib'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !/app\/(?:keys|docs|help)\//.test(name))
  .map((name) => readFileSync(join(shipped('lib'), name), 'utf8'))
  .join('\n');
