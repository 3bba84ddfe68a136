import type { OutgoingMail } from './transport.ts';

/** A mail of known size, for servers that limit it (RFC 1870). */
export interface MeasuredMail extends OutgoingMail {
  /** Bytes. */
  readonly size: number;
}

const KEPT = 1 << 20;

/** Counts the content's bytes. Up to 1 MiB is kept, so that only bigger messages are read twice. */
export async function measure(mail: OutgoingMail): Promise<MeasuredMail> {
  let size = 0;
  let kept: Uint8Array[] = [];
  for await (const chunk of mail.content()) {
    size += chunk.length;
    if (size <= KEPT) kept.push(chunk);
    else kept = [];
  }
  return { ...mail, size, content: size <= KEPT ? () => each(kept) : () => mail.content() };
}

// eslint-disable-next-line @typescript-eslint/require-await -- an array read as what streams it
async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, undefined> {
  yield* chunks;
}
