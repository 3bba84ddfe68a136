import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import {
  contains,
  formatIPv4,
  formatIPv6,
  parseAddress,
  parseEventAddress,
} from '../../../../lib/model/network/address.ts';
import { NetworkSet } from '../../../../lib/model/network/network-set.ts';

const show = (text: string) => {
  const range = parseAddress(text);
  if (range === undefined) return undefined;
  const format = (bound: number | bigint) =>
    typeof bound === 'number' ? formatIPv4(bound) : formatIPv6(bound);
  return `${range.text} = ${format(range.low)} to ${format(range.high)}`;
};

describe('addresses', () => {
  const read: [text: string, expected: string | undefined][] = [
    ['192.0.2.5', '192.0.2.5 = 192.0.2.5 to 192.0.2.5'],
    ['0.0.0.0', '0.0.0.0 = 0.0.0.0 to 0.0.0.0'],
    ['255.255.255.255', '255.255.255.255 = 255.255.255.255 to 255.255.255.255'],
    ['192.168.0.10/25', '192.168.0.10/25 = 192.168.0.0 to 192.168.0.127'],
    ['0.0.0.0/0', '0.0.0.0/0 = 0.0.0.0 to 255.255.255.255'],
    ['192.0.2.1/32', '192.0.2.1/32 = 192.0.2.1 to 192.0.2.1'],
    ['192.0.2.20-192.0.2.10', '192.0.2.10-192.0.2.20 = 192.0.2.10 to 192.0.2.20'],
    ['2001:DB8::5', '2001:db8::5 = 2001:db8::5 to 2001:db8::5'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1 = 2001:db8::1:0:0:1 to 2001:db8::1:0:0:1'],
    ['::FFFF:192.0.2.33', '192.0.2.33 = 192.0.2.33 to 192.0.2.33'],
    ['::ffff:c000:0247', '192.0.2.71 = 192.0.2.71 to 192.0.2.71'],
    ['0000:0:0::0:FfFf:c000:247', '192.0.2.71 = 192.0.2.71 to 192.0.2.71'],
    ['::ffff:192.0.2.0/120', '192.0.2.0/24 = 192.0.2.0 to 192.0.2.255'],
    ['::ffff:192.0.2.71/120', '192.0.2.71/24 = 192.0.2.0 to 192.0.2.255'],
    ['::ffff:192.0.2.71/128', '192.0.2.71/32 = 192.0.2.71 to 192.0.2.71'],
    ['::ffff:0:0/96', '0.0.0.0/0 = 0.0.0.0 to 255.255.255.255'],
    ['::ffff:0:0/95', '::ffff:0.0.0.0/95 = ::fffe:0:0 to ::ffff:255.255.255.255'],
    ['::ffff:192.0.2.9-::ffff:c000:201', '192.0.2.1-192.0.2.9 = 192.0.2.1 to 192.0.2.9'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221 = 64:ff9b::c000:221 to 64:ff9b::c000:221'],
    ['2002:c000:221::', '2002:c000:221:: = 2002:c000:221:: to 2002:c000:221::'],
    ['::ffff:0:192.0.2.33', '::ffff:0:c000:221 = ::ffff:0:c000:221 to ::ffff:0:c000:221'],
    ['::192.0.2.33', '::c000:221 = ::c000:221 to ::c000:221'],
    ['2001:db8:b::7/48', '2001:db8:b::7/48 = 2001:db8:b:: to 2001:db8:b:ffff:ffff:ffff:ffff:ffff'],
    ['2001:db8::1f-2001:DB8::10', '2001:db8::10-2001:db8::1f = 2001:db8::10 to 2001:db8::1f'],
    ['::/0', '::/0 = :: to ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ...['', '192.0.2', '192.0.2.256', '192.0.02.1', '0192.0.2.1', '192.0.2.1 ', '192.0.2.1/33', '192.0.2.1/', '192.0.2.1/-1', '192.0.2.1/1/2',
      '192.0.2.1-', '192.0.2.1-2001:db8::1', '0x7f.1', '1.2.3.4.5', '.1.2.3.4', '1..2.3', 'fe80::1%eth0', '2001:db8::1::', '2001:db8::/129',
      'localhost', '١.1.1.1', '192.0.2.1\n'].map((text): [string, undefined] => [text, undefined]),
  ]; // prettier-ignore
  for (const [text, expected] of read)
    it(`${JSON.stringify(text)} is ${expected ?? 'no address'}`, () => assert.equal(show(text), expected));

  it('keeps the families apart', () => {
    assert.equal(parseAddress('192.0.2.1', 6), undefined);
    assert.equal(parseAddress('2001:db8::1', 4), undefined);
    assert.equal(contains(parseAddress('::/0')!, parseAddress('0.0.0.1')!), false);
  });

  it('takes an IPv4-mapped address as one of either family', () => {
    for (const family of [4, 6] as const)
      assert.equal(parseAddress('::ffff:192.0.2.1', family)?.text, '192.0.2.1');
    assert.equal(contains(parseAddress('192.0.2.0/24')!, parseAddress('::ffff:192.0.2.71')!), true);
  });

  const zoned: [text: string, expected: string | undefined][] = [
    ['2001:db8:a::1%eth0', '2001:db8:a::1'],
    ['fe80::1%25', 'fe80::1'],
    ['fe80::%wlan0.3-b/64', 'fe80::/64'],
    ['::ffff:192.0.2.1%eth0', '192.0.2.1'],
    ['192.0.2.1', '192.0.2.1'],
    ['192.0.2.1%eth0', undefined],
    ['2001:db8::1%', undefined],
    ['2001:db8::1%a%b', undefined],
    ['2001:db8::1% eth0', undefined],
    ['x::1%eth0', undefined],
  ];
  for (const [text, expected] of zoned)
    it(`of an event, ${text} is ${expected ?? 'no address'}`, () =>
      assert.equal(parseEventAddress(text)?.text, expected));

  it('prints what it reads', () => {
    fc.assert(
      fc.property(fc.ipV4(), (text) => parseAddress(text)?.text === text),
      { seed: 1 },
    );
    fc.assert(
      fc.property(fc.bigInt(0n, 2n ** 128n - 1n), (value) => parseAddress(formatIPv6(value))?.low === value),
      { seed: 1 },
    );
  });

  it('a set of networks holds what one of them holds entirely, and nothing else', () => {
    const range = fc
      .tuple(fc.nat(60), fc.nat(20))
      .map(([low, size]) => ({ family: 4 as const, notation: 'range' as const, low, high: low + size }));
    fc.assert(
      fc.property(fc.array(range, { maxLength: 12 }), range, (networks, inner) => {
        assert.equal(
          new NetworkSet(networks).covers(inner),
          networks.some((network) => contains(network, inner)),
        );
      }),
      { seed: 1, numRuns: 500 },
    );
  });
});

describe('networks that only together contain a range', () => {
  const set = new NetworkSet(
    ['192.0.2.0/25', '192.0.2.128/25', '198.51.100.0/25', '2001:db8::/33', '2001:db8:8000::/33'].map((text) =>
      parseAddress(text)!,
    ),
  );
  const together = (text: string) => set.coverTogether(parseAddress(text)!);

  it('fill it without a gap, and none does it alone', () => {
    assert.deepEqual(['192.0.2.0/24', '192.0.2.100-192.0.2.130', '2001:db8::/32'].map(together), [
      true,
      true,
      true,
    ]);
  });

  it('do not where one is enough, a part is missing, or nothing is there', () => {
    for (const text of [
      '192.0.2.0/26',
      '192.0.2.0-192.0.3.0',
      '198.51.100.0/24',
      '203.0.113.0/24',
      '2001:db7::/32',
    ])
      assert.equal(together(text), false, text);
  });
});
