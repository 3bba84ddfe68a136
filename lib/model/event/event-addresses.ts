import { parseEventAddress } from '../network/address.ts';
import type { Source } from './event.ts';

/** The addresses under `Source[].IP4` and `Source[].IP6` of an event. */
export interface EventAddresses {
  /** In order, each normalised text once. */
  readonly sources: readonly Source[];
  /** Texts that are no addresses, each once. */
  readonly unreadable: readonly string[];
}

const NONE: readonly string[] = [];

export class AddressCollector {
  readonly #sources = new Map<string, Source>();
  #unreadable: Set<string> | undefined;

  add(text: string, family: 4 | 6): void {
    const range = parseEventAddress(text, family);
    if (range === undefined) (this.#unreadable ??= new Set()).add(text);
    else if (!this.#sources.has(range.text)) this.#sources.set(range.text, { text: range.text, range });
  }

  get addresses(): EventAddresses {
    const unreadable = this.#unreadable === undefined ? NONE : [...this.#unreadable];
    return { sources: [...this.#sources.values()], unreadable };
  }
}
