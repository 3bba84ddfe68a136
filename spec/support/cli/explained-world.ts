import assert from 'node:assert/strict';
import type { EventFacts, LaneFacts } from '../../../lib/explain/facts.ts';
import type { RawEvent } from '../../../lib/model/event/event.ts';
import { rawEvent } from '../builders.ts';
import { makeFolder, type Folder } from '../folder.ts';
import { callProgram, type Ended } from '../program.ts';

export const FIRST = '2026-01-05T00:00:00Z';
export const at = (day: number, hour = 10) => Date.UTC(2026, 0, day, hour);
/** The beginning of a day of January 2026. */
export const iso = (day: number) => `2026-01-${String(day).padStart(2, '0')}T00:00:00Z`;
export const GROUP = 'abuse@example.org';

const FILTERS = [
  { name: 'scanner', filter: 'Source.IP4 in [192.0.2.9]' },
  { name: 'over', filter: 'Source.IP4 in [192.0.2.1]', valid_to: '2026-01-01T00:00:00Z' },
  { name: 'off', filter: 'Source.IP4 in [192.0.2.1]', enabled: false },
];
export const GROUPS = [
  { name: GROUP, networks: [{ network: '192.0.2.0/24' }], filters: FILTERS, settings: { mode: 'both' } },
  { name: 'muted@example.org', networks: [{ network: '192.0.2.0/24' }], settings: { mute: true } },
  { name: 'off@example.org', networks: [{ network: '192.0.2.0/24' }], enabled: false },
];
/** Low: told daily, quiet for six days, relapse in the last two of them. */
const EVENTS: readonly RawEvent[] = [
  rawEvent({ id: 'first', stored: at(5) }),
  rawEvent({ id: 'again', stored: at(6) }),
  rawEvent({ id: 'late', stored: at(10) }),
  rawEvent({ id: 'new', stored: at(12, 3), sources: ['192.0.2.2'] }),
  rawEvent({ id: 'filtered', stored: at(5), sources: ['192.0.2.9'] }),
  rawEvent({ id: 'outside', stored: at(5), sources: ['10.0.0.1'] }),
  rawEvent({ id: 'half', stored: at(5), sources: ['192.0.2.3', '10.0.0.1'], eventClass: 'half' }),
  rawEvent({ id: 'unknown', stored: at(5), groups: ['who@example.org', 'muted@example.org'] }),
  rawEvent({ id: 'disabled', stored: at(5), groups: ['off@example.org'] }),
  rawEvent({ id: 'odd', stored: at(5), severity: 'High' }),
  rawEvent({ id: 'test', stored: at(5), categories: ['Test'] }),
  rawEvent({ id: 'early', stored: at(4) }),
  rawEvent({
    id: 'hostile',
    stored: at(5),
    eventClass: 'a\u001b[2J',
    groups: ['\u001b[31mred', 'x'.repeat(100_000)],
  }),
];

export interface Explained {
  readonly event: EventFacts;
  readonly owners: readonly string[];
  readonly lanes: readonly LaneFacts[];
}

/** A reporter over a store of its own, and what it says of events. */
export class World {
  readonly folder: Folder = makeFolder();

  constructor(config: object = {}) {
    this.configure(config);
  }

  configure(config: object): void {
    this.folder.write('etc/mentat/mentat-reporter.conf', JSON.stringify({ log_level: 'error', ...config }));
  }

  call(args: readonly string[], now: number, stdin = ''): Promise<Ended> {
    return callProgram(args, { now, stdin, environment: { APP_ROOT_PATH: this.folder.path } });
  }

  async fill(groups: readonly object[] = GROUPS, events: readonly RawEvent[] = EVENTS): Promise<void> {
    await this.import('groups', groups);
    // Events that nobody could be told of are imported with a warning.
    await this.import('events', events);
  }

  async import(what: 'groups' | 'events', values: readonly unknown[]): Promise<void> {
    const stdin = values.map((value) => JSON.stringify(value)).join('\n');
    const { code, stderr } = await this.call(['--action', `${what}-import`], at(5), stdin);
    assert.equal(code, 0, stderr);
  }

  /** Scheduled runs at the beginning of these days. */
  async run(...days: number[]): Promise<void> {
    for (const day of days) {
      const { code, stderr } = await this.call(['--regular', '--time-low', FIRST], Date.parse(iso(day)));
      assert.equal(code, 0, stderr);
    }
  }

  async explain(id: string, day: number): Promise<Explained> {
    const args = ['--action', 'event-explain', '--output', 'json', '--input', id];
    const { code, objects, stderr } = await this.call(args, Date.parse(iso(day)));
    assert.deepEqual([code, stderr], [0, '']);
    const [found, ...more] = objects() as unknown as Explained[];
    assert.deepEqual(more, []);
    return found!;
  }

  /** What it says of the only lane. */
  async lane(id: string, day: number): Promise<LaneFacts> {
    const { lanes } = await this.explain(id, day);
    assert.equal(lanes.length, 1);
    return lanes[0]!;
  }
}
