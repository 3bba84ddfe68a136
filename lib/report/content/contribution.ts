import type { EventContent, EventSection, Value } from '../../model/event/event-content.ts';
import { SmallMap } from '../../model/small-map.ts';
import type { Instant } from '../../model/time.ts';
import type { PackedWriter } from '../../scratch/packed-values.ts';
import type { EntryPart } from '../../scratch/port.ts';
import { AVERAGE_BYTES, AVERAGE_PACKETS, Facts, packTold, type ListName, type Told } from './facts.ts';

// What one event adds to the entries of its sources: computed once, so that an event with many sources costs no more than its size.

/** Stands for a detector without a name. */
export const NO_DETECTOR = '-';
const NAME_LIMIT = 250;
/** Up to here looking through the sections is faster than an index. */
const FEW_SECTIONS = 4;
const MASK = '***';

export class Contribution implements EntryPart {
  readonly #detector: string;
  readonly #first: Instant;
  readonly #last: Instant;
  readonly #main: Told;
  readonly #sections: readonly EventSection[];
  readonly #targets: readonly EventSection[];
  /** Of several targets. */
  #target: Facts | undefined;
  #index: Map<Value, EventSection[]> | undefined;

  constructor(event: EventContent) {
    this.#detector = (event.detector ?? NO_DETECTOR).slice(0, NAME_LIMIT).toWellFormed();
    this.#first = event.first;
    this.#last = event.last;
    this.#main = mainOf(event);
    this.#sections = event.sources;
    this.#targets = event.targets;
  }

  /** Packs what is added to the entry of a source. */
  pack(out: PackedWriter, source: string): void {
    out.write(this.#first);
    out.write(this.#last - this.#first);
    out.write(this.#detector);
    packTold(out, this.#main);
    const sections = this.#sectionsOf(source);
    if (sections.length === 1) packTold(out, sections[0]!);
    else Facts.of(sections).pack(out);
    if (this.#targets.length === 1) packTold(out, this.#targets[0]!);
    else (this.#target ??= Facts.of(this.#targets)).pack(out);
  }

  /**
   * The `Source` sections that hold this address; for a source that is no address of theirs (it represents an event without one),
   * all of them.
   */
  #sectionsOf(source: string): readonly EventSection[] {
    const holding = this.#holding(source);
    return holding.length === 0 ? this.#sections : holding;
  }

  #holding(source: string): readonly EventSection[] {
    if (this.#sections.length === 1) return this.#sections;
    if (this.#sections.length <= FEW_SECTIONS)
      return this.#sections.filter((s) => s.lists.get('ips')?.includes(source));
    return (this.#index ??= indexOf(this.#sections)).get(source) ?? [];
  }
}

function indexOf(sections: readonly EventSection[]): Map<Value, EventSection[]> {
  const index = new Map<Value, EventSection[]>();
  for (const section of sections) {
    for (const ip of new Set(section.lists.get('ips'))) {
      const holding = index.get(ip);
      if (holding === undefined) index.set(ip, [section]);
      else holding.push(section);
    }
  }
  return index;
}

function mainOf(event: EventContent): Told {
  const lists = new SmallMap<readonly Value[], ListName>();
  if (event.description !== undefined) lists.set('Description', [event.description]);
  if (event.refs.length > 0) lists.set('Ref', event.refs);
  if (event.credentials.length > 0) {
    lists.set(
      'UsernameAndPassword',
      event.credentials.map((c) => (c.withPassword ? `${c.username}:${MASK}` : c.username)),
    );
  }
  return { numbers: numbersOf(event), lists };
}

function numbersOf({ counts, avgPacketSize }: EventContent): SmallMap<number> {
  const packets = counts.get('PacketCount');
  if (avgPacketSize === undefined || packets === undefined) return counts;
  const numbers = new SmallMap<number>();
  for (const [name, value] of counts) numbers.set(name, value);
  numbers.set(AVERAGE_BYTES, Math.min(avgPacketSize * packets, Number.MAX_SAFE_INTEGER));
  numbers.set(AVERAGE_PACKETS, packets);
  return numbers;
}
