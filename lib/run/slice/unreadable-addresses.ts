import type { Log } from '../ports.ts';
import type { EventView } from '../../model/event/event.ts';
import { formatCount } from '../../model/text/format.ts';
import { showValue } from '../../model/user-error.ts';

/** Texts that are logged one by one. */
const MAX_NAMED = 20;
/** Different texts that are told apart: about 10 MB. */
const MAX_KNOWN = 100_000;

/** Logs each text in place of an address once in a run: the first 20 with an event, the rest as a number. */
export class UnreadableAddresses {
  readonly #log: Log;
  readonly #known = new Set<string>();

  constructor(log: Log) {
    this.#log = log;
  }

  add({ id, unreadable }: EventView): void {
    for (const text of unreadable) {
      if (this.#known.has(text) || this.#known.size >= MAX_KNOWN) continue;
      this.#known.add(text);
      if (this.#known.size <= MAX_NAMED)
        this.#log.warning(
          `event ${id}: ${showValue(text)} cannot be read as an address of its source, which is left out`,
        );
    }
  }

  /** Logs how many more texts there were. */
  finish(): void {
    const more = this.#known.size - MAX_NAMED;
    if (more > 0)
      this.#log.warning(`${formatCount(more, 'more text')} could not be read as addresses of sources`);
  }
}
