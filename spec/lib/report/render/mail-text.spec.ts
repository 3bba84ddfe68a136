import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import { UserError } from '../../../../lib/model/user-error.ts';
import { WIDTH } from '../../../../lib/report/render/layout.ts';
import { rawEvent } from '../../../support/builders.ts';
import { makeFolder } from '../../../support/folder.ts';
import { laneReports, type LaneEvents, type LaneOptions } from '../support/lane-reports.ts';
import { HOSTILE, huge, SMALL } from '../support/samples.ts';

// Control and direction characters that must not reach a reader.

const UNSAFE = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

describe('mail text', () => {
  const folder = makeFolder();
  after(() => folder.remove());
  const mails = async (events: Parameters<typeof laneReports>[1], options?: LaneOptions) =>
    (await laneReports(folder.path, events, options)).map(({ record }) => record);

  for (const locale of ['en', 'cs']) {
    it(`of a hostile lane is one line where one line belongs (${locale})`, async () => {
      const records = await mails(HOSTILE, { settings: { locale, attachments: 'all' } });
      assert.ok(records.length > 2);
      for (const { subject, message } of records) {
        assert.doesNotMatch(message, UNSAFE);
        assert.doesNotMatch(subject, UNSAFE);
        assert.doesNotMatch(subject, /\n/);
        assert.doesNotMatch(message, /^Bcc:|hunter2/m);
        assert.ok(message.isWellFormed());
        assert.ok(subject.length < 160);
      }
      const text = records[0]!.message.replace(/\s+/g, ' ');
      assert.ok(text.includes('{{vars[.]team}}'), 'braces out of an event are text');
      assert.ok(text.includes('$t(thanks)'), 'so is what the translator would take for a key');
    });

    it(`of a huge lane stays readable and says what it leaves out (${locale})`, async () => {
      const [summary] = await mails(huge(), {
        settings: { locale },
        options: { maxExtraReports: 0 },
        wanted: { extras: false },
      });
      const { message } = summary!;
      assert.ok(message.length < 300_000, `${message.length}`);
      const name = locale === 'en' ? 'Source' : 'Zdroj';
      assert.equal(message.split('\n').filter((line) => line.startsWith(`    ${name} `)).length, 200);
      assert.match(message, /^\[50\] /m);
      assert.doesNotMatch(message, /^\[51\] /m);
      assert.match(message, locale === 'en' ? /and 35 more/ : /a 35 dalších/);
      assert.match(
        message,
        locale === 'en' ? /^21 more kinds of problems are not listed/m : /^21 dalších druhů problémů/m,
      );
      assert.ok(message.includes(`${summary!.label}.json`));
    });

    it(`keeps to the width (${locale})`, async () => {
      for (const { message } of await mails(SMALL, {
        settings: { locale, timezone: 'Europe/Prague', attachments: 'all' },
      })) {
        for (const line of message.split('\n')) assert.ok(line.length <= WIDTH, line);
      }
    });
  }

  it('never shows a password', async () => {
    for (const record of await mails(SMALL)) assert.doesNotMatch(JSON.stringify(record), /hunter2/);
  });

  it('prints ports as numbers in order, negative clock skew, and nothing that is 0', async () => {
    const skewed = rawEvent({
      eventClass: 'time-not-synced',
      more: { Source: [{ IP4: ['192.0.2.1'], ClockSkew: -90 }] },
    });
    const scan = rawEvent({ more: { ConnCount: 0, Target: [{ Port: [8080, 443, 80] }] } });
    const [summary] = await mails({ regular: [skewed, scan] });
    assert.match(summary!.message, /Target ports +80, 443, 8080\n/);
    assert.match(summary!.message, /Clock is off by \(s\) +-90\n/);
    assert.doesNotMatch(summary!.message, /Connections/);
  });

  it('says how many values there are at least when there are too many to count', async () => {
    const Port = Array.from({ length: 2000 }, (_, i) => i);
    const [summary] = await mails({ regular: [rawEvent({ more: { Target: [{ Port }] } })] });
    assert.match(summary!.message.replace(/\s+/g, ' '), /13, 14 and at least 986 more/);
  });

  it('tells new events from those that go on, each part only when it has events', async () => {
    const [onlyNew] = await mails({ regular: SMALL.regular! });
    const [onlyOld] = await mails({ relapsed: SMALL.relapsed! });
    assert.doesNotMatch(onlyNew!.message, /earlier report/);
    assert.doesNotMatch(onlyOld!.message, /new event/);
    assert.match(
      onlyOld!.message.replace(/\s+/g, ' '),
      /Problems that you know from an earlier report continue: 2 further events/,
    );
  });

  for (const severity of ['low', 'medium', 'high', 'critical'] as const) {
    it(`says what is expected at severity ${severity}`, async () => {
      const [summary] = await mails(SMALL, { severity });
      assert.match(
        summary!.message,
        new RegExp(`The severity of this report is ${severity.toUpperCase()}\\.`),
      );
      assert.match(
        summary!.subject,
        new RegExp(`^\\[M\\d{8}S${severity[0]!.toUpperCase()}-.{5}\\] ${severity} - `, 'i'),
      );
    });
  }

  const subjects: [string, LaneOptions, RegExp][] = [
    ['test mode', { wanted: { mark: 'test' } }, /^\[M[^\]]+\] \[TEST\] Low - Problems in your network$/],
    ['redirected', { wanted: { mark: 'redirected' } }, /^\[M[^\]]+\] \[TEST\] Low - /],
    ['test data', { request: { testData: true, track: 'test-data' } }, /^\[M[^\]]+\] \[TEST\] Low - /],
    ['replaced', { wanted: { subject: 'Hello\r\nBcc: x' } }, /^Hello Bcc: x$/],
    ['replaced in test mode', { wanted: { subject: 'Hello', mark: 'test' } }, /^\[TEST\] Hello$/],
  ];
  for (const [name, options, expected] of subjects) {
    it(`subject: ${name}`, async () => assert.match((await mails(SMALL, options))[0]!.subject, expected));
  }

  const scan = (more: object = {}) => rawEvent({ more: { ...more } });
  const scanning = 'The machine scans other machines or networks';
  const odd = (source: object[]) => rawEvent({ eventClass: 'ours', sources: [], more: { Source: source } });
  const kinds: [string, LaneEvents, string, string, string | undefined][] = [
    ['one known class', { regular: [scan()] }, scanning, `${scanning}: 192.0.2.1`, 'Stroj skenuje'],
    ['one that goes on', { relapsed: [scan()] }, scanning, `${scanning}: 192.0.2.1`, undefined],
    [
      'no class we know',
      { regular: [odd([])] },
      'Problems in your network',
      'Problems without a named source',
      'Problémy',
    ],
    [
      'a known one of no source',
      { regular: [rawEvent({ sources: [], more: { Source: [] } })] },
      scanning,
      `${scanning} (source not named)`,
      undefined,
    ],
    [
      'a name for a source',
      { regular: [odd([{ Hostname: ['www.example.org'] }])] },
      'Problems in your network',
      'Problems with www[.]example[.]org',
      undefined,
    ],
  ];
  for (const [name, events, summary, extra, czech] of kinds) {
    it(`subject of reports about ${name}`, async () => {
      const about = ({ subject }: { subject: string }) => subject.replace(/^\[[^\]]+\] \S+ - /, '');
      assert.deepEqual((await mails(events)).map(about), [summary, extra]);
      if (czech === undefined) return;
      const inCzech = await mails(events, { settings: { locale: 'cs' } });
      for (const { subject } of inCzech) assert.match(subject, new RegExp(` - ${czech}`));
    });
  }

  it('says whose a source is only of addresses, and does not call a missing one by a name', async () => {
    const told = async (events: LaneEvents, locale: string) =>
      (await mails(events, { settings: { locale } }))[1]!.message.replace(/\s+/g, ' ');
    assert.match(await told({ regular: [scan()] }, 'en'), /192\.0\.2\.1, which belongs to the network/);
    const host = { regular: [odd([{ Hostname: ['www.example.org'] }])] };
    assert.match(await told(host, 'en'), /a problem with www\[\.\]example\[\.\]org\. The problem/);
    assert.match(await told(host, 'cs'), /problém zdroje www\[\.\]example\[\.\]org\. Problém/);
    for (const events of [{ regular: [odd([])] }, { relapsed: [odd([])] }]) {
      assert.doesNotMatch(await told(events, 'en'), /with \(not named\)|belongs to/);
      assert.doesNotMatch(await told(events, 'cs'), /zdroje \(neuvedený\)|patří do/);
    }
  });

  it('shows of an unknown class what one can act on', async () => {
    const event = (id: string, text: string) =>
      rawEvent({
        id,
        eventClass: 'ours',
        more: {
          Description: text,
          ConnCount: 3,
          FlowCountDropped: 5,
          Ref: ['https://example.org/r'],
          Source: [
            { IP4: ['192.0.2.1'], Proto: ['tcp'], URL: ['http://192.0.2.1/x'], Email: ['a@example.org'] },
          ],
          Target: [{ IP4: ['198.51.100.1'], Port: [25], Hostname: ['mx.example.net'] }],
        },
      });
    const texts = ['c', 'b\r\nb', `a${'x'.repeat(200)}`, 'd', 'e', 'c'];
    const [summary] = await mails({ regular: texts.map((text, i) => event(`u-${i}`, text)) });
    const message = summary!.message.replace(/\s+/g, ' ');
    assert.match(message, /Described as ax{158}… \| b b \| c and 2 more Refer/);
    assert.match(message, /References hxxps:\/\/example\[\.\]org\/r Protocols tcp Connections 18 Source URL/);
    assert.match(
      message,
      /Source URL hxxp:\S+x Source mail address a\[@\]example\[\.\]org Target ports 25 Target hostn/,
    );
    assert.match(message, /Target addresses 198\.51\.100\.1/);
    assert.doesNotMatch(message, /Dropped/);
  });

  it('says who saw it when there is nothing else to say, after those who say more', async () => {
    const seen = (id: string, name: string, more: object) =>
      rawEvent({ id, more: { Node: [{ Name: name }], Target: [], ...more } });
    const [summary] = await mails({
      regular: [seen('1', 'org.a', {}), seen('2', 'org.b', { FlowCount: 4 }), rawEvent({ id: '3' })],
    });
    const names = [...summary!.message.matchAll(/^    Seen by +(\S+)$/gm)].map((match) => match[1]);
    assert.deepEqual(names, ['org.b', 'org.a']);
  });

  it('says when events reached us only of new ones', async () => {
    assert.match((await mails({ regular: SMALL.regular! }))[0]!.message, /Reached us from +2026/);
    assert.doesNotMatch((await mails({ relapsed: SMALL.relapsed! }))[0]!.message, /Reached us/);
  });

  it('speaks of the summary only to those who get it', async () => {
    const [summary, extra] = await mails(SMALL);
    assert.ok(extra!.message.includes(`a part of the summary report ${summary!.label}`));
    const [, alone] = await mails(SMALL, { wanted: { mailSummary: false } });
    assert.doesNotMatch(alone!.message, /summary report/);
    assert.equal(alone!.parent, summary!.label);
  });

  const marks: ['test' | 'redirected', string, RegExp][] = [
    ['test', 'en', /colleagues, This mail is a test .* sent to the group abuse@example\.org\. Severity/],
    ['test', 'cs', /kolegové, Touto zprávou se zkouší .* dostala skupina abuse@example\.org\. Závažnost/],
    [
      'redirected',
      'en',
      /colleagues, This mail was redirected .* to the group abuse@example\.org\. Severity/,
    ],
    ['redirected', 'cs', /kolegové, Tato zpráva byla přesměrována .* skupina abuse@example\.org\. Závažnost/],
  ];
  for (const [mark, locale, expected] of marks) {
    it(`of ${mark} mail names the group it would have been sent to (${locale})`, async () => {
      for (const { message } of await mails(SMALL, { wanted: { mark }, settings: { locale } }))
        assert.match(message.replace(/\s+/g, ' '), expected);
      for (const { message } of await mails(SMALL, { settings: { locale } }))
        assert.doesNotMatch(message, /abuse@example\.org\./);
    });
  }

  it('demands nothing because of test data', async () => {
    for (const severity of ['low', 'medium', 'high', 'critical'] as const) {
      const request = { testData: true, track: 'test-data' as const };
      const [english] = await mails(SMALL, { severity, request });
      assert.match(english!.message, /an exercise/);
      assert.doesNotMatch(english!.message, /at once|Please (?:act|find|deal|look into)/);
      const [czech] = await mails(SMALL, { severity, request, settings: { locale: 'cs' } });
      assert.match(czech!.message, /cvičen/);
      assert.doesNotMatch(czech!.message, /okamžitě|Závažnost této zprávy/);
    }
  });

  it('asks to ask only when it says whom', async () => {
    assert.match((await mails(SMALL))[0]!.message, /data,\s+or\s+ask\s+us\./);
    const [without] = await mails(SMALL, { options: { templateVars: {} } });
    assert.match(without!.message, /Please look at the\s+data\.\n/);
  });

  it('names the host in the subject of an extra report', async () => {
    assert.match(
      (await mails(SMALL))[1]!.subject,
      /^\[M20260106EL-.{5}\] Low - Problems with 192\.0\.2\.15$/,
    );
  });

  it('links to a web view only when the operator has one', async () => {
    const [without] = await mails(SMALL);
    const [withLink] = await mails(SMALL, {
      options: { templateVars: { report_access_url: 'https://view.example/' } },
    });
    assert.doesNotMatch(without!.message, /https:\/\/view/);
    assert.ok(withLink!.message.includes(`https://view.example/${withLink!.label}/unauth`));
  });

  it("is made from the operator's template when there is one", async () => {
    const dir = makeFolder();
    dir.write('ours.summary.txt.mustache', '{{label}} {{vars.greeting}} {{#regular}}{{count}}{{/regular}}\n');
    dir.write('ours.extra.txt.mustache', 'for {{source}}: {{& vars.greeting}}');
    const options = { templatesDir: dir.path, templateVars: { greeting: 'a & <b>' } };
    const records = await mails(SMALL, { settings: { template: 'ours' }, options });
    assert.equal(records[0]!.message, `${records[0]!.label} a & <b> 6\n`);
    assert.equal(records[1]!.message, 'for 192.0.2.15: a & <b>\n');
    dir.remove();
  });

  const problems: [string, string, RegExp][] = [
    [
      'a variable that does not exist',
      '{{lable}}',
      /bad\.summary\.txt\.mustache: .*variable that does not exist, got "lable"/,
    ],
    ['a section that does not exist', '{{#classes}}x{{/classes}}', /got "classes"/],
    ['an inverted section that does not exist', '{{^classes}}x{{/classes}}', /got "classes"/],
    ['an unescaped variable that does not exist', '{{{lable}}}', /got "lable"/],
    ['a text that does not exist', '{{#t}}no.such{{/t}}', /en\.json: locale lacks a text, got "no\.such"/],
    [
      'a text without its value',
      '{{#t}}extra.part_of{{/t}}',
      /text names a value that does not exist, got "parent"/,
    ],
    [
      'a template with an error',
      '{{#regular}}',
      /bad\.summary\.txt\.mustache, line 1: template is invalid, got "Unclosed section \\"regular\\""$/,
    ],
    ['an error further down', 'a\nb\n{{/regular}}\n', /, line 3: template is invalid, got "Unopened section/],
    ['a partial that does not exist', '{{> nowhere}}', /no such template, got "nowhere\.mustache"/],
    ['a partial that leads elsewhere', '{{> ../../etc/passwd}}', /template name is no file name/],
  ];
  for (const [name, template, expected] of problems) {
    it(`refuses ${name}`, async () => {
      const dir = makeFolder();
      dir.write('bad.summary.txt.mustache', template);
      const made = mails(SMALL, { settings: { template: 'bad' }, options: { templatesDir: dir.path } });
      await assert.rejects(made, (error) => error instanceof UserError && expected.test(error.message));
      dir.remove();
    });
  }

  it('refuses a template that does not exist', async () => {
    await assert.rejects(
      mails(SMALL, { settings: { template: 'none' } }),
      /no such template, got "none\.summary\.txt\.mustache"/,
    );
  });
});
