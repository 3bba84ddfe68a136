import assert from 'node:assert/strict';
import fc from 'fast-check';
import { describe, it } from 'mocha';
import { contains, parseAddress } from '../../../../lib/model/network/address.ts';
import type { Group } from '../../../../lib/model/group/group.ts';
import { parseGroup } from '../../../../lib/model/group/group-schema.ts';
import { NetworkIndex } from '../../../../lib/model/network/network-index.ts';

function group(name: string, ...networks: string[]): Group {
  return parseGroup({ name, networks: networks.map((network) => ({ network })) }, 'spec', () => '');
}

const range = (text: string) => parseAddress(text)!;

describe('NetworkIndex', () => {
  const index = new NetworkIndex([
    group('all', '0.0.0.0/0', '::/0'),
    group('net', '192.0.2.0/24', '2001:db8::/32'),
    group('part', '192.0.2.128/25', '2001:db8:a::/48'),
    group('few', '192.0.2.130-192.0.2.135'),
    group('twin', '192.0.2.128/25'),
    group('one', '192.0.2.131', '2001:db8:a::1'),
    group('edge', '255.255.255.255', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'),
  ]);
  const cases: [string, string, string[]][] = [
    ['an address goes to the longest prefix', '192.0.2.1', ['net']],
    ['a single address beats the range around it', '192.0.2.131', ['one']],
    ['a range beats the net around it', '192.0.2.130', ['few']],
    ['the last address of a range is in it', '192.0.2.135', ['few']],
    ['the first one after it is not', '192.0.2.136', ['part', 'twin']],
    ['two groups with one network both own it', '192.0.2.129', ['part', 'twin']],
    ['a net goes to the smallest network that holds all of it', '192.0.2.128/29', ['part', 'twin']],
    ['a net that reaches beyond a network is not its', '192.0.2.0/23', ['all']],
    ['IPv6 is kept apart', '2001:db8:a::1', ['one']],
    ['IPv6 nets nest', '2001:db8:a::/64', ['part']],
    ['IPv6 beyond the inner net', '2001:db8:b::1', ['net']],
    ['the last address there is', '255.255.255.255', ['edge']],
    ['the last IPv6 address there is', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', ['edge']],
    ['the first address there is', '0.0.0.0', ['all']],
  ];
  for (const [what, source, owners] of cases) {
    it(what, () => assert.deepEqual(index.owners(range(source)), owners));
  }

  it('knows nobody for what lies in no network', () => {
    const small = new NetworkIndex([group('net', '192.0.2.0/24', '192.0.2.0/25')]);
    for (const source of ['192.0.1.255', '192.0.3.0', '2001:db8::1'])
      assert.deepEqual(small.owners(range(source)), []);
    assert.deepEqual(new NetworkIndex([]).owners(range('192.0.2.1')), []);
  });

  it('joins the owners of several sources, each once', () => {
    assert.deepEqual(index.ownersOfAny(['192.0.2.1', '192.0.2.129', '192.0.2.2'].map(range)), [
      'net',
      'part',
      'twin',
    ]);
  });

  it('says the same as looking at every network', () => {
    const span = fc
      .tuple(fc.nat(40), fc.nat(12))
      .map(([low, length]) => `10.0.0.${low}-10.0.0.${low + length}`);
    fc.assert(
      fc.property(fc.array(span, { maxLength: 12 }), span, (networks, source) => {
        const groups = networks.map((network, i) => group(`g${String(i).padStart(2, '0')}`, network));
        const holding = groups.filter((g) => contains(g.networks[0]!.range, range(source)));
        const size = (g: Group) => Number(g.networks[0]!.range.high) - Number(g.networks[0]!.range.low);
        const least = Math.min(...holding.map(size));
        const expected = holding.filter((g) => size(g) === least).map((g) => g.name);
        assert.deepEqual(new NetworkIndex(groups).owners(range(source)), expected);
      }),
      { numRuns: 300 },
    );
  });
});
