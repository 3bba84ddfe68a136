import { formatCount } from '../../model/text/format.ts';
import { createHash } from 'node:crypto';
import { v5 as uuid } from 'uuid';
import type { Severity } from '../../model/severity.ts';
import { formatInstant } from '../../model/time.ts';
import type { ScratchEvent } from '../../scratch/port.ts';
import type { Catalogue } from '../render/catalogue.ts';
import type { Document } from '../files/files.ts';
import { cutText, oneLine } from '../render/plain.ts';
import { Problem } from './problem.ts';
import type { TypeMap } from './type-map.ts';
import { TYPES } from './types.ts';

/** An organisation as X-ARF names it; its domain is that of the contact. */
export interface XarfContact {
  readonly org: string;
  /** A mail address. */
  readonly contact: string;
  readonly domain: string;
}

export interface XarfParties {
  /** Who complains. */
  readonly reporter: XarfContact;
  /** Who sends the complaint. */
  readonly sender: XarfContact;
}

export interface XarfOrder {
  readonly label: string;
  readonly severity: Severity;
  readonly source: string;
  readonly parties: XarfParties;
  readonly types: TypeMap;
  readonly catalogue: Catalogue;
  /** The source's events. */
  readonly events: Iterable<ScratchEvent>;
}

const VERSION = '4.2.0';
export interface XarfDocuments {
  readonly documents: readonly Document[];
  /** Classes that got none. */
  readonly leftOut: number;
}

/** Of the names that report IDs are made from. */
const NAMESPACE = '5f0a6b54-9c43-4c0b-8f5e-3d5b0f4a8a51';
/** Documents of one report: one a class, those that were seen first. */
export const MOST_DOCUMENTS = 50;
const DESCRIPTION = 900;
const TAG = 60;

/**
 * One X-ARF v4 document per class of events of a source, valid against the published schema (v4.2.0). The first 50 classes get one;
 * `leftOut` is how many more there are. None of events without a source. The same report gives the same bytes.
 */
export function xarfDocuments(order: XarfOrder): XarfDocuments {
  const problems = new Map<string, Problem>();
  const others = new Set<string>();
  if (order.source === '-') return { documents: [], leftOut: 0 };
  for (const event of order.events) {
    let problem = problems.get(event.eventClass);
    if (problem === undefined && problems.size < MOST_DOCUMENTS)
      problems.set(event.eventClass, (problem = new Problem(event.eventClass, order.source)));
    if (problem === undefined) others.add(event.eventClass);
    else problem.add(event);
  }
  const documents = [...problems.values()].map((problem, i): Document => {
    // A single document bears the name that programs look for; several are numbered, as class names are no file names.
    const suffix = problems.size === 1 ? '.xarf.json' : `.${i + 1}.xarf.json`;
    const text = `${JSON.stringify(documentOf(problem, order), null, 2)}\n`;
    return { suffix, kind: 'xarf', events: problem.events, text };
  });
  return { documents, leftOut: others.size };
}

function documentOf(problem: Problem, order: XarfOrder): Record<string, unknown> {
  const { label, severity, source, parties, catalogue } = order;
  const heading = catalogue.find(problem.eventClass)?.label['en'] ?? problem.eventClass;
  const count = `${problem.events} ${problem.events === 1 ? 'event' : 'events'}`;
  return {
    xarf_version: VERSION,
    report_id: uuid(JSON.stringify([label, problem.eventClass]), NAMESPACE),
    timestamp: formatInstant(problem.at),
    reporter: parties.reporter,
    sender: parties.sender,
    source_identifier: source,
    ...(problem.sourcePort === undefined ? {} : { source_port: problem.sourcePort }),
    ...typed(problem, order.types),
    description: cutText(`${oneLine(heading)}: ${count}, report ${label}`, DESCRIPTION),
    tags: [`severity:${severity}`, ...tagOf(problem.eventClass)],
    ...evidenceOf(problem),
  };
}

function typed(problem: Problem, types: TypeMap): Record<string, unknown> {
  for (const { category, type, assume } of types.typesOf(problem.eventClass, problem.categories)) {
    const members = TYPES[`${category}/${type}`]!(problem, assume ?? {});
    if (members !== undefined) return { category, type, ...members };
  }
  throw new Error('the fallback of X-ARF types asks for something');
}

/** The first events, as they are in the attached data. */
function evidenceOf({ evidence, events }: Problem): Record<string, unknown> {
  if (evidence.length === 0) return {};
  const payload = Buffer.from(`[${evidence.join(',\n')}]\n`);
  const hash = `sha256:${createHash('sha256').update(payload).digest('hex')}`;
  const description = `${evidence.length} of ${formatCount(events, 'event')} as IDEA0 in JSON`;
  return {
    evidence: [
      {
        content_type: 'application/json',
        description,
        payload: payload.toString('base64'),
        hash,
        size: payload.length,
      },
    ],
  };
}

function tagOf(eventClass: string): string[] {
  const name = eventClass
    .toLowerCase()
    .replace(/[^a-z0-9_+-]+/g, '-')
    .replace(/^[^a-z0-9]+/, '')
    .slice(0, TAG);
  return name === '' ? [] : [`class:${name}`];
}
