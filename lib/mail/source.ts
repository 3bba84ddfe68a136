/** A mail's content that remembers whether reading it failed, as opposed to writing it. May be read more than once. */
export class Source {
  /** Why the content could not be read. */
  problem: Error | undefined;
  readonly #open: () => AsyncIterable<Uint8Array>;

  constructor(open: () => AsyncIterable<Uint8Array>) {
    this.#open = open;
  }

  async *chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    const chunks = this.#open()[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await chunks.next().catch((error: unknown) => {
          this.problem = error instanceof Error ? error : new Error(String(error));
          throw this.problem;
        });
        if (next.done === true) return;
        yield next.value;
      }
    } finally {
      await chunks.return?.();
    }
  }
}
