import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { parseCommandLine } from '../../../lib/cli/command-line.ts';
import { loadConfiguration, type Configuration } from '../../../lib/config/load.ts';
import { UserError } from '../../../lib/model/user-error.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';

describe('the configuration', () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const load = (args: string[], environment: Record<string, string> = {}): Configuration =>
    loadConfiguration(parseCommandLine(args), { APP_ROOT_PATH: folder.path, ...environment });
  const usual = (content: unknown): string =>
    folder.write(
      'etc/mentat/mentat-reporter.conf',
      typeof content === 'string' ? content : JSON.stringify(content),
    );
  const problem = (args: string[], environment: Record<string, string> = {}): UserError => {
    try {
      load(args, environment);
    } catch (error) {
      assert.ok(error instanceof UserError, String(error));
      return error;
    }
    throw new assert.AssertionError({ message: 'nothing was refused' });
  };

  describe('takes each key from the strongest source', () => {
    // What stands where, and the limit that holds then.
    const sources: [
      string,
      { dir?: number; file?: number; variable?: string; option?: string },
      number | undefined,
    ][] = [
      ['no source', {}, undefined],
      ['folder', { dir: 1 }, 1],
      ['file over folder', { dir: 1, file: 2 }, 2],
      ['environment over file', { dir: 1, file: 2, variable: '3' }, 3],
      ['command line over all', { dir: 1, file: 2, variable: '3', option: '4' }, 4],
      ['a zero counts as given', { dir: 1, file: 0 }, 0],
    ];
    for (const [what, { dir, file, variable, option }, limit] of sources) {
      it(what, () => {
        if (dir !== undefined) folder.write('etc/mentat/core/a.json.conf', JSON.stringify({ limit: dir }));
        usual(file === undefined ? {} : { limit: file });
        const args = option === undefined ? [] : ['--limit', option];
        assert.equal(
          load(args, variable === undefined ? {} : { MENTAT_REPORTER_LIMIT: variable }).config.limit,
          limit,
        );
      });
    }
  });

  it('warns of a key that is there twice, of which the last one holds', () => {
    usual('{\n  # a comment\n  "limit": 1,\n  "limit": 2\n}');
    const { config, notes } = load([]);
    assert.equal(config.limit, 2);
    assert.match(
      notes.join('|'),
      /^[^|]*mentat-reporter\.conf: duplicate keys: "limit", line 4, column 3 \(/,
    );
  });

  it('reads the folder by name, *.json.conf only, and replaces values whole', () => {
    folder.write('etc/mentat/core/b.json.conf', '{"template_vars": {"y": 3}, "limit": 2}');
    folder.write('etc/mentat/core/a.json.conf', '{"template_vars": {"x": 1}, "limit": 1}');
    folder.write('etc/mentat/core/z.conf', '{"limit": 9}');
    folder.write('etc/mentat/core/z.json.conf/inner.json.conf', '{"limit": 9}');
    usual({});
    const { config } = load([]);
    assert.deepEqual([config.limit, config.template_vars], [2, { y: 3 }]);
  });

  it('drops comment lines, and those only', () => {
    usual('# first\n{\n  // second\n  "mail_subject": "# no // comment",\n   # third\n  "limit": 5\n}\n');
    const { config } = load([]);
    assert.deepEqual([config.mail_subject, config.limit], ['# no // comment', 5]);
  });

  it('takes a byte order mark, and an empty file or one of comments as an empty object', () => {
    usual('\ufeff{ "limit": 5 }');
    assert.equal(load([]).config.limit, 5);
    for (const text of ['', '  \n', '# nothing\n// here\n', '\ufeff']) {
      usual(text);
      assert.equal(load([]).config.limit, undefined, JSON.stringify(text));
    }
  });

  it('passes over null', () => {
    folder.write('etc/mentat/core/a.json.conf', '{"limit": 1}');
    usual({ limit: null });
    assert.equal(load([]).config.limit, 1);
  });

  it('reads times, lists and flags alike from file, environment and command line', () => {
    usual({ time_high: '2026-01-01T00:00:00+01:00', mail_admin: 'a@x', regular: true });
    const fromFile = load([]).config;
    assert.deepEqual(
      [fromFile.time_high, fromFile.mail_admin, fromFile.regular],
      [Date.UTC(2025, 11, 31, 23), ['a@x'], true],
    );
    const variables = {
      MENTAT_REPORTER_TIME_HIGH: '0',
      MENTAT_REPORTER_MAIL_ADMIN: 'a@x, b@x',
      MENTAT_REPORTER_REGULAR: 'false',
    };
    const fromVariables = load([], variables).config;
    assert.deepEqual(
      [fromVariables.time_high, fromVariables.mail_admin, fromVariables.regular],
      [0, ['a@x', 'b@x'], false],
    );
    const given = load(['--time-high', '1e3', '--mail-admin', 'c@x'], variables).config;
    assert.deepEqual([given.time_high, given.mail_admin], [1_000_000, ['c@x']]);
  });

  it('takes the keys of the block that the reference has them in', () => {
    usual({
      __core__reporter: { reports_dir: '/srv/reports', event_classes_dir: '/x' },
      __core__database: {},
    });
    const { config, notes } = load([]);
    assert.deepEqual([config.reports_dir, notes], ['/srv/reports', []]);
  });

  describe('says something about keys that mean nothing', () => {
    it('a mistyped key', () => {
      usual({ intervall: 'hourly' });
      assert.match(
        load([]).notes.join(),
        /mentat-reporter\.conf: unknown key "intervall" is ignored \(did you mean interval\?\)/,
      );
    });
    it('a mistyped key of the block that the reference has', () => {
      usual({ __core__reporter: { report_dir: '/x' }, pid_file: '/unused' });
      assert.deepEqual(load([]).notes, [
        `${folder.at('etc/mentat/mentat-reporter.conf')}: __core__reporter: unknown key "report_dir" is ignored (did you mean reports_dir?)`,
      ]);
    });
    it('but only aside of keys in the folder that other programs read, too', () => {
      folder.write('etc/mentat/core/a.json.conf', '{"limits": 3, "__core__database": {}}');
      usual({});
      const { notes, asides } = load([]);
      assert.deepEqual(notes, []);
      assert.match(
        asides.join(),
        /core\/a\.json\.conf: unknown key "limits" is ignored \(did you mean limit\?\)/,
      );
    });
    it('a mistyped variable', () => {
      usual({});
      assert.match(
        load([], { MENTAT_REPORTER_LIMITS: '1' }).notes.join(),
        /MENTAT_REPORTER_LIMITS is ignored \(did you mean MENTAT_REPORTER_LIMIT\?\)/,
      );
    });
    it('a key that comes too late in a file', () => {
      usual({ config_dir: '/x' });
      const { config, notes } = load([]);
      assert.equal(config.config_dir, undefined);
      assert.match(notes.join(), /config_dir has no effect in a configuration file/);
    });
  });

  describe('without any configuration', () => {
    it('takes the shipped one and says so', () => {
      const { config, fallback } = load([]);
      assert.equal(config.interval, '10_minutes');
      assert.match(fallback ?? '', /no configuration at .*mentat-reporter\.conf: taking the shipped one/);
    });
    it('keeps everything under ./var where no root is set', () => {
      const { locations } = loadConfiguration(parseCommandLine(['--name', 'no-such-name']), {});
      assert.deepEqual([locations.runDir, locations.spoolDir], ['var/run', 'var/spool']);
    });
    it('counts a missing file as empty when told to', () => {
      const { config, fallback, locations } = load(['--config-file-silent']);
      assert.deepEqual([config.interval, fallback], ['daily', undefined]);
      assert.equal(locations.logFile, folder.at('var/mentat/log/mentat-reporter.log'));
    });
    it('reads none when told to', () => {
      usual({ limit: 3 });
      assert.equal(load(['--config-file', '']).config.limit, undefined);
    });
  });

  it('finds its file by the name of the reporter', () => {
    folder.write('etc/mentat/other.conf', '{"limit": 7}');
    const { config, locations } = load(['--name', 'other']);
    assert.deepEqual([config.limit, locations.logFile], [7, folder.at('var/mentat/log/other.log')]);
  });

  describe('lets the mode given closer by hold', () => {
    it('on the command line', () => {
      usual({ regular: true });
      const { config } = load(['--shell']);
      assert.deepEqual([config.regular, config.shell], [false, true]);
    });
    it('and refuses two from files', () => {
      usual({ regular: true, shell: true });
      assert.match(problem([]).message, /regular and shell exclude each other/);
    });
    it('quiet beats verbose', () => {
      usual({ quiet: true, verbosity: 1 });
      assert.equal(load([]).config.verbosity, 0);
    });
  });

  // A file's content or arguments, what the one line says, and whether it is a matter of usage.
  const bad: [
    string,
    { content?: string; args?: string[]; variables?: Record<string, string> },
    RegExp,
    boolean,
  ][] = [
    [
      'broken JSON, with line and column',
      { content: '{\n# c\n  "limit": 1,\n  "x" 2\n}' },
      /mentat-reporter\.conf, line 4, column 7: no valid JSON/,
      false,
    ],
    ['a list', { content: '[]' }, /wrong content, got \[\], expected a JSON object/, false],
    ['a trailing comma', { content: '{"limit": 1,}' }, /line 1, column 13/, false],
    [
      'a text for a number',
      { content: '{"limit": "3"}' },
      /mentat-reporter\.conf: limit: wrong value, got "3", expected a whole number, 0 or more/,
      false,
    ],
    [
      'an unknown interval',
      { content: '{"interval": "hour"}' },
      /interval: wrong value, got "hour", expected one of 5_minutes, .*hourly/,
      false,
    ],
    [
      'an unknown level',
      { content: '{"log_level": "INFO"}' },
      /log_level: wrong value, got "INFO", expected one of debug/,
      false,
    ],
    [
      'a block that is none',
      { content: '{"__core__reporter": []}' },
      /mentat-reporter\.conf: __core__reporter: wrong value, got \[\], expected an object/,
      false,
    ],
    ['a wrong time', { content: '{"time_high": "2026-01-01"}' }, /time_high: wrong value/, false],
    [
      'a wrong interval',
      { args: ['--interval', 'minutely'] },
      /--interval: wrong value, got "minutely", expected one of/,
      true,
    ],
    ['a wrong action', { args: ['--action', 'groups-lst'] }, /--action: wrong value/, true],
    ['a negative limit', { args: ['--limit', '-1'] }, /--limit: wrong value, got -1/, true],
    ['a wrong zone', { args: ['--force-timezone', 'Prague'] }, /--force-timezone: wrong value.*IANA/, true],
    ['a template that is a path', { args: ['--template-id', '../x'] }, /--template-id: wrong value/, true],
    [
      'a wrong severity',
      { args: ['--severity', 'info'] },
      /--severity.*wrong value, got "info", expected one of low, medium, high, critical/,
      true,
    ],
    [
      'a variable with a wrong value',
      { variables: { MENTAT_REPORTER_REGULAR: 'maybe' } },
      /MENTAT_REPORTER_REGULAR: wrong value, got "maybe", expected true or false/,
      false,
    ],
    [
      'a missing file that was named',
      { args: ['--config-file', '/no/such.conf'] },
      /\/no\/such\.conf: configuration file is missing/,
      false,
    ],
    [
      'a missing folder that was named',
      { content: '{}', args: ['--config-dir', '/no/such'] },
      /\/no\/such: configuration directory is missing/,
      false,
    ],
    ['a folder for a file', { args: ['--config-file', '/'] }, /it is a directory/, false],
    [
      'a file for a folder',
      { content: '{}', args: ['--config-dir', '/etc/hostname'] },
      /is no directory/,
      false,
    ],
    ['an invalid name', { args: ['--name', '../x'] }, /--name: invalid name, got "\.\.\/x"/, false],
  ];
  for (const [what, { content, args, variables }, line, usage] of bad) {
    it(`refuses ${what}`, () => {
      if (content !== undefined) usual(content);
      const error = problem(args ?? [], variables);
      assert.match(error.message, line);
      assert.equal(error.usage, usage);
      assert.doesNotMatch(error.message, /\n/);
    });
  }

  // Forms of a time that are refused: each would be read as something else by one parser or another.
  const times = [
    '',
    ' ',
    '2026-01-01',
    '2026-01-01T00:00',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00+0100',
    '2026-13-01T00:00:00Z',
    '2026-02-30T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:60Z',
    'nan',
    'Infinity',
    '0x10',
    '1e99',
    'now',
  ];
  for (const text of times) {
    it(`refuses ${JSON.stringify(text)} as a time, with the accepted forms`, () => {
      const error = problem(['--time-high', text]);
      assert.match(error.message, /--time-high: wrong value.*2026-01-31T12:00:00Z/);
      assert.equal(error.usage, true);
    });
  }
});
