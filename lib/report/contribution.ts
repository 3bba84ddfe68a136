import type { CleanEvent, CleanSection, Value } from '../model/clean.ts';
import { Names } from '../model/names.ts';
import type { Instant } from '../model/time.ts';
import type { PackedWriter } from '../scratch/packed.ts';
import { AVERAGE_BYTES, AVERAGE_PACKETS, Facts, type ListName } from './facts.ts';

// What one event adds to the entries of its sources: worked out once, so that an event with many sources costs no more than its size.

/** Stands for a detector without a name. */
export const NO_DETECTOR = '-';
const NAME_LIMIT = 250;
/** Up to here looking through the sections is faster than an index. */
const FEW_SECTIONS = 4;
const MASK = '***';

export class Contribution {
  readonly #detector: string;
  readonly #first: Instant;
  readonly #last: Instant;
  readonly #main: Facts;
  readonly #target: Facts;
  readonly #sections: readonly CleanSection[];
  readonly #facts = new Map<CleanSection, Facts>();
  #index: Map<Value, CleanSection[]> | undefined;

  constructor(event: CleanEvent) {
    this.#detector = (event.detector ?? NO_DETECTOR).slice(0, NAME_LIMIT).toWellFormed();
    this.#first = event.first;
    this.#last = event.last;
    this.#main = mainFacts(event);
    this.#target = union(event.targets.map(sectionFacts));
    this.#sections = event.sources;
  }

  /** Packs what is added to the entry of a source. */
  pack(out: PackedWriter, source: string): void {
    out.put(this.#first);
    out.put(this.#last - this.#first);
    out.put(this.#detector);
    this.#main.pack(out);
    this.#source(source).pack(out);
    this.#target.pack(out);
  }

  /**
   * The `Source` sections that hold this address; for a source that is no address of theirs (it stands for an event without one),
   * all of them.
   */
  #source(source: string): Facts {
    const holding = this.#holding(source);
    return union((holding.length === 0 ? this.#sections : holding).map((s) => this.#factsOf(s)));
  }

  #holding(source: string): readonly CleanSection[] {
    if (this.#sections.length === 1) return this.#sections;
    if (this.#sections.length <= FEW_SECTIONS)
      return this.#sections.filter((s) => s.lists.get('ips')?.includes(source));
    return (this.#index ??= indexOf(this.#sections)).get(source) ?? [];
  }

  #factsOf(section: CleanSection): Facts {
    let facts = this.#facts.get(section);
    if (facts === undefined) this.#facts.set(section, (facts = sectionFacts(section)));
    return facts;
  }
}

function indexOf(sections: readonly CleanSection[]): Map<Value, CleanSection[]> {
  const index = new Map<Value, CleanSection[]>();
  for (const section of sections) {
    for (const ip of new Set(section.lists.get('ips'))) {
      const holding = index.get(ip);
      if (holding === undefined) index.set(ip, [section]);
      else holding.push(section);
    }
  }
  return index;
}

function mainFacts(event: CleanEvent): Facts {
  const lists = new Names<readonly Value[], ListName>();
  if (event.description !== undefined) lists.set('Description', [event.description]);
  if (event.refs.length > 0) lists.set('Ref', event.refs);
  if (event.credentials.length > 0) {
    lists.set(
      'UsernameAndPassword',
      event.credentials.map((c) => (c.withPassword ? `${c.username}:${MASK}` : c.username)),
    );
  }
  const facts = Facts.of(event.counts, lists);
  const packets = event.counts.get('PacketCount');
  if (event.avgPacketSize !== undefined && packets !== undefined) {
    facts.add(AVERAGE_BYTES, Math.min(event.avgPacketSize * packets, Number.MAX_SAFE_INTEGER));
    facts.add(AVERAGE_PACKETS, packets);
  }
  return facts;
}

function sectionFacts(section: CleanSection): Facts {
  return Facts.of(section.numbers, section.lists);
}

/** One is handed on as it is: nobody changes it. */
function union(facts: readonly Facts[]): Facts {
  if (facts.length === 1) return facts[0]!;
  const all = new Facts();
  for (const one of facts) all.absorb(one);
  return all;
}
