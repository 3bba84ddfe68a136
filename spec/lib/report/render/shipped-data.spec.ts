import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, it } from 'mocha';
import { loadCatalogue } from '../../../../lib/report/render/catalogue.ts';
import { DEFAULT_FIELDS, MAIN_FIELDS, SECTION_FIELDS } from '../../../../lib/report/content/fields.ts';
import { Locales } from '../../../../lib/report/render/locale.ts';
import { createRenderer, type MailSettings } from '../../../../lib/report/render/renderer.ts';
import { shippedPath } from '../../../../lib/report/render/shipped.ts';
import { makeFolder } from '../../../support/folder.ts';

const LOCALES = new Locales([shippedPath('locales')]);
const PLURAL = /_(zero|one|two|few|many|other)$/;

/** Every key of a locale with its text. */
function textsOf(locale: string): Map<string, string> {
  const texts = new Map<string, string>();
  const walk = (node: object, prefix: string): void => {
    for (const [key, value] of Object.entries(node) as [string, string | object][]) {
      if (typeof value === 'string') texts.set(prefix + key, value);
      else walk(value, `${prefix}${key}.`);
    }
  };
  walk(JSON.parse(readFileSync(shippedPath('locales', `${locale}.json`), 'utf8')) as object, '');
  return texts;
}

const variables = (text: string): string[] =>
  [...text.matchAll(/\{\{\s*(\w+)/g)].map((match) => match[1]!).sort();

describe('locales', () => {
  it('are English and Czech', () => assert.deepEqual(LOCALES.names, ['cs', 'en']));

  it('have the same texts', () => {
    const keys = (locale: string) =>
      [...new Set([...textsOf(locale).keys()].map((key) => key.replace(PLURAL, '')))].sort();
    assert.deepEqual(keys('cs'), keys('en'));
  });

  it('name the same values', () => {
    const english = textsOf('en');
    for (const [key, text] of textsOf('cs')) {
      const other = english.get(key) ?? english.get(key.replace(PLURAL, '_other'))!;
      assert.deepEqual(variables(text), variables(other), key);
    }
  });

  for (const locale of ['en', 'cs']) {
    it(`have every plural form of their language (${locale})`, () => {
      const forms = new Intl.PluralRules(locale).resolvedOptions().pluralCategories;
      const keys = [...textsOf(locale).keys()];
      for (const stem of new Set(
        keys.filter((key) => PLURAL.test(key)).map((key) => key.replace(PLURAL, '')),
      )) {
        for (const form of forms) assert.ok(keys.includes(`${stem}_${form}`), `${stem}_${form}`);
      }
    });

    it(`have labels that fit their column (${locale})`, () => {
      for (const [key, text] of textsOf(locale)) {
        if (/^(row|fact|field)\./.test(key)) assert.ok(text.length <= 22, `${key}: ${text}`);
      }
    });

    it(`have a label for every field (${locale})`, () => {
      const t = LOCALES.translate(locale);
      for (const name of MAIN_FIELDS) assert.ok(t(`field.main.${name}`));
      for (const name of SECTION_FIELDS) assert.ok(t(`field.source.${name}`) && t(`field.target.${name}`));
    });
  }

  const plurals: [number, string][] = [
    [1, '1 zdroj nedostal'],
    [3, '3 zdroje nedostaly'],
    [5, '5 zdrojů nedostalo'],
    [1000, '1\u00a0000 zdrojů nedostalo'],
  ];
  for (const [count, expected] of plurals) {
    it(`count in Czech: ${count}`, () =>
      assert.ok(LOCALES.translate('cs')('summary.extra_left_out', { count }).startsWith(expected)));
  }

  it('never look for keys or values in what comes out of events', () => {
    const t = LOCALES.translate('en');
    assert.equal(
      t('subject.extra', { source: '$t(thanks) {{label}}' }),
      'Problems with $t(thanks) {{label}}',
    );
  });

  it('refuse a language that lacks texts, and name all of them', () => {
    const folder = makeFolder();
    folder.write('en.json', '{"a":"A","b":{"c":"C","d":"D"},"n_one":"1","n_other":"2"}');
    folder.write('cs.json', '{"a":"A","b":{"c":""},"n_one":"1","n_few":"2","n_other":"5"}');
    assert.throws(
      () => new Locales([folder.path]).translate('cs'),
      /cs\.json: locale lacks texts: b\.c, b\.d, n_many$/,
    );
    const own = makeFolder();
    const mistyped = own.write('en.json', '{"aa":"A"}');
    folder.write(
      'cs.json',
      '{"a":"A","b":{"c":"C","d":"D"},"n_one":"1","n_few":"2","n_many":"3","n_other":"5"}',
    );
    assert.throws(
      () => new Locales([own.path, folder.path]).translate('cs'),
      (error: Error) => error.message.includes(`locale lacks texts: aa (they stand in ${mistyped} over `),
    );
    own.remove();
    folder.remove();
  });

  it('refuse a language there is none of', () =>
    assert.throws(() => LOCALES.translate('de'), /no such locale, got "de", expected cs or en/));
});

describe('catalogue', () => {
  const folder = makeFolder();
  after(() => folder.remove());
  const catalogue = loadCatalogue();

  const known =
    'recon-scanning anomaly-traffic anomaly-host-miner abusive-spam-backscatter time-not-synced attempt-login-ssh attempt-login-telnet ' +
    'attempt-login-rdp attempt-login-sip attempt-exploit attempt-exploit-http avail-ddos abusive-spam-spammer vulnerable-config-qotd ' +
    'vulnerable-config-ssdp vulnerable-config-ntp vulnerable-config-domain vulnerable-config-netbios vulnerable-config-ipmi ' +
    'vulnerable-config-chargen vulnerable-config-snmp vulnerable-config-tls-old vulnerable-open-socks anomaly-traffic-url ' +
    'intrusion-botnet-bot intrusion-botnet-cc tls-deprecated certificate-expired vulnerable-config-tls-deprecated ' +
    'vulnerable-config-certificate-expired vulnerable-config-time-not-synced vulnerable-config-ciphers-old vulnerable-implementation ' +
    'anomaly-traffic-target malware malware-ransomware fraud-phishing fraud-scam fraud-copyright intrusion-user intrusion-admin ' +
    'intrusion-app information-modification suspicious-tor anomaly-behaviour anomaly-system';
  for (const name of known.split(' ')) {
    it(`speaks both languages about ${name}`, () => {
      const found = catalogue.find(name)!;
      assert.ok(found.label['en'] && found.label['cs'] && found.advice?.['en'] && found.advice['cs']);
    });
  }

  it('knows every class that the sample events name', () => {
    const lines = readFileSync(shippedPath('conf', 'sample', 'events.ndjson'), 'utf8')
      .trim()
      .split('\n');
    const names = lines.flatMap((line) => /"EventClass":"([^"]+)"/.exec(line)?.[1] ?? []);
    assert.ok(names.length > 20);
    assert.deepEqual(
      names.filter((name) => catalogue.find(name) === undefined),
      [],
    );
  });

  it('looks in lower case, and finds nothing for what is unknown', () => {
    assert.equal(catalogue.find('Attempt-Login-SSH'), catalogue.find('attempt-login-ssh'));
    for (const name of ['constructor', '__proto__', 'Recon.Sniffing', 'Attempt.Login/Recon.Scanning', ''])
      assert.equal(catalogue.find(name), undefined);
  });

  it('tells events without a class by the texts of the class that their category plainly is, with whatever facts they have', () => {
    const [scanning, found] = [catalogue.find('recon-scanning'), catalogue.find('Recon.Scanning')];
    assert.deepEqual(found, { ...scanning, ...DEFAULT_FIELDS });
    assert.equal(catalogue.find('recon.scanning')?.label['en'], scanning?.label['en']);
    const file = folder.write(
      'categories.json',
      JSON.stringify({
        'recon-scanning': { label: { en: 'Ours' } },
        sniffer: { label: { en: 'Sniffs' }, categories: ['Recon.Sniffing'] },
      }),
    );
    const ours = loadCatalogue(file);
    assert.equal(ours.find('Recon.Scanning')?.label['en'], 'Ours');
    assert.equal(ours.find('Recon.Sniffing')?.label['en'], 'Sniffs');
  });

  it("prefers the operator's classes, one by one", () => {
    const file = folder.write(
      'ours.json',
      JSON.stringify({ 'Recon-Scanning': { label: { en: 'Ours' }, target: ['Port'] } }),
    );
    const ours = loadCatalogue(file);
    assert.deepEqual(ours.find('recon-scanning'), {
      label: { en: 'Ours' },
      main: [],
      source: [],
      target: ['Port'],
    });
    assert.deepEqual(ours.find('avail-ddos'), catalogue.find('avail-ddos'));
  });

  const problems: [string, string, RegExp][] = [
    ['no JSON', '{', /event classes cannot be read/],
    ['no object', '[]', /must be object/],
    ['a class without a label', '{"x":{}}', /x: event class must have required property 'label'/],
    [
      'a field that does not exist',
      '{"x":{"label":{"en":"X"},"main":["Prt"]}}',
      /bad\.json x main 0: event class displays a field that does not exist, got "Prt", expected one of Description, Ref, /,
    ],
    [
      'a member that does not exist',
      '{"x":{"label":{"en":"X"},"mian":[]}}',
      /x: event class has a member that does not exist, got "mian", expected one of label, advice, /,
    ],
    ['no JSON further down', '{\n"x" 1}', /bad\.json, line 2: event classes cannot be read/],
    ['a link that is none', '{"x":{"label":{"en":"X"},"reference":"javascript:1"}}', /must match pattern/],
  ];
  for (const [name, text, expected] of problems) {
    it(`refuses ${name}`, () => assert.throws(() => loadCatalogue(folder.write('bad.json', text)), expected));
  }
});

describe('renderer', () => {
  const renderer = createRenderer({ templatesDir: undefined, templateVars: {} }, loadCatalogue());
  const good: MailSettings = { template: 'default', locale: 'cs', timezone: 'Europe/Prague', defang: 'urls' };

  it('accepts good settings beforehand', () =>
    assert.deepEqual(renderer.check({ ...good, mode: 'both' }), []));

  const bad: [string, Partial<MailSettings>, RegExp][] = [
    ['template', { template: 'none' }, /no such template/],
    ['template name', { template: '..' }, /template name is no file name/],
    ['locale', { locale: 'xx' }, /no such locale/],
    ['time zone', { timezone: 'Nowhere' }, /no such time zone/],
  ];
  for (const [name, change, expected] of bad) {
    it(`refuses a bad ${name} beforehand`, () =>
      assert.throws(() => renderer.check({ ...good, mode: 'both', ...change }), expected));
  }
});
