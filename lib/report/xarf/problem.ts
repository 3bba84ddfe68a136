import {
  readEventContent,
  type EventContent,
  type EventSection,
  type SectionList,
} from '../../model/event/event-content.ts';
import type { RawEvent } from '../../model/event/event.ts';
import type { Instant } from '../../model/time.ts';
import type { ScratchEvent } from '../../scratch/port.ts';
import { exportText } from '../files/export-json.ts';
import { uriOf } from './uri.ts';

/** Events that stand as evidence, and the bytes they may come to. */
const EVIDENCE_EVENTS = 20;
const EVIDENCE_BYTES = 64 * 1024;
/** Values of one kind that are kept. */
const VALUES = 50;
const CVE = /CVE-\d{4}-\d{4,7}(?!\d)/gi;

/** What an X-ARF document needs to know of one class of events of one source: gathered event by event, in bounded memory. */
export class Problem {
  readonly eventClass: string;
  readonly source: string;
  /** Of the first event. */
  categories: readonly string[] = [];
  events = 0;
  first: Instant = Infinity;
  last: Instant = -Infinity;
  connections = 0;
  /** When the event took place that is named as an example: the latest one with a port, which is what finds a customer behind a shared address. */
  at: Instant = -Infinity;
  sourcePort: number | undefined;
  targetIp: string | undefined;
  targetPort: number | undefined;
  url: string | undefined;
  email: string | undefined;
  service: string | undefined;
  readonly protocols = new Set<string>();
  readonly cves = new Set<string>();
  readonly detectors = new Set<string>();
  readonly evidence: string[] = [];
  #room = EVIDENCE_BYTES;

  constructor(eventClass: string, source: string) {
    this.eventClass = eventClass;
    this.source = source;
  }

  add({ body }: ScratchEvent): void {
    const event = readEventContent(JSON.parse(body) as RawEvent);
    const own = event.sources.filter((section) => section.lists.get('ips')?.includes(this.source) ?? false);
    // A source that is no address represents the whole event.
    const sources = own.length === 0 ? event.sources : own;
    if (this.events++ === 0) this.categories = event.categories;
    this.first = Math.min(this.first, event.first);
    this.last = Math.max(this.last, event.last);
    this.connections += event.counts.get('ConnCount') ?? 0;
    this.#example(event, sources);
    keep(this.protocols, [...textsOf(sources, 'Proto'), ...textsOf(event.targets, 'Proto')]);
    keep(
      this.cves,
      textsOf([...sources, ...event.targets], 'Ref')
        .concat(event.refs)
        .flatMap(cvesIn),
    );
    if (event.detector !== undefined) keep(this.detectors, [event.detector]);
    this.url ??= firstOf(textsOf([...sources, ...event.targets], 'URL'), uriOf);
    this.email ??= firstOf(textsOf(sources, 'Email'), emailOf);
    this.service ??= textsOf(sources, 'services')[0];
    this.#keepEvidence(body);
  }

  /** Time, ports and target belong together: they are those of one event. */
  #example(event: EventContent, sources: readonly EventSection[]): void {
    const port = portOf(sources);
    const better =
      (port !== undefined) === (this.sourcePort !== undefined) ? event.last >= this.at : port !== undefined;
    if (!better) return;
    this.at = event.last;
    this.sourcePort = port;
    this.targetIp = textsOf(event.targets, 'ips').find((ip) => !/[/-]/.test(ip));
    this.targetPort = portOf(event.targets);
  }

  #keepEvidence(body: string): void {
    if (this.evidence.length >= EVIDENCE_EVENTS) return;
    const text = exportText(body);
    this.#room -= Buffer.byteLength(text) + 2;
    if (this.#room >= 0) this.evidence.push(text);
  }
}

function textsOf(sections: readonly EventSection[], list: SectionList): string[] {
  return sections.flatMap((section) => (section.lists.get(list) ?? []).map(String));
}

function portOf(sections: readonly EventSection[]): number | undefined {
  return sections
    .flatMap((section) => section.lists.get('Port') ?? [])
    .find((port): port is number => typeof port === 'number' && port > 0);
}

function keep(set: Set<string>, values: readonly string[]): void {
  for (const value of values) if (set.size < VALUES) set.add(value);
}

function firstOf(texts: readonly string[], read: (text: string) => string | undefined): string | undefined {
  for (const text of texts) {
    const value = read(text);
    if (value !== undefined) return value;
  }
  return undefined;
}

function cvesIn(text: string): string[] {
  return [...text.matchAll(CVE)].map(([cve]) => cve.toUpperCase());
}

/** A plain address; senders write all sorts of things. */
function emailOf(text: string): string | undefined {
  const address = text.replace(/^<|>$/g, '');
  return /^[a-z0-9]+(?:[._+-][a-z0-9]+)*@[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9]+(?:-[a-z0-9]+)*)+$/i.test(
    address,
  ) && address.length <= 254
    ? address
    : undefined;
}
