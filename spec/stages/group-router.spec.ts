import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import { RunCounters } from '../../lib/model/run-counters.ts';
import { groupRouter, routeTo } from '../../stages/group-router.ts';
import type { Item } from '../../stages/item.ts';
import { event, group } from '../support/builders.ts';
import { through } from '../support/stage.ts';

const alpha = group({
  name: 'alpha',
  networks: [{ network: '192.0.2.0/24' }, { network: '2001:db8:a::/48' }],
});
const beta = group({
  name: 'beta',
  networks: [{ network: '192.0.2.128/25' }, { network: '198.51.100.10-198.51.100.20' }],
});
const open = group({ name: 'open', networks: [] });

async function route(
  options: Parameters<typeof event>[0],
  deps: { testData?: boolean; owners?: string[] } = {},
) {
  const tally = new RunCounters();
  const routes = new Map([alpha, beta, open].map((g) => [g.name, routeTo(g)]));
  const { testData = false, owners = [] } = deps;
  const stage = groupRouter({
    routes,
    testData,
    ownersOf: () => owners,
    onUnreadable: () => undefined,
    tally,
  });
  const items = await through<Item>(stage, [event(options)]);
  assert.equal(tally.read, 1);
  assert.equal(tally.items, items.length);
  assert.equal(tally.eventResidue, 0);
  return {
    tally,
    items: items.map((item) => [item.group.name, item.sources.map((s) => s.text), item.reason]),
  };
}

describe('group router', () => {
  const cases: [string, Parameters<typeof event>[0], unknown[]][] = [
    [
      'keeps sources inside a network',
      { groups: ['alpha'], sources: ['192.0.2.1', '10.0.0.1'] },
      [['alpha', ['192.0.2.1'], undefined]],
    ],
    [
      'keeps IPv6 sources',
      { groups: ['alpha'], sources: ['2001:DB8:A::1'] },
      [['alpha', ['2001:db8:a::1'], undefined]],
    ],
    [
      'keeps sources inside a range',
      { groups: ['beta'], sources: ['198.51.100.20'] },
      [['beta', ['198.51.100.20'], undefined]],
    ],
    [
      'an overlap is outside',
      { groups: ['alpha'], sources: ['192.0.2.0/23'] },
      [['alpha', [], 'outside-networks']],
    ],
    [
      'a net inside is inside',
      { groups: ['alpha'], sources: ['192.0.2.64/26'] },
      [['alpha', ['192.0.2.64/26'], undefined]],
    ],
    [
      'every group looks at its own networks only',
      { groups: ['alpha', 'beta'], sources: ['192.0.2.200', '192.0.2.1'] },
      [
        ['alpha', ['192.0.2.200', '192.0.2.1'], undefined],
        ['beta', ['192.0.2.200'], undefined],
      ],
    ],
    [
      'a group without networks keeps all',
      { groups: ['open'], sources: ['10.9.9.9'] },
      [['open', ['10.9.9.9'], undefined]],
    ],
    [
      'an event with nothing inside still reaches its lane',
      { groups: ['beta'], sources: ['192.0.2.1'] },
      [['beta', [], 'outside-networks']],
    ],
    ['unknown groups are skipped', { groups: ['who', 'alpha'] }, [['alpha', ['192.0.2.1'], undefined]]],
    [
      'a repeated source counts once',
      { groups: ['alpha'], sources: ['192.0.2.1', '192.0.2.1'] },
      [['alpha', ['192.0.2.1'], undefined]],
    ],
    [
      'an event without address goes by its hostname',
      {
        groups: ['alpha'],
        sources: [],
        more: { Source: [{ URL: ['http://x'] }, { Hostname: ['pc.example'] }] },
      },
      [['alpha', ['pc.example'], undefined]],
    ],
    [
      'addresses that cannot be read count as none',
      { groups: ['alpha'], sources: [], more: { Source: [{ IP4: ['192.0.2.300'] }] } },
      [['alpha', ['-'], undefined]],
    ],
    [
      'an event that cannot be used still reaches its lane',
      { groups: ['alpha'], id: 'no spaces' },
      [['alpha', [], 'invalid']],
    ],
  ];
  for (const [rule, options, expected] of cases) {
    it(rule, async () => assert.deepEqual((await route(options)).items, expected));
  }

  it('two networks that cover a range only together do not hold it', async () => {
    const halves = group({
      name: 'halves',
      networks: [{ network: '10.0.0.0/25' }, { network: '10.0.0.128/25' }],
    });
    const { holds } = routeTo(halves);
    assert.equal(holds(event({ sources: ['10.0.0.100-10.0.0.150'] }).sources[0]!), false);
    assert.equal(holds(event({ sources: ['10.0.0.128/25'] }).sources[0]!), true);
    await Promise.resolve();
  });

  it('counts out an event that no known group claims', async () => {
    assert.equal((await route({ groups: ['who'] })).tally.of('unknown-group'), 1);
    assert.equal((await route({ groups: undefined })).tally.of('unknown-group'), 1);
  });

  it('finds the groups by their networks where the event names none', async () => {
    assert.deepEqual((await route({ groups: undefined }, { owners: ['alpha'] })).items, [
      ['alpha', ['192.0.2.1'], undefined],
    ]);
  });

  it('takes either test events or all others', async () => {
    const test = { groups: ['alpha'], categories: ['Fraud.Phishing', 'Test'] };
    assert.equal((await route(test)).tally.of('test-data'), 1);
    assert.equal((await route(test, { testData: true })).items.length, 1);
    assert.equal((await route({ groups: ['alpha'] }, { testData: true })).tally.of('test-data'), 1);
  });
});
