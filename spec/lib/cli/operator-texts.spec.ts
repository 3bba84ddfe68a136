import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { simpleParser, type ParsedMail } from 'mailparser';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { shipped } from '../../../lib/config/locations.ts';
import { rawEvent } from '../../support/builders.ts';
import { makeFolder, type Folder } from '../../support/folder.ts';
import { callProgram, type Ended } from '../../support/program.ts';

// What an operator may put in place of what is shipped, without a line of code; and where mails go when they must not go to anybody.

const CONF = 'etc/mentat/mentat-reporter.conf';
const NOW = Date.UTC(2026, 0, 7);

describe("an operator's own", () => {
  let folder: Folder;
  beforeEach(() => {
    folder = makeFolder();
  });
  afterEach(() => folder.remove());

  const configure = (values: Record<string, unknown>): string => folder.write(CONF, JSON.stringify(values));
  const call = (...args: string[]): Promise<Ended> =>
    callProgram([...args, '--groups', folder.at('groups.json')], {
      environment: { APP_ROOT_PATH: folder.path },
      now: NOW,
    });
  const group = (name: string, settings: Record<string, unknown> = {}): object => ({
    name,
    networks: [{ network: '192.0.2.0/24' }],
    settings,
  });
  const groups = (...all: object[]): string => folder.write('groups.json', JSON.stringify(all));
  const problems = async (): Promise<{ problems: string[]; stderr: string }> => {
    const { objects, stderr } = await call('--action', 'config-check', '--output', 'json');
    return {
      problems: objects().flatMap(({ problem }) => (problem === undefined ? [] : [problem as string])),
      stderr,
    };
  };
  /** Mails of a replay of events of these groups. */
  const mails = async (owners: readonly string[], ...args: string[]): Promise<ParsedMail[]> => {
    const events = folder.write(
      'events.ndjson',
      JSON.stringify(rawEvent({ id: 'one', groups: owners, eventClass: 'our-own' })),
    );
    const { code, stderr } = await call('--events', events, '--dry-run', folder.at('out'), ...args);
    assert.equal(code, 0, stderr);
    const names = readdirSync(folder.at('out')).filter((name) => name.endsWith('.eml'));
    return Promise.all(names.sort().map((name) => simpleParser(readFileSync(folder.at(`out/${name}`)))));
  };

  it('language and single texts, event classes and templates make the mail', async () => {
    const german = JSON.parse(readFileSync(shipped('locales/en.json'), 'utf8')) as Record<string, unknown>;
    folder.write('locales/de.json', JSON.stringify({ ...german, greeting: 'Guten Tag,' }));
    folder.write('locales/en.json', JSON.stringify({ thanks: 'Cheers.' }));
    folder.write(
      'classes/ours.json',
      JSON.stringify({
        'our-own': {
          label: { en: 'The toaster talks', de: 'Der Toaster spricht' },
          advice: { en: 'Unplug it.', de: 'Stecker ziehen.' },
          reference: 'https://csirt.example.org/toaster',
        },
      }),
    );
    folder.write('templates/brief.summary.txt.mustache', '{{label}}: {{#t}}greeting{{/t}}');
    groups(
      group('a@example.org', { locale: 'de' }),
      group('b@example.org'),
      group('c@example.org', { template: 'brief' }),
    );
    configure({
      locales_dir: folder.at('locales'),
      __core__reporter: { event_classes_dir: folder.at('classes'), templates_dir: folder.at('templates') },
    });
    const good = await problems();
    assert.deepEqual(good.problems, []);
    assert.match(good.stderr, /mails of template brief\.summary\.txt go as text only/);

    const [a, b, c] = await mails(['a@example.org', 'b@example.org', 'c@example.org']);
    const by = (to: string) => [a!, b!, c!].find((mail) => [mail.to].flat()[0]!.text === to)!;
    const german1 = by('a@example.org');
    assert.match(
      german1.text!,
      /^Guten Tag,\n[^]*Der Toaster spricht\n +Stecker ziehen\.\n +https:\/\/csirt/,
    );
    assert.match(german1.html as string, /<html lang="de">[^]*<a href="https:\/\/csirt\.example\.org/);
    assert.match(by('b@example.org').text!, /The toaster talks[^]*Cheers\./);
    const brief = by('c@example.org');
    assert.equal(brief.html, false);
    assert.match(brief.text!, /^M\d{8}SL-[A-Z0-9]{5}: Dear colleagues,\n$/);
  });

  it('template for extra reports is needed where there are any', async () => {
    folder.write('templates/brief.summary.txt.mustache', '{{label}}');
    configure({ templates_dir: folder.at('templates') });
    groups(group('a@example.org', { template: 'brief' }));
    assert.deepEqual((await problems()).problems, []);
    assert.equal((await call('--force-template', 'brief')).code, 0);
    const missing = /: no such template, got "brief\.extra\.txt\.mustache", expected a file in /;

    groups(
      group('a@example.org', { template: 'brief', mode: 'both' }),
      group('b@example.org', { template: 'brief' }),
    );
    const found = (await problems()).problems;
    assert.equal(found.length, 1);
    assert.match(found[0]!, missing);
    assert.match(found[0]!, /group "a@example\.org"/);
    for (const args of [[], ['--force-mode', 'extra']]) {
      const { code, stderr } = await call('--force-template', 'brief', ...args);
      assert.equal(code, 2);
      assert.match(stderr, missing);
      assert.match(stderr, / --force-template: /);
    }
    assert.equal((await call('--force-template', 'brief', '--force-mode', 'summary')).code, 0);
  });

  it('mistakes of what is forced upon all groups are told once, and hide none of a group', async () => {
    groups(
      group('a@example.org', { mode: 'both' }),
      group('b@example.org', { template: 'mine' }),
      group('c@example.org', { locale: 'cz' }),
    );
    configure({ force_template: 'none' });
    const wrongTemplate = (await problems()).problems;
    assert.equal(wrongTemplate.length, 2, wrongTemplate.join('\n'));
    assert.match(wrongTemplate[0]!, /conf: force_template: no such template, got "none\.summary/);
    assert.match(wrongTemplate[1]!, /group "c@example\.org": no such locale, got "cz"/);
    configure({ force_locale: 'xx' });
    const wrongLocale = (await problems()).problems;
    assert.equal(wrongLocale.length, 2, wrongLocale.join('\n'));
    assert.match(wrongLocale[0]!, /conf: force_locale: no such locale, got "xx"/);
    assert.match(wrongLocale[1]!, /group "b@example\.org": no such template, got "mine\.summary/);
  });

  it('X-ARF documents that cannot be made are told before the work, once', async () => {
    configure({});
    const told =
      /mail_from: X-ARF needs a mail address, got "mentat-reporter@localhost", expected name@example\.org \(set it, or /g;
    groups(
      group('a@example.org', { xarf: true, mode: 'both' }),
      group('b@example.org', { xarf: true, mode: 'extra' }),
    );
    const { code, stderr } = await call('--regular');
    assert.equal(code, 0);
    assert.match(stderr, /^[^\n]*WARNING: extra reports with X-ARF documents will fail: [^\n]*\n$/);
    assert.equal(stderr.match(told)?.length, 1, stderr);
    assert.equal((await problems()).problems.join().match(told)?.length, 1);
    groups(group('a@example.org', { xarf: true }), group('b@example.org', { mode: 'both' }));
    assert.equal((await call('--regular')).stderr, '');
    assert.deepEqual((await problems()).problems, []);
  });

  it('mistakes are named with their place, before a mail has a blank', async () => {
    folder.write('locales/cs.json', JSON.stringify({ fact: { sources: 'Zdroje {{nothing}}' } }));
    folder.write('locales/de.json', JSON.stringify({ greeting: 'Guten Tag,' }));
    folder.write('templates/closing.html.mustache', '{{no_such_variable}}');
    folder.write('templates/mine.summary.txt.mustache', '{{#t}}no.such.text{{/t}}');
    folder.write('templates/mine.extra.txt.mustache', '{{#regular}}');
    folder.write('classes.json', '{"x":{"label":{"en":"X"},"target":["Prot"]}}');
    groups(
      group('a', { locale: 'cs', emails: ['a@example.org'] }),
      group('b', { locale: 'de', emails: ['a@example.org'] }),
      group('c', { emails: ['a@example.org'] }),
      group('d', { template: 'mine', emails: ['a@example.org'] }),
      group('e', { defang: 'some', emails: ['a@example.org'] }),
    );
    configure({
      locales_dir: folder.at('locales'),
      templates_dir: folder.at('templates'),
      event_classes_dir: folder.at('classes.json'),
    });
    const found = (await problems()).problems;
    for (const line of [
      /classes\.json x target 0: event class displays a field that does not exist, got "Prot", expected one of Port/,
      /group "a": .*cs\.json.*: text names a value that does not exist, got "nothing"/,
      /group "b": .*de\.json: locale lacks texts: test_data, /,
      /group "c": .*summary\.html\.mustache: template or one of its partials uses a variable that does not exist, got "no_such_variable" \(conf\/README\.md lists what there is\)/,
      /group "d": .*en\.json: locale lacks a text, got "no\.such\.text"/,
      /group "e", settings\.defang: .*got "some", expected one of none, urls, all/,
    ])
      assert.ok(
        found.some((problem) => line.test(problem)),
        `${line}\n${found.join('\n')}`,
      );
  });

  describe('recipients', () => {
    const reached = (all: readonly ParsedMail[]): string[] =>
      readdirSync(folder.at('out'))
        .filter((name) => name.endsWith('.eml'))
        .map((name) => readFileSync(folder.at(`out/${name}`), 'utf8'))
        .flatMap((text) =>
          [...text.split('\r\n\r\n')[0]!.matchAll(/[\w.+-]+@[\w.-]+/g)].map(([found]) => found),
        )
        .concat(all.flatMap((mail) => [mail.to, mail.cc, mail.bcc].flat().flatMap((one) => one?.text ?? [])));
    const copies = ['--mail-cc', 'copy@real.example', '--mail-bcc', 'blind@real.example'];

    it('of a test are the testers, whatever else is said', async () => {
      groups(
        group('a@real.example', { mode: 'both', redirect: true }),
        group('b@real.example', { emails: ['b@real.example'] }),
      );
      for (const [to, args] of [
        ['admin@test.example', ['--mail-admin', 'admin@test.example']],
        ['me@test.example', ['--mail-admin', 'admin@test.example', '--mail-to', 'me@test.example']],
      ] as const) {
        const all = await mails(['a@real.example', 'b@real.example'], '--mail-test-mode', ...copies, ...args);
        assert.equal(all.length, 3);
        for (const mail of all) {
          assert.deepEqual(
            [mail.to, mail.cc, mail.bcc].map((one) => [one].flat()[0]?.text),
            [to, undefined, undefined],
          );
          assert.match(mail.subject!, /\[TEST\]/);
          assert.equal(mail.headers.get('x-mentat-report-mark'), 'test');
        }
        assert.deepEqual(
          reached(all).filter((address) => address.endsWith('real.example')),
          [],
        );
        folder.remove();
        folder = makeFolder();
        groups(group('a@real.example', { mode: 'both', redirect: true }), group('b@real.example'));
      }
    });

    it('of a redirected group is the administrator, of the others those that replace them', async () => {
      groups(group('a@real.example', { redirect: true }), group('b@real.example'));
      const all = await mails(
        ['a@real.example', 'b@real.example'],
        ...['--mail-admin', 'admin@test.example', '--mail-to', 'desk@other.example'],
        ...copies,
      );
      const heads = all.map((mail) => [mail.to, mail.cc].map((one) => [one].flat()[0]?.text).join(' '));
      assert.deepEqual([...new Set(heads)].sort(), [
        'admin@test.example ',
        'desk@other.example copy@real.example',
      ]);
      const redirected = all.filter((mail) => mail.headers.get('x-mentat-report-mark') === 'redirected');
      assert.equal(redirected.length, 1);
      assert.match(redirected[0]!.subject!, /\[TEST\]/);
      assert.match(
        redirected[0]!.text!,
        /redirected to you\. Otherwise it would have been sent to the\s+group a@real\.example/,
      );
      assert.equal(all.length, 1 + 3, 'one for each who gets it');
      const blind = readFileSync(
        folder.at(`out/${readdirSync(folder.at('out')).find((name) => name.endsWith('.3.eml'))!}`),
        'utf8',
      );
      assert.doesNotMatch(blind, /blind@real\.example/);
    });
  });
});
