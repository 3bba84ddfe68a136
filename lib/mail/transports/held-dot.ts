import { Readable, type Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import type { Source } from '../source.ts';

/**
 * A message on its way into an SMTP connection that holds its end back until every byte before it has left for the server. The end becomes
 * the final dot; so when the line breaks, {@link dotSent} says whether the server can have accepted the message (RFC 1047).
 */
export class HeldDot extends Readable {
  /** The server has asked for the message. */
  started = false;
  /** The final dot was sent, or may have been. */
  dotSent = false;
  readonly #source: Source;
  readonly #socket: () => Socket | undefined;

  constructor(source: Source, socket: () => Socket | undefined) {
    super();
    this.#source = source;
    this.#socket = socket;
  }

  // The connection reads this stream by pipe() only.
  override _read(): void {
    return;
  }

  /** Called by the connection once the server has said 354; the destination doubles leading dots and ends with the final one. */
  override pipe<T extends NodeJS.WritableStream>(destination: T): T {
    this.started = true;
    this.#feed(destination as unknown as Duplex).catch((error: unknown) => {
      this.destroy(error instanceof Error ? error : new Error(String(error)));
    });
    return destination;
  }

  async #feed(destination: Duplex): Promise<void> {
    for await (const chunk of this.#source.chunks()) {
      if (this.destroyed) return;
      if (!destination.write(chunk)) await this.#drained(destination);
    }
    const socket = this.#socket();
    if (!socket) return;
    do {
      // An empty write is done when all writes before it are.
      await new Promise<void>((resolve) => socket.write('', () => setImmediate(resolve)));
    } while (
      !this.destroyed &&
      destination.writableLength + destination.readableLength + socket.writableLength > 0
    );
    if (this.destroyed || !socket.writable) return;
    this.dotSent = true;
    destination.end();
  }

  /** Resolves when the destination has room, or the connection is closed. */
  #drained(destination: Duplex): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        destination.off('drain', done);
        this.off('close', done);
        resolve();
      };
      destination.once('drain', done);
      this.once('close', done);
      if (this.destroyed) done();
    });
  }
}
