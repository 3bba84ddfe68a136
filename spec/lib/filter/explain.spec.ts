import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { compileFilter, FilterSubject, formatExplanation } from '../../../lib/filter/index.ts';
import { NOW } from '../../support/filter/tables.ts';

const explain = (expression: string, event: Record<string, unknown>) =>
  formatExplanation(compileFilter(expression).explain(new FilterSubject(event, NOW)));

describe('explanations', () => {
  it('show every part with its truth and what was seen', () => {
    const text = explain(
      'Category in ["Recon.Scanning", "Test"] and not Target.Port == 22 and (Source.IP4 in [192.0.2.0/24] or Note like "test")',
      {
        Category: ['Recon.Scanning'],
        Target: [{ Port: [80, '443'] }],
        Source: [{ IP4: ['198.51.100.7', '192.0.2.9'] }],
      },
    );
    assert.equal(
      text,
      [
        'true     Category in ["Recon.Scanning", "Test"] and not Target.Port == 22 and (Source.IP4…',
        '  true     Category in ["Recon.Scanning", "Test"]',
        '           Category: "Recon.Scanning"',
        '           because Recon.Scanning in Recon.Scanning',
        '  true     not Target.Port == 22',
        '    false    Target.Port == 22',
        '             Target.Port: 80, "443"',
        '  true     Source.IP4 in [192.0.2.0/24] or Note like "test"',
        '    true     Source.IP4 in [192.0.2.0/24]',
        '             Source.IP4: "198.51.100.7", "192.0.2.9"',
        '             because 192.0.2.9 in 192.0.2.0/24',
        '    unknown  Note like "test"',
        '             Note: not there',
      ].join('\n'),
    );
  });

  it('show calculations, and logic within comparisons', () => {
    const event = { DetectTime: '2024-03-01T12:00:00Z', EventTime: 1709285400, ConnCount: 7 };
    assert.equal(
      explain('DetectTime - EventTime > 1D00:00:00 or (FlowCount or ConnCount) > 10', event),
      [
        'false    DetectTime - EventTime > 1D00:00:00 or (FlowCount or ConnCount) > 10',
        '  false    DetectTime - EventTime > 1D00:00:00',
        '           DetectTime - EventTime: 02:30:00',
        '  false    (FlowCount or ConnCount) > 10',
        '           FlowCount or ConnCount: 7',
        '    true     FlowCount or ConnCount',
        '      false    FlowCount',
        '               FlowCount: not there',
        '      true     ConnCount',
        '               ConnCount: 7',
      ].join('\n'),
    );
  });

  it('cut long lists, and never send control characters', () => {
    const text = explain('Note == "x" or size(A) > 1', {
      Note: ['\u001b[31m', 2, 3, 4, 5, 6, true],
      A: [{}, []],
    });
    assert.match(text, /Note: "\\u001b\[31m", 2, 3, 4, 5 and 2 more/);
    assert.match(text, /size\(A\): 2/);

    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f]/);
  });
});
