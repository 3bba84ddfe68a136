import { Readable } from 'node:stream';
import { chainUnchecked } from 'stream-chain';

/** Feeds an array through a stage, as the pipeline would, and returns what came out, what it flushed at the end included. */
export async function through<Out>(
  stage: (...args: never[]) => unknown,
  inputs: readonly unknown[],
): Promise<Out[]> {
  const found: Out[] = [];
  for await (const out of chainUnchecked<never, Out>([Readable.from(inputs), stage])) found.push(out);
  return found;
}
