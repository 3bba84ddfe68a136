import { Readable, Writable } from 'node:stream';
import type { EndSignal, Io } from '../../lib/system/io.ts';
import { main } from '../../lib/cli/main.ts';
import type { Instant } from '../../lib/model/time.ts';

/** What a call of the program came to. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The lines of stdout as JSON. */
  readonly objects: () => Record<string, unknown>[];
}

export interface Call {
  readonly stdin?: string | Buffer;
  readonly environment?: Readonly<Record<string, string>>;
  readonly now?: Instant;
  /** The byte that secrets of new stores consist of. */
  readonly secret?: number;
  /** Asked once in a run, after its setup: a place to do something in between. */
  readonly random?: () => number;
  /** Comes as soon as it is listened for: while the program is still loading. */
  readonly signal?: EndSignal;
}

/** Calls the program in this process, with streams and a clock of its own. */
export async function callProgram(
  args: readonly string[],
  { stdin = '', environment = {}, now = 0, random = Math.random, secret = 7, signal }: Call = {},
): Promise<Ended> {
  const [stdout, stderr] = [sink(), sink()];
  const io: Io = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    environment,
    clock: () => now,
    // The names of runs depend on it, and have to differ.
    random,
    randomBytes: (bytes) => new Uint8Array(bytes).fill(secret),
    onSignal: (listener) => {
      if (signal !== undefined) listener(signal);
      return () => undefined;
    },
    onCrash: () => () => undefined,
    end: () => undefined,
  };
  const code = await main(args, io);
  const printed = stdout.text();
  const objects = () =>
    printed
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, stdout: printed, stderr: stderr.text(), objects };
}

function sink(): { stream: Io['stdout']; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  return { stream: stream, text: () => Buffer.concat(chunks).toString() };
}
