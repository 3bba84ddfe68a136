import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { csvHead, csvRow } from '../../../../lib/report/files/export-csv.ts';
import { exportText } from '../../../../lib/report/files/export-json.ts';

describe('event as JSON', () => {
  const cases: [string, string, string][] = [
    [
      'passes on what is stored',
      '{"ID":"a", "n": 1.0, "big":12345678901234567890,"e":1E5}',
      '{"ID":"a", "n": 1.0, "big":12345678901234567890,"e":1E5}',
    ],
    [
      'leaves our own keys out, numbers as they are',
      '{"_id":{"a":[1,2]},"n":1.0,"_idx":3,"m":1e400}',
      '{"n":1.0,"m":1e400}',
    ],
    ['leaves them out at the top only', '{"a":{"_id":1},"_id":2}', '{"a":{"_id":1}}'],
    ['leaves the last one out', '{"a":[],"_id":1}', '{"a":[]}'],
    ['sees through escapes in a key', '{"\\u005fid":1,"a":2}', '{"a":2}'],
    [
      'masks passwords',
      '{"Credentials":[{"Username":"root","Password":"x"}],"Password":"p"}',
      '{"Credentials":[{"Username":"root","Password":"***"}],"Password":"***"}',
    ],
    [
      'masks them in whatever form they come',
      '{"credentials":{"password":["x",{"y":1}],"Pass\\u0077ord":2}}',
      '{"credentials":{"password":"***","Pass\\u0077ord":"***"}}',
    ],
    [
      'masks them at any depth',
      '{"Source":[{"Credentials":[[{"Password":null}]]}]}',
      '{"Source":[{"Credentials":[[{"Password":"***"}]]}]}',
    ],
    [
      'masks whatever a login holds but the name',
      '{"Credentials":["a",{"Username":["root"],"Hash":"b","n":[1]}],"Note":"x"}',
      '{"Credentials":["***",{"Username":["root"],"Hash":"***","n":["***"]}],"Note":"x"}',
    ],
    ['masks logins that are one text', '{"Credentials":"root:a"}', '{"Credentials":"***"}'],
    [
      'masks passwords in addresses, however they are written',
      '{"URL":["ftp://u:p@q@h.example/a","http:\\/\\/u:p@h\\/"],"Note":"x http:\\u002f/u:p\\u0040h/\\n"}',
      '{"URL":["ftp://u:***@h.example/a","http://u:***@h/"],"Note":"x http://u:***@h/\\n"}',
    ],
    [
      'masks passwords among the parameters of addresses',
      '{"URL":["http://h/in?user=u&PASSWORD=p","https:\\/\\/h\\/?db_pwd\\u003dp;a=1"],"Note":"pass=p, http://h/?pass=a%20b#c"}',
      '{"URL":["http://h/in?user=u&PASSWORD=***","https://h/?db_pwd=***;a=1"],"Note":"pass=p, http://h/?pass=***#c"}',
    ],
    [
      'masks passwords in addresses that something invisible stands in, escaped or not',
      '{"a":"ftp:\u200b//u:p@h/","b":"h/?pa\\u00adss=p","c":"h/?p\\uFE0Fwd\\u200D=p","d":"h/?pass\u{e0041}word=p","e":"a\u{e0041}\\u200b"}',
      '{"a":"ftp://u:***@h/","b":"h/?pass=***","c":"h/?pwd=***","d":"h/?password=***","e":"a\\udb40\\udc41\\u200b"}',
    ],
    [
      'leaves addresses without a password as they are',
      '{"URL":["http:\\/\\/h:80\\/?a=b:c@d","http://u@h/"],"Email":["a@b"],"_id":1}',
      '{"URL":["http:\\/\\/h:80\\/?a=b:c@d","http://u@h/"],"Email":["a@b"]}',
    ],
    [
      'escapes separators, direction and control characters',
      '{"a":"\u2028\u2029\u202e\u0085\u007f\u200b\u00ad\u2060"}',
      '{"a":"\\u2028\\u2029\\u202e\\u0085\\u007f\\u200b\\u00ad\\u2060"}',
    ],
    [
      'replaces half characters',
      '{"a":"\\ud83d","b":"\\ud83d\\ude00","c":"\\\\ud83d"}',
      '{"a":"\\ufffd","b":"\\ud83d\\ude00","c":"\\\\ud83d"}',
    ],
    ['replaces raw half characters', '{"a":"\ud83d"}', '{"a":"\ufffd"}'],
    [
      'keeps brackets and quotes in texts',
      '{"_id":"}","a":"\\"{[,:","b":"\\\\"}',
      '{"a":"\\"{[,:","b":"\\\\"}',
    ],
  ];
  for (const [name, body, expected] of cases) it(name, () => assert.equal(exportText(body), expected));

  it('means the same as before, but for what is left out', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 3 })),
        fc.nat({ max: 2 }),
        (event, indent) => {
          const text = JSON.stringify({ _id: 1, ...event, Credentials: [] }, null, indent);
          const rest = JSON.parse(text) as Record<string, unknown>;
          delete rest['_id'];
          assert.deepEqual(JSON.parse(exportText(text)), JSON.parse(JSON.stringify(rest).toWellFormed()));
        },
      ),
      { seed: 11, numRuns: 300 },
    );
  });

  it('follows any depth', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    assert.equal(exportText(`{"_id":1,"a":${deep}}`), `{"a":${deep}}`);
  });
});

describe('event as a row', () => {
  const row = (raw: Record<string, unknown>): string[] => csvRow(raw).trimEnd().split(';');

  it('begins with a byte order mark and the columns', () => {
    assert.equal(
      csvHead(),
      '\ufeffdate_gmt;detected_gmt;analyzer;detector;classification;categories;src_ip;src_host;src_port;tgt_port;src_proto;tgt_proto;' +
        'con_cnt;date_ts;detected_ts;note;impact\r\n',
    );
  });

  it('has a dash for what is missing', () =>
    assert.equal(csvRow({}), `${Array(17).fill('-').join(';')}\r\n`));

  it('shows what there is', () => {
    const event = {
      CreateTime: '2026-01-05T13:00:00+01:00',
      DetectTime: '2026-01-05T11:00:00.5Z',
      Description: 'a;b',
      Note: 'say "hi"',
      Category: ['A', 'B'],
      ConnCount: 5,
      Source: [
        { IP6: ['2001:db8::1'], Port: [1, 2] },
        { IP4: ['192.0.2.1'], Proto: ['TCP'] },
      ],
      Target: [{ Port: [22], IP4: ['198.51.100.1'] }],
      Node: [{ Name: 'probe', SW: ['x', 'y'] }],
      _CESNET: { Impact: 'none' },
    };
    assert.equal(
      csvRow(event),
      '2026-01-05T12:00:00Z;2026-01-05T11:00:00.500Z;x | y;probe;"a;b";A | B;192.0.2.1 | 2001:db8::1;-;1 | 2;22;tcp;-;5;1767614400;1767610800;' +
        '"say ""hi""";none\r\n',
    );
  });

  const cells: [string, string][] = [
    ['=1+1', "'=1+1"],
    ['+1', "'+1"],
    ['-2+3', "'-2+3"],
    ['-', '-'],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t=1', "'=1"],
    ['\u202e=1', "'=1"],
    ['\uff1d1', "'\uff1d1"],
    ['a\r\nb\u0000c\u001b[31m', 'a b c [31m'],
    ['a,=1+1', "a,'=1+1"],
    ['a, +1,b,@c', "a, '+1,b,'@c"],
    ['\ud800', '\ufffd'],
  ];
  for (const [text, expected] of cells) {
    it(`makes ${JSON.stringify(text)} harmless`, () => assert.equal(row({ Description: text })[4], expected));
  }

  it('has no cell that is a formula, whichever separator a spreadsheet takes', () => {
    const tricky = fc.string({
      unit: fc.constantFrom(...Array.from('=+-@,;\t"\n\r |\'a1\uff1d\u200d')),
      minLength: 1,
      maxLength: 12,
    });
    const texts = fc.array(tricky, { maxLength: 3 });
    fc.assert(
      fc.property(tricky, tricky, texts, texts, (description, note, software, categories) => {
        const text = csvRow({
          DetectTime: '2026-01-05T11:00:00Z',
          Description: `a${description}`,
          Note: note,
          Category: categories,
          Node: [{ Name: note, SW: software }],
        });
        for (const delimiter of [',', ';', '\t']) {
          const quote = delimiter === ';' ? '"' : null;
          const rows = parse(text, { delimiter, quote, relax_column_count: true });
          for (const cell of rows.flat()) assert.doesNotMatch(cell, /^\s*[=+\-@\uff1d](?!$)/, text);
        }
        const pieces = parse(text, { delimiter: ';' })[0]!
          .filter((cell) => cell !== '-')
          .flatMap((cell) => cell.split(/[,;\t"\r\n]/));
        for (const piece of pieces) assert.doesNotMatch(piece, /^\s*[=+\-@\uff1d]/, text);
      }),
    );
  });
});
