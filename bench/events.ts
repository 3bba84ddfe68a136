import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { formatIPv4, parseAddress } from '../lib/model/network/address.ts';
import type { Severity } from '../lib/model/severity.ts';

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
  /** Share of the events all of whose sources come out of the known half of their group: those that thresholds are set for. Default 0. */
  readonly known?: number;
  /** Distinct sources of one lane (group 0, severity low) that gets half of all events, two sources each; default: there is none. */
  readonly worst?: number;
  readonly seed?: number;
}

/** An event with what a case has to know of it. */
export interface FieldEvent {
  readonly event: Readonly<Record<string, unknown>> & { readonly ID: string };
  readonly group: number;
  readonly severity: Severity;
  readonly eventClass: string;
  readonly sources: readonly string[];
  readonly known: boolean;
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
/** Of a hundred events. */
const LOW = 60;
const MEDIUM = 25;
const HIGH = 12;
/** Of a hundred addresses. */
const IPV6 = 3;

export function groupName(index: number): string {
  return `abuse@group${index}.example`;
}

/** First address of the /16 that belongs to a group. */
function base(group: number): number {
  return (10 << 24) + (group << 16);
}

/** First address of the /8 out of which the sources of the worst lane come. */
const WORST = 200 * 2 ** 24;

/** Groups whose networks hold the sources of {@link fieldEvents}. */
export function fieldGroups(groups: number): { name: string; networks: { network: string }[] }[] {
  return Array.from({ length: groups }, (_, i) => ({
    name: groupName(i),
    networks: [
      { network: `${formatIPv4(base(i))}/16` },
      { network: `2001:db8:${i.toString(16)}::/48` },
      ...(i === 0 ? [{ network: `${formatIPv4(WORST)}/8` }] : []),
    ],
  }));
}

/**
 * Events as the field has them, about 0.7 kB each: several kinds and detectors, one to five sources, some of them IPv6; groups and sources
 * skewed so that few of them cause most events. In order of storage time.
 */
export function* fieldEvents(options: FieldOptions): Generator<FieldEvent> {
  const { events, groups, sources, from, to, known = 0, worst, seed = 1 } = options;
  const random = seeded(seed);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const half = Math.max(1, Math.floor(sources / groups / 2));
  for (let i = 0; i < events; i++) {
    const isWorst = worst !== undefined && i % 2 === 0;
    const group = isWorst ? 0 : Math.floor(random() ** 2 * groups);
    const severity = isWorst ? 'low' : severityOf(random() * 100);
    // A source of the worst lane is always of one class, and either known or not, so that there are as many keys as sources.
    const pair = isWorst ? (i / 2) % Math.ceil(worst / 2) : 0;
    const isKnown = isWorst ? (pair % 100) / 100 < known : random() < known;
    const [eventClass, category, description, ports] = isWorst ? KINDS[pair % KINDS.length]! : pick(KINDS);
    const address = (_: unknown, nth: number): string => {
      if (isWorst) return formatIPv4(WORST + 2 * pair + nth);
      const place = Math.floor(random() ** 3 * half) + (isKnown ? 0 : half);
      return random() * 100 < IPV6
        ? parseAddress(`2001:db8:${group.toString(16)}::${place.toString(16)}`)!.text
        : formatIPv4(base(group) + place);
    };
    const many = isWorst ? 2 : random() < 0.1 ? 2 + Math.floor(random() * 4) : 1;
    const addresses = [...new Set(Array.from({ length: many }, address))];
    const stored = Math.floor(from + ((to - from) * i) / events);
    const time = (before: number) => new Date(stored - before).toISOString();
    const id = createHash('md5').update(`${seed}/${i}`).digest('hex');
    const event = {
      Format: 'IDEA0',
      ID: `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`,
      CreateTime: time(500),
      DetectTime: time(2000),
      EventTime: time(300_000),
      CeaseTime: time(10_000),
      Category: [category],
      Description: description,
      FlowCount: Math.floor(random() * 2000),
      PacketCount: Math.floor(random() * 4000),
      ByteCount: Math.floor(random() * 200_000),
      Source: [{ ...byFamily(addresses), Proto: ['tcp'], Port: [1024 + Math.floor(random() * 60_000)] }],
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
        EventSeverity: severity,
        SourceResolvedASN: [64500],
        SourceResolvedCountry: ['CZ'],
      },
    };
    yield { event, group, severity, eventClass, sources: addresses, known: isKnown };
  }
}

function severityOf(percent: number): Severity {
  if (percent < LOW) return 'low';
  if (percent < LOW + MEDIUM) return 'medium';
  return percent < LOW + MEDIUM + HIGH ? 'high' : 'critical';
}

function byFamily(addresses: readonly string[]): { IP4?: string[]; IP6?: string[] } {
  const [ip4, ip6] = [addresses.filter((a) => !a.includes(':')), addresses.filter((a) => a.includes(':'))];
  return { ...(ip4.length > 0 ? { IP4: ip4 } : {}), ...(ip6.length > 0 ? { IP6: ip6 } : {}) };
}

const BLOCK = 1 << 16;

/** Events as JSON lines, many lines a block. */
export function* eventLines(options: FieldOptions): Generator<Buffer> {
  let block = '';
  for (const { event } of fieldEvents(options)) {
    block += `${JSON.stringify(event)}\n`;
    if (block.length < BLOCK) continue;
    yield Buffer.from(block);
    block = '';
  }
  yield Buffer.from(block);
}

/** Writes events as JSON lines, no faster than the medium takes them. */
export async function writeEvents(path: string, options: FieldOptions): Promise<void> {
  await pipeline(Readable.from(eventLines(options)), createWriteStream(path));
}
