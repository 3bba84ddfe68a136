import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compileFilter, FilterError, FilterSubject } from '../../../lib/filter/index.ts';

// The worked examples of the language, in their order. The clock stands at 2024-03-10T00:00:00Z.
const NOW = Date.UTC(2024, 2, 10);

type Example = [expression: string, event: string, result: boolean | 'syntax-error'];

const EXAMPLES: readonly Example[] = [
  ['Source.IP4 in [192.0.2.0/24]', '{"Source":[{"IP4":["198.51.100.7"]},{"IP4":["192.0.2.200"]}]}', true],
  ['Source.IP4 == 192.0.2.0/24', '{"Source":[{"IP4":["192.0.2.200"]}]}', false],
  ['Source.IP4 in [192.0.2.0/25]', '{"Source":[{"IP4":["192.0.2.0/24"]}]}', false],
  ['Source.IP4 in ["192.0.2.10-192.0.2.20"]', '{"Source":[{"IP4":["192.0.2.12-192.0.2.15"]}]}', true],
  ['Source.IP6 in [2001:db8:aa::/48, 2001:db8:bb::5]', '{"Source":[{"IP6":["2001:db8:bb::5"]}]}', true],
  ['not Source.IP4 in [198.51.100.0/24]', '{"Source":[{"IP6":["2001:db8::1"]}]}', false],
  [
    'not exists Source.IP4 or not Source.IP4 in [198.51.100.0/24]',
    '{"Source":[{"IP6":["2001:db8::1"]}]}',
    true,
  ],
  ['Target.Port != 80', '{"Target":[{"Port":[80,443]}]}', true],
  ['not Target.Port == 80', '{"Target":[{"Port":[80,443]}]}', false],
  ['Category is ["Recon.Scanning", "Test"]', '{"Category":["Test","Recon.Scanning"]}', false],
  [`Category in ["Abusive.Spam"; 'Recon.Scanning']`, '{"Category":["Test","Recon.Scanning"]}', true],
  [
    String.raw`Node.Name like "^cz\.example\."`,
    '{"Node":[{"Name":"org.example.a"},{"Name":"cz.example.b"}]}',
    true,
  ],
  ['Description =~ "(?i)ssh brute"', '{"Description":"Repeated SSH Brute force"}', true],
  ['PacketCount', '{"PacketCount":0}', true],
  ['PacketCount > 0 or PacketCount == 0', '{}', false],
  ['exists Note and strlen(Note) > 5', '{"Note":"probe"}', false],
  ['size(Target.Port) >= 3', '{"Target":[{"Port":[22,23]},{"Port":[80]}]}', true],
  ['20 - 8 - 2 == 10', '{}', true],
  ['3 * 2 + 5 == 11', '{}', true],
  ['Confidence < 0.2 and ConnCount == 1 || ConnCount == 9', '{"Confidence":0.9,"ConnCount":9}', false],
  ['Confidence < 0.2 and ConnCount == 1 or ConnCount == 9', '{"Confidence":0.9,"ConnCount":9}', true],
  ['DetectTime >= 2024-03-01T00:00:00+01:00', '{"DetectTime":"2024-02-29T23:00:00Z"}', true],
  [
    'DetectTime - EventTime > 02:00:00',
    '{"DetectTime":"2024-03-01T12:00:00Z","EventTime":"2024-03-01T09:30:00Z"}',
    true,
  ],
  [
    'CeaseTime + 1800 < DetectTime',
    '{"DetectTime":"2024-03-01T12:00:00Z","CeaseTime":"2024-03-01T11:45:00Z"}',
    false,
  ],
  ['DetectTime < utcnow() - 7D00:00:00', '{"DetectTime":"2024-03-01T12:00:00Z"}', true],
  ['100 <= ConnCount', '{"ConnCount":250}', true],
  [
    'Source[2].Port == 25 and Source[#].Type == "Botnet"',
    '{"Source":[{"Port":[53]},{"Port":[25],"Type":["Botnet"]}]}',
    true,
  ],
  ['Target.Spoofed == 1', '{"Target":[{"Spoofed":true}]}', true],
  ['_CESNET.StorageTime > "2024-03-01T00:00:00Z"', '{"_CESNET":{"StorageTime":1709254800}}', true],
  ['not (ConnCount > 10 and ByteCount > 1000)', '{"ConnCount":3}', true],
  ['ByteCount < -5', '{}', 'syntax-error'],
  ['Category In ["Test"]', '{}', 'syntax-error'],
  ['Category in ["Test", ]', '{}', 'syntax-error'],
  ['Source.IP4 in [192.0.2.300]', '{}', 'syntax-error'],
];

function outcome(expression: string, event: string): boolean | 'syntax-error' {
  try {
    const subject = new FilterSubject(JSON.parse(event) as Record<string, unknown>, NOW);
    return compileFilter(expression).matches(subject);
  } catch (error) {
    if (error instanceof FilterError) return 'syntax-error';
    throw error;
  }
}

describe('worked examples of the filter language', () => {
  for (const [i, [expression, event, expected]] of EXAMPLES.entries())
    it(`${i + 1}: ${expression}`, () => assert.equal(outcome(expression, event), expected));
});
