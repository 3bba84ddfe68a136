import { byCodePoint } from '../../model/event/object-view.ts';
import { PARTS, type Part, type PlacedEntry } from '../../model/report.ts';

// Which entries a page shows, when there are more than a page should be made of.

/** Entries on one page, and the characters of JSON they may come to. */
export const PAGE_ENTRIES = 5_000;
const PAGE_LENGTH = 8_000_000;

/** One event class of a part: what is shown of it, and how much there is in all. */
export interface ShownClass {
  readonly name: string;
  events: number;
  sources: number;
  /** In the order they came: by source. */
  readonly entries: PlacedEntry[];
}

export interface ShownEntries {
  /** Parts without entries are missing. */
  readonly parts: readonly { readonly part: Part; readonly classes: readonly ShownClass[] }[];
  readonly shown: number;
  readonly total: number;
}

/**
 * Gathers entries one by one; those with most events stay when there are too many. Holds twice as many as a page shows at most, whatever
 * number comes.
 */
export class PageEntries {
  readonly #classes: Record<Part, Map<string, { events: number; sources: number }>> = {
    regular: new Map(),
    relapsed: new Map(),
  };
  #held: { placed: PlacedEntry; length: number; number: number }[] = [];
  #length = 0;
  #total = 0;

  add(placed: PlacedEntry): void {
    const { part, class: name, entry } = placed;
    let sum = this.#classes[part].get(name);
    if (sum === undefined) this.#classes[part].set(name, (sum = { events: 0, sources: 0 }));
    sum.events += entry.event_count;
    sum.sources++;
    const length = JSON.stringify(placed).length;
    this.#held.push({ placed, length, number: this.#total++ });
    this.#length += length;
    if (this.#held.length > 2 * PAGE_ENTRIES || this.#length > 2 * PAGE_LENGTH) this.#cut();
  }

  /** Those with fewest events go, of as many the later ones. */
  #cut(): void {
    this.#held.sort((a, b) => b.placed.entry.event_count - a.placed.entry.event_count || a.number - b.number);
    let count = 0;
    this.#length = 0;
    for (const { length } of this.#held) {
      if (count === PAGE_ENTRIES || (count > 0 && this.#length + length > PAGE_LENGTH)) break;
      count++;
      this.#length += length;
    }
    this.#held.length = count;
  }

  result(): ShownEntries {
    this.#cut();
    const held = [...this.#held].sort((a, b) => a.number - b.number);
    const parts = PARTS.map((part) => {
      const classes = new Map<string, ShownClass>();
      for (const [name, sum] of this.#classes[part]) classes.set(name, { name, ...sum, entries: [] });
      for (const { placed } of held)
        if (placed.part === part) classes.get(placed.class)!.entries.push(placed);
      return { part, classes: [...classes.values()].sort((a, b) => byCodePoint(a.name, b.name)) };
    });
    return {
      parts: parts.filter(({ classes }) => classes.length > 0),
      shown: held.length,
      total: this.#total,
    };
  }
}
