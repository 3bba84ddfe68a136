import { Readable, Writable } from 'node:stream';
import { processIo } from '../../lib/system/io.ts';
import { main } from '../../lib/cli/main.ts';
import { eventLines, type FieldOptions } from '../events.ts';
import type { Work } from './work.ts';

export interface ProgramJob {
  readonly args: readonly string[];
  readonly now: number;
  /** Events that have to be read; what a run read is told in its last line. Lanes, for a run that finds no event. */
  readonly expected: { readonly events: number } | { readonly lanes: number };
  /** Events that are made as they are read, for a replay of `-`. */
  readonly stdin?: FieldOptions;
}

/** The program as it is called, from its arguments to its last line. */
export function runProgram({ args, now, expected, stdin }: ProgramJob): Work {
  return async () => {
    const [stdout, stderr] = [new Tail(), new Tail()];
    const json = 'events' in expected ? ['--output', 'json'] : [];
    const code = await main([...args, ...json], {
      ...processIo(),
      stdout,
      stderr,
      clock: () => now,
      ...(stdin === undefined ? {} : { stdin: Readable.from(eventLines(stdin)) }),
    });
    if (code !== 0) throw new Error(`the program ended with ${code}: ${stderr.text}`);
    if ('lanes' in expected) return expected.lanes;
    const { events } = JSON.parse(stdout.text.trimEnd().split('\n').at(-1)!) as {
      events: Record<string, number>;
    };
    const read = events['read'] ?? 0;
    if (read !== expected.events) throw new Error(`${read} events were read, not ${expected.events}`);
    return read;
  };
}

/** Keeps the end of what is written. */
class Tail extends Writable {
  text = '';

  constructor() {
    super({ decodeStrings: false });
  }

  override _write(text: string, _encoding: string, done: () => void): void {
    this.text = (this.text + text).slice(-10_000);
    done();
  }
}
