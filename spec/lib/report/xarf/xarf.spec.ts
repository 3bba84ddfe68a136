import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import fc from 'fast-check';
import { after, describe, it } from 'mocha';
import { UserError } from '../../../../lib/model/user-error.ts';
import { loadCatalogue } from '../../../../lib/report/render/catalogue.ts';
import { shippedPath } from '../../../../lib/report/render/shipped.ts';
import { MOST_DOCUMENTS, xarfDocuments, type XarfParties } from '../../../../lib/report/xarf/documents.ts';
import { loadTypeMap } from '../../../../lib/report/xarf/type-map.ts';
import { TYPES } from '../../../../lib/report/xarf/types.ts';
import { uriOf } from '../../../../lib/report/xarf/uri.ts';
import type { ScratchEvent } from '../../../../lib/scratch/port.ts';
import { END, rawEvent } from '../../../support/builders.ts';
import { makeFolder } from '../../../support/folder.ts';
import { laneReports } from '../support/lane-reports.ts';
import { HOSTILE, SMALL } from '../support/samples.ts';

type Json = Record<string, unknown>;

/** The published schemas, every one. */
function publishedSchema(): (document: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajvFormats.default(ajv);
  const path = shippedPath('spec', 'data', 'xarf-schemas', 'v4.2.0.json');
  for (const schema of JSON.parse(readFileSync(path, 'utf8')) as { $id: string }[]) ajv.addSchema(schema);
  const validate = ajv.getSchema('https://xarf.org/schemas/v4/xarf-v4-master.json')!;
  return (document) =>
    validate(document) === true ? [] : validate.errors!.map((e) => `${e.instancePath} ${e.message}`);
}

const PARTIES: XarfParties = {
  reporter: { org: 'Example CSIRT', contact: 'csirt@example.net', domain: 'example.net' },
  sender: { org: 'Example CSIRT', contact: 'reporter@mail.example.net', domain: 'mail.example.net' },
};
const LABEL = 'M20260106EL-AAAAA';

describe('X-ARF', function () {
  const problemsOf = publishedSchema();
  const types = loadTypeMap();
  const catalogue = loadCatalogue();
  const folder = makeFolder();
  after(() => folder.remove());

  const scratchEvent = (raw: Json, eventClass: string): ScratchEvent => ({
    part: 'regular',
    id: 'x',
    storageTime: END,
    eventClass,
    sources: ['192.0.2.1'],
    body: JSON.stringify(raw),
  });
  const documentsOf = (source: string, events: readonly ScratchEvent[], label = LABEL) =>
    xarfDocuments({ label, severity: 'low', source, parties: PARTIES, types, catalogue, events });
  const parsed = (source: string, events: readonly ScratchEvent[]): Json[] =>
    documentsOf(source, events).documents.map(({ text }) => JSON.parse(text) as Json);

  it('is refused by the schema when a member is missing, so the schema is asked', () => {
    assert.ok(problemsOf({ xarf_version: '4.2.0' }).length >= 7);
    const [document] = parsed('192.0.2.1', [scratchEvent(full(), 'recon-scanning')]);
    assert.deepEqual(problemsOf(document), []);
    delete document!['source_port'];
    assert.match(problemsOf(document).join(), /source_port/);
  });

  const told: [string, Json, string][] = [
    ['recon-scanning', full(), 'connection/port_scan'],
    ['recon-scanning', bare(), 'connection/vulnerability_scan'],
    ['attempt-login-ssh', full(), 'connection/login_attack'],
    ['attempt-login-ssh', bare(), 'reputation/threat_intelligence'],
    ['avail-ddos', full(), 'connection/ddos'],
    ['abusive-spam-spammer', full(), 'messaging/spam'],
    ['abusive-spam-spammer', bare(), 'reputation/threat_intelligence'],
    ['fraud-phishing', full(), 'content/phishing'],
    ['fraud-scam', full(), 'content/fraud'],
    ['malware', full(), 'content/malware'],
    ['intrusion-botnet-bot', bare(), 'infrastructure/botnet'],
    ['intrusion-user', bare(), 'infrastructure/compromised_server'],
    ['vulnerable-config-ntp', bare(), 'vulnerability/open_service'],
    ['tls-deprecated', bare(), 'vulnerability/misconfiguration'],
    ['vulnerable-implementation', full(), 'vulnerability/cve'],
    ['Recon-Scanning', full(), 'connection/port_scan'],
    ['nobody/knows', { ...full(), Category: ['Odd', 'Recon.Scanning'] }, 'connection/port_scan'],
    ['nobody/knows', { ...full(), Category: ['Malware.Worm'] }, 'content/malware'],
    ['nobody/knows', { ...full(), Category: ['Odd'] }, 'reputation/threat_intelligence'],
    ['__proto__', { ...full(), Category: ['constructor'] }, 'reputation/threat_intelligence'],
  ];
  for (const [eventClass, raw, expected] of told) {
    it(`tells ${eventClass} as ${expected}`, () => {
      const [document] = parsed('192.0.2.1', [scratchEvent(raw, eventClass)]);
      assert.deepEqual(problemsOf(document), []);
      assert.equal(`${String(document!['category'])}/${String(document!['type'])}`, expected);
    });
  }

  it('is one document a class, with time, port and target of one event', () => {
    const at = (hour: number, port: number[], target: string): Json => ({
      ...full(),
      DetectTime: `2026-01-05T${hour}:00:00Z`,
      Source: [
        { IP4: ['192.0.2.1'], Port: port },
        { IP4: ['192.0.2.77'], Port: [9] },
      ],
      Target: [{ IP4: [target], Port: [22] }],
    });
    const events = [
      scratchEvent(at(10, [1000], '198.51.100.1'), 'recon-scanning'),
      scratchEvent(at(11, [2000], '198.51.100.2'), 'recon-scanning'),
      scratchEvent(at(12, [], '198.51.100.3'), 'recon-scanning'),
      scratchEvent(bare(), 'tls-deprecated'),
    ];
    const documents = documentsOf('192.0.2.1', events).documents;
    assert.deepEqual(
      documents.map(({ suffix, events: count }) => [suffix, count]),
      [
        ['.1.xarf.json', 3],
        ['.2.xarf.json', 1],
      ],
    );
    const scan = JSON.parse(documents[0]!.text) as Json;
    assert.deepEqual(
      [scan['timestamp'], scan['source_port'], scan['destination_ip'], scan['first_seen'], scan['last_seen']],
      ['2026-01-05T11:00:00Z', 2000, '198.51.100.2', '2026-01-05T10:00:00Z', '2026-01-05T12:00:00Z'],
    );
    assert.deepEqual([scan['reporter'], scan['sender']], [PARTIES.reporter, PARTIES.sender]);
  });

  it('has an identity that stays, of its own for every report and class', () => {
    const id = (eventClass: string, label?: string): unknown =>
      (
        JSON.parse(
          documentsOf('192.0.2.1', [scratchEvent(full(), eventClass)], label).documents[0]!.text,
        ) as Json
      )['report_id'];
    assert.equal(id('a'), id('a'));
    assert.match(String(id('a')), /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    assert.equal(new Set([id('a'), id('b'), id('a', 'M20260106EL-BBBBB')]).size, 3);
  });

  it('has evidence that is bounded, whole, and without passwords', () => {
    const secret = { ...full(), Credentials: [{ Username: 'root', Password: 'hunter2' }] };
    const events = Array.from({ length: 500 }, () => scratchEvent(secret, 'recon-scanning'));
    const [document] = parsed('192.0.2.1', events);
    const [item] = document!['evidence'] as {
      payload: string;
      hash: string;
      size: number;
      description: string;
    }[];
    const bytes = Buffer.from(item!.payload, 'base64');
    assert.equal(item!.hash, `sha256:${createHash('sha256').update(bytes).digest('hex')}`);
    assert.equal(item!.size, bytes.length);
    assert.match(item!.description, /^20 of 500 events/);
    assert.equal((JSON.parse(bytes.toString()) as unknown[]).length, 20);
    assert.doesNotMatch(bytes.toString(), /hunter2/);
    const [big] = parsed('192.0.2.1', [scratchEvent({ ...full(), X: 'x'.repeat(1e6) }, 'recon-scanning')]);
    assert.equal(big!['evidence'], undefined);
  });

  it('is not made of what has no source', () =>
    assert.deepEqual(documentsOf('-', [scratchEvent(full(), 'recon-scanning')]).documents, []));

  it('is bounded in number, and says so', () => {
    const events = Array.from({ length: MOST_DOCUMENTS + 7 }, (_, i) => scratchEvent(full(), `class-${i}`));
    const { documents, leftOut } = documentsOf('192.0.2.1', [...events, ...events]);
    assert.deepEqual([documents.length, leftOut], [MOST_DOCUMENTS, 7]);
  });

  it('is valid whatever is in the events', () => {
    const names = Object.keys(
      JSON.parse(readFileSync(shippedPath('conf', 'event-classes.json'), 'utf8')) as Json,
    );
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
    );
    const odd = fc.oneof(text, fc.integer(), fc.constant(null), fc.array(text, { maxLength: 3 }));
    const section = fc.record(
      {
        IP4: fc.array(fc.oneof(fc.ipV4(), fc.constant('192.0.2.1'))),
        IP6: fc.array(fc.ipV6()),
        Port: fc.array(fc.nat(70_000)),
        Proto: fc.array(fc.oneof(fc.constantFrom('tcp', 'UDP', 'icmp', 'ssh'), text)),
        URL: fc.array(fc.oneof(fc.webUrl(), text)),
        Email: fc.array(fc.oneof(fc.emailAddress(), text)),
        Ref: fc.array(fc.oneof(fc.constant('cve:CVE-2021-44228'), text)),
        ServiceName: odd,
        Hostname: odd,
      },
      { requiredKeys: [] },
    );
    const event = fc.record({
      ID: fc.constant('a'),
      DetectTime: fc.constantFrom('2026-01-05T12:00:00Z', '1970-01-01T00:00:00Z', '9999-12-31T23:59:59Z'),
      Category: fc.array(
        fc.constantFrom('Malware', 'Recon.Scanning', 'Attempt.Login', 'Fraud.Scam', 'Vulnerable'),
      ),
      Source: fc.array(section, { maxLength: 3 }),
      Target: fc.array(section, { maxLength: 3 }),
      Node: fc.array(fc.record({ Name: odd }), { maxLength: 2 }),
      ConnCount: fc.oneof(fc.nat(), fc.constant(1e300)),
    });
    const source = fc.oneof(fc.constant('192.0.2.1'), fc.ipV6(), fc.string({ unit: 'binary', minLength: 1 }));
    fc.assert(
      fc.property(
        fc.oneof(fc.constantFrom(...names), fc.string()),
        fc.array(event, { minLength: 1, maxLength: 3 }),
        source,
        (name, raws, from) => {
          for (const document of parsed(
            from,
            raws.map((raw) => scratchEvent(raw, name)),
          )) {
            const problems = problemsOf(document);
            assert.deepEqual(problems, [], JSON.stringify(document));
          }
        },
      ),
      { seed: 4, numRuns: 1500 },
    );
  });

  it('comes with an extra report when the group asks, and with no other', async () => {
    const options = { xarf: { parties: () => PARTIES, typesFile: undefined } };
    for (const events of [SMALL, HOSTILE]) {
      const asked = await laneReports(folder.path, events, {
        settings: { xarf: true, attachments: 'none' },
        options,
      });
      const [summary, ...extras] = asked;
      const xarfOf = (report: typeof summary) => report!.files.filter(({ file }) => file.kind === 'xarf');
      assert.equal(xarfOf(summary).length, 0);
      let documents = 0;
      for (const extra of extras) {
        for (const { path, file } of xarfOf(extra)) {
          documents++;
          assert.ok(file.attached);
          assert.ok(extra.record.files.some(({ name }) => name === file.name));
          assert.deepEqual(problemsOf(JSON.parse(readFileSync(path, 'utf8'))), []);
          assert.match(extra.record.message, new RegExp(file.name.replaceAll('.', '\\.').slice(0, 40)));
        }
      }
      assert.ok(documents > 0);
      const unasked = await laneReports(folder.path, events, { options });
      assert.ok(unasked.every((report) => xarfOf(report).length === 0));
    }
  });

  it('is told in one sentence when several documents have no room', async () => {
    const reports = await laneReports(folder.path, SMALL, {
      settings: { xarf: true, attachments: 'none', max_attachment_size: 10 },
      options: { xarf: { parties: () => PARTIES, typesFile: undefined } },
    });
    const { record } = reports.find(({ record }) => record.source === '192.0.2.15')!;
    const leftOut = record.files.filter(({ kind, left_out: why }) => kind === 'xarf' && why === 'too-big');
    assert.equal(leftOut.length, 2);
    const text = record.message.replace(/\s+/g, ' ');
    assert.match(text, /2 X-ARF files do not fit into this mail\. We store them in the folder \d{8}/);
    assert.ok(leftOut.every(({ name }) => !text.includes(name)));
  });

  describe('types', () => {
    it('can be added and replaced by an operator', () => {
      const path = folder.write(
        'types.json',
        JSON.stringify({
          classes: { Mine: [{ category: 'vulnerability', type: 'open_service', assume: { service: 'x' } }] },
        }),
      );
      const own = loadTypeMap(path);
      assert.deepEqual(own.typesOf('mine', [])[0], {
        category: 'vulnerability',
        type: 'open_service',
        assume: { service: 'x' },
      });
      assert.equal(own.typesOf('recon-scanning', [])[0]!.type, 'port_scan');
    });

    const problems: [string, string, RegExp][] = [
      ['no JSON', '{', /types\.json.*: X-ARF types cannot be read/],
      [
        'a type that does not exist',
        '{"classes":{"a":[{"category":"x","type":"y"}]}}',
        /x\/y is not one of connection\/port_scan/,
      ],
      [
        'a member that cannot be assumed',
        '{"classes":{"a":[{"category":"x","type":"y","assume":{"org":"z"}}]}}',
        /assume/,
      ],
      ['an empty list', '{"classes":{"a":[]}}', /classes a/],
    ];
    for (const [name, text, expected] of problems) {
      it(`name the place of ${name}`, () =>
        assert.throws(
          () => loadTypeMap(folder.write('types.json', text)),
          (error) => error instanceof UserError && expected.test(error.message),
        ));
    }

    it('that are shipped are all made', () => {
      const written = JSON.parse(readFileSync(shippedPath('conf', 'xarf-types.json'), 'utf8')) as Record<
        string,
        Record<string, { category: string; type: string }[]>
      >;
      for (const one of Object.values(written).flatMap((lists) => Object.values(lists).flat()))
        assert.ok(Object.hasOwn(TYPES, `${one.category}/${one.type}`));
    });
  });

  const uris: [string, string | undefined][] = [
    ['http://user:pw@Example.org/a b?c=[d]#e#f', 'http://example.org/a%20b?c=%5Bd%5D#e%23f'],
    ['javascript:alert(1)', undefined],
    ['http://a"b/', undefined],
    ['http://[2001:db8::1]:8080/100%', 'http://[2001:db8::1]:8080/100%25'],
    ['no address', undefined],
    [`http://a/${'x'.repeat(3000)}`, undefined],
  ];
  for (const [text, expected] of uris)
    it(`reads ${text.slice(0, 40)}`, () => assert.equal(uriOf(text), expected));
});

/** An event that has everything. */
function full(): Json {
  return {
    ...rawEvent({ id: 'full' }),
    Source: [
      {
        IP4: ['192.0.2.1'],
        Port: [40_000],
        Proto: ['tcp', 'ssh'],
        URL: ['http://192.0.2.1/x'],
        Email: ['<a@example.org>'],
        Ref: ['cve:CVE-2021-44228'],
      },
    ],
    Target: [{ IP4: ['198.51.100.7'], Port: [22] }],
    Node: [{ Name: 'org.example.probe' }],
  };
}

/** One that has only a source. */
function bare(): Json {
  return { ...rawEvent({ id: 'bare' }), Source: [{ IP4: ['192.0.2.1'] }], Target: [] };
}
