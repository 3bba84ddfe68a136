import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type { Work } from './work.ts';

export interface BareReplay {
  readonly file: string;
}

/** What readline and JSON.parse take for a file. */
export function readBare({ file }: BareReplay): Work {
  return async () => {
    let count = 0;
    for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Infinity }))
      if ('ID' in (JSON.parse(line) as object)) count++;
    return count;
  };
}
