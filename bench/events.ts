import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { formatIPv4 } from '../lib/model/address.ts';

/** A repeatable source of numbers in [0, 1): the same seed, the same events (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface FieldOptions {
  readonly events: number;
  readonly groups: number;
  /** Distinct source addresses over all groups. */
  readonly sources: number;
  /** Events are stored evenly over `[from, to)`, ms. */
  readonly from: number;
  readonly to: number;
  readonly seed?: number;
}

const KINDS = [
  ['recon-scanning', 'Recon.Scanning', 'Horizontal port scan', [445, 23, 22]],
  ['attempt-login-ssh', 'Attempt.Login', 'Password guessing on SSH', [22]],
  ['attempt-exploit', 'Attempt.Exploit', 'Exploit attempt against a web application', [80, 443, 8080]],
  ['abusive-spam-spammer', 'Abusive.Spam', 'Unsolicited bulk mail', [25, 587]],
  ['intrusion-botnet-bot', 'Intrusion.Botnet', 'Connection to a command server', [6667, 443]],
] as const;
const DETECTORS = [
  'net.example.probe.north',
  'net.example.probe.south',
  'org.example.cowrie',
  'com.example.spamtrap',
];

export function groupName(index: number): string {
  return `abuse@group${index}.example`;
}

/** First address of the /16 that belongs to a group. */
function base(group: number): number {
  return (10 << 24) + (group << 16);
}

/** Groups whose networks hold the sources of {@link fieldEvents}. */
export function fieldGroups(groups: number): { name: string; networks: { network: string }[] }[] {
  return Array.from({ length: groups }, (_, i) => ({
    name: groupName(i),
    networks: [{ network: `${formatIPv4(base(i))}/16` }],
  }));
}

/**
 * Events as the field has them, about 0.7 kB each: several kinds and detectors, one to three sources, sources skewed so that few of them
 * cause most events. Low severity, in order of storage time.
 */
export function* fieldEvents({
  events,
  groups,
  sources,
  from,
  to,
  seed = 1,
}: FieldOptions): Generator<string> {
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const perGroup = Math.max(1, Math.floor(sources / groups));
  for (let i = 0; i < events; i++) {
    const group = Math.floor(random() * groups);
    const [eventClass, category, description, ports] = pick(KINDS);
    const stored = Math.floor(from + ((to - from) * i) / events);
    const time = (before: number) => new Date(stored - before).toISOString();
    const many = random() < 0.1 ? 2 + Math.floor(random() * 2) : 1;
    const addresses = Array.from({ length: many }, () =>
      formatIPv4(base(group) + Math.floor(random() ** 3 * perGroup)),
    );
    yield JSON.stringify({
      Format: 'IDEA0',
      ID: createHash('md5').update(`${seed}/${i}`).digest('hex'),
      CreateTime: time(500),
      DetectTime: time(2000),
      EventTime: time(300_000),
      CeaseTime: time(10_000),
      Category: [category],
      Description: description,
      FlowCount: Math.floor(random() * 2000),
      PacketCount: Math.floor(random() * 4000),
      ByteCount: Math.floor(random() * 200_000),
      Source: [
        { IP4: [...new Set(addresses)], Proto: ['tcp'], Port: [1024 + Math.floor(random() * 60_000)] },
      ],
      Target: [
        {
          IP4: [formatIPv4(0xc0000200 + Math.floor(random() * 256))],
          Port: [pick(ports)],
          Proto: ['tcp'],
          Anonymised: true,
        },
      ],
      Node: [
        { Name: 'net.example.relay', Type: ['Relay'] },
        { Name: pick(DETECTORS), Type: ['Flow', 'Statistical'], SW: ['Nemea', 'hoststats'] },
      ],
      _CESNET: {
        StorageTime: time(0),
        ResolvedAbuses: [groupName(group)],
        EventClass: eventClass,
        EventSeverity: 'low',
        SourceResolvedASN: [64500],
        SourceResolvedCountry: ['CZ'],
      },
    });
  }
}

/** Writes events as JSON lines, no faster than the medium takes them. */
export async function writeEvents(path: string, options: FieldOptions): Promise<void> {
  const file = createWriteStream(path, { highWaterMark: 1 << 20 });
  let block = '';
  for (const line of fieldEvents(options)) {
    block += `${line}\n`;
    if (block.length < 1 << 18) continue;
    if (!file.write(block)) await once(file, 'drain');
    block = '';
  }
  file.end(block);
  await finished(file);
}
